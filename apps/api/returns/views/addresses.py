from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.suggesting import FreeAddressForm, SuggestionSerializer, suggestion_shape
from apps.api.returns import limits
from apps.api.returns.base import PortalView
from apps.api.returns.limits import TooManyTries


class AddressSuggestionsView(PortalView):
    @operation(
        "Split an address into fields",
        form=FreeAddressForm,
        shows={200: SuggestionSerializer},
        refusals=[TooManyTries],
    )
    def post(self, request: Request, slug: str) -> Response:
        """A suggestion that the shopper confirms; nothing is kept. At most 30 an hour for an
        order."""
        free = self.judge(FreeAddressForm)
        limits.spend(limits.addresses(self.order.pk))
        return self.show(suggestion_shape(self.store, free))
