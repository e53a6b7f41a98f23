from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.suggesting import FreeAddressForm, SuggestionSerializer, suggestion_shape
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.permissions import allows
from apps.users import choices


class AddressSuggestionsView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.RETURNS, choices.Role.Level.READ)]

    @operation(
        "Split an address into fields", form=FreeAddressForm, shows={200: SuggestionSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """A suggestion that a person confirms; nothing is kept."""
        store = self.store(slug)
        return self.show(suggestion_shape(store, self.judge(FreeAddressForm)))
