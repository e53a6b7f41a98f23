"""The card that a merchant's invoices are charged to."""

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.merchants.billing_serializers import BillingCardPageSerializer, BillingCardSerializer
from apps.api.merchants.forms.billing import CardForm
from apps.api.merchants.money import MoneyView
from apps.api.merchants.permissions import SecondFactorToChange, allows
from apps.api.merchants.shapes.billing import card_shape
from apps.billing import services
from apps.billing.models import MerchantCard
from apps.billing.services.cards import OtherConsent
from apps.billing.services.paying import NotPayableOnline
from apps.core import clock
from apps.payments.services.recovering import NoPlatformAccount
from apps.users import choices as users


class CardView(MoneyView):
    permission_classes = [allows(users.Role.Area.BILLING), SecondFactorToChange]

    @operation("Read the card of the invoices", shows={200: BillingCardSerializer})
    def get(self, request: Request) -> Response:
        """The card that is charged, and the words to agree to before one is saved."""
        version, text = services.consent_of(self.merchant)
        card = MerchantCard.objects.for_merchant(self.merchant).ready().first()
        shown = None if card is None else card_shape(card)
        return self.show({"card": shown, "consent": {"version": version, "text": text}})

    @operation(
        "Open a page to save a card on",
        form=CardForm,
        shows={200: BillingCardPageSerializer},
        refusals=[OtherConsent, NotPayableOnline, NoPlatformAccount],
    )
    def post(self, request: Request) -> Response:
        """Sent, it agrees to the words of that version. The card pays once it is given there; the
        one before serves until then."""
        version = self.judge(CardForm).version
        card = services.open_card_page(self.merchant, version, self.user, clock.now())
        return self.show({"url": card.url, "until": card.link_until})

    @operation("Remove the card of the invoices", shows={204: None})
    def delete(self, request: Request) -> Response:
        """Nothing more is charged; the next invoices are paid by bank transfer."""
        services.drop_card(self.merchant)
        return self.show()
