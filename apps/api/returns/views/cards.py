"""The card of an instant offer: agreed to, given on a page of Stripe's, and looked at."""

from uuid import UUID

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.returns.base import PortalView
from apps.api.returns.card_serializers import CardSerializer
from apps.api.returns.cards import start_card
from apps.api.returns.forms.cards import CardForm
from apps.api.returns.language import LanguageQuery
from apps.api.returns.shapes.cards import card_shape
from apps.core import clock
from apps.orders.models import Quote
from apps.orders.services.granting import ConsentRequired, InstantNotOffered
from apps.orders.services.opening import QuoteExpired
from apps.payments.gateways.stripe.models import PaymentMethodToken
from apps.payments.services.recovering import NoPlatformAccount


class CardView(PortalView):
    def quote(self, id: UUID) -> Quote:
        quotes = Quote.objects.for_store(self.store).filter(order_id=self.session.order_id)
        return self.find(quotes.select_related("order"), pk=id)

    @operation(
        "Give a card for an instant refund",
        form=CardForm,
        query=LanguageQuery,
        shows={200: CardSerializer},
        refusals=[ConsentRequired, InstantNotOffered, NoPlatformAccount, QuoteExpired],
    )
    def post(self, request: Request, slug: str, id: UUID) -> Response:
        """Consent to the words of the option's offer comes first; then `url` is where the card is
        given. Called again when the shopper is back from there, the card is asked about at once.
        The return that is opened from the quote keeps it."""
        self.judge_query(LanguageQuery)
        quote = self.quote(id)
        wanted = self.judge(CardForm)
        card = start_card(quote, wanted, self.language, clock.now())
        return self.show(card_shape(card))

    @operation("Read the card of a quote", shows={200: CardSerializer})
    def get(self, request: Request, slug: str, id: UUID) -> Response:
        card = PaymentMethodToken.objects.for_quote(self.quote(id)).first()
        if card is None:
            raise NotFound
        return self.show(card_shape(card))
