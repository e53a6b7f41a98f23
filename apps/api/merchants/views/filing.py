"""Staff open a return for a shopper: rules that bind shoppers only advise here."""

from uuid import UUID

from django.db.models import prefetch_related_objects
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.idempotency import Keys
from apps.api.common.operations import operation
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.filing import QuoteForm, ReturnForm
from apps.api.merchants.methods import ReturnMethodNotOffered, method_again, method_coded
from apps.api.merchants.permissions import allows
from apps.api.merchants.serializers import QuoteSerializer, ReturnFileSerializer
from apps.api.merchants.views.returns import return_file
from apps.core import clock
from apps.orders import choices as orders
from apps.orders.dtos import OpenReturn, QuoteRequest
from apps.orders.models import Order, Quote, Return
from apps.orders.modules.inventory.models import OutOfStock
from apps.orders.services import open_return, quote_return
from apps.orders.services.opening import (
    PaymentRequired,
    QuoteChanged,
    QuoteExpired,
    UnknownQuote,
)
from apps.orders.services.picking import (
    MoreUnitsThanLeft,
    ReasonNeedsMore,
    UnknownLine,
    UnknownReason,
    UnknownVariant,
)
from apps.orders.services.quoting import MethodNotOffered, NotEligible
from apps.payments import services as payments
from apps.users import choices

STAFF = orders.Return.FiledBy.STAFF
PICKING = [
    MoreUnitsThanLeft,
    NotEligible,
    ReasonNeedsMore,
    ReturnMethodNotOffered,
    UnknownLine,
    UnknownReason,
    UnknownVariant,
]
OPENING = [
    MethodNotOffered,
    MoreUnitsThanLeft,
    NotEligible,
    OutOfStock,
    PaymentRequired,
    QuoteChanged,
    QuoteExpired,
    ReturnMethodNotOffered,
    UnknownQuote,
]


class FilingArea(MerchantsView):
    permission_classes = [allows(choices.Role.Area.RETURNS)]

    def order_with_items(self, id: UUID) -> Order:
        order = self.order(id)
        prefetch_related_objects([order], "lines", "tenders")
        return order


class QuotesView(FilingArea):
    @operation("Quote a return", form=QuoteForm, shows={201: QuoteSerializer}, refusals=PICKING)
    def post(self, request: Request, id: UUID) -> Response:
        """Every way to be refunded with the tree of its sums, good for 30 minutes."""
        order = self.order_with_items(id)
        wanted = self.judge(QuoteForm)
        method = method_coded(order, wanted.method, [unit.wish for unit in wanted.units])
        asked = QuoteRequest(wanted.units, method, STAFF, wanted.parcels)
        quote = quote_return(order, asked, clock.now())
        shown = {"id": quote.pk, "expires_at": quote.expires_at, "options": quote.options}
        return self.show(shown, status=201)


class OrderReturnsView(FilingArea):
    keys = Keys.REQUIRED
    money = True

    @operation(
        "Open a return for a shopper",
        form=ReturnForm,
        shows={201: ReturnFileSerializer},
        refusals=OPENING,
    )
    def post(self, request: Request, id: UUID) -> Response:
        """From a quote; a sum that changed since is a 409 that holds the new quote. Where a
        difference is `due` the return waits for the shopper's payment: `payment.url` is the link
        for them. A store without an account for that gets a 409 `payment_required`."""
        order = self.order(id)
        wanted = self.judge(ReturnForm)
        quotes = Quote.objects.for_merchant(self.merchant).filter(order=order)
        quote = quotes.filter(pk=wanted.quote).first()
        if quote is None:
            raise UnknownQuote(quote=str(wanted.quote))
        wishes = [unit["wish"] for unit in quote.request["units"]]
        asked = OpenReturn(
            quote_id=quote.pk,
            refund_method=wanted.refund_method,
            method=method_again(order, quote.request["method"], wishes),
            filed_by=STAFF,
            note=wanted.note,
            collects=payments.can_collect(order.merchant_id, order.store_id),
        )
        try:
            ret = open_return(order, asked, clock.now()).ret
        except QuoteChanged as changed:
            # Answered, not raised: with the refusal the new quote would be rolled back.
            return self.handle_exception(changed)
        shown = return_file(Return.objects.for_merchant(self.merchant), ret.pk)
        return self.show(shown, status=201, headers={"Location": f"/v1/returns/{ret.pk}"})
