"""Returns of the session's order: opened from a quote, looked at, cancelled, sent."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.idempotency import Keys
from apps.api.common.operations import operation
from apps.api.returns.auth import HasSession, IsProved
from apps.api.returns.base import PortalView
from apps.api.returns.forms.returns import NothingForm, ReturnForm, ReturnsPage, TrackingForm
from apps.api.returns.language import LanguageQuery
from apps.api.returns.links import Links
from apps.api.returns.methods import ReturnMethodNotOffered
from apps.api.returns.opening import ProofRequired, TooManyOpenReturns, open_for
from apps.api.returns.return_serializers import PortalReturnSerializer, SummarySerializer
from apps.api.returns.shapes.quote import quote_shape
from apps.api.returns.shapes.returns import Viewer, detail_shape, summary_shape
from apps.api.returns.shapes.rows import Row, detail_row, events_of, summary_rows
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.status import IllegalTransition
from apps.deliveries import services as deliveries
from apps.deliveries.mixins.handing_over import NotATrackingNumber, ReturnNotTravelling
from apps.orders import choices
from apps.orders.managers import ReturnQuerySet
from apps.orders.mixins.cancellation import UnitsAccepted
from apps.orders.mixins.unwinding import AdvancePaid
from apps.orders.models import Quote, Return
from apps.orders.modules.inventory.models import OutOfStock
from apps.orders.services.granting import ConsentRequired, InstantNotOffered
from apps.orders.services.opening import (
    PaymentRequired,
    QuoteChanged,
    QuoteExpired,
    UnknownQuote,
)
from apps.orders.services.picking import MoreUnitsThanLeft
from apps.orders.services.quoting import MethodNotOffered, NotEligible
from apps.payments import services as payments
from apps.payments import tasks
from apps.payments.choices import Payment
from apps.payments.gateways.shop_credit.models import ShopCreditRefund
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.gateways.stripe.models import StripeCheckoutPayment
from apps.payments.services.advances import AdvanceUnderWay
from apps.payments.services.unwinding import AdvanceSpent, CreditKept, CreditUnheard
from apps.underwriting.services.exposure import (
    AboveLimit,
    AssessmentSuperseded,
    CapReached,
    NotOffered,
)

TYPES = {"pdf": "application/pdf", "png": "image/png"}
SHOWN = {200: PortalReturnSerializer}
OPENING = [
    AboveLimit,
    AssessmentSuperseded,
    CapReached,
    ConsentRequired,
    InstantNotOffered,
    NotOffered,
    MethodNotOffered,
    MoreUnitsThanLeft,
    NotEligible,
    OutOfStock,
    PaymentRequired,
    ProofRequired,
    QuoteChanged,
    QuoteExpired,
    ReturnMethodNotOffered,
    TooManyOpenReturns,
    UnknownQuote,
]


class NoLabel(DomainError):
    code = "no_label"
    title = "There is no label to print"
    status = 404


class ReturnsHere(PortalView):
    """A session's returns are those of its one order; any other number is the same 404."""

    @property
    def returns(self) -> ReturnQuerySet:
        return Return.objects.for_store(self.store).filter(order_id=self.session.order_id)

    def ret(self, number: str) -> Return:
        return self.find(self.returns.select_related("order", "store"), number=number)

    def detail(self, number: str, *, proved: bool) -> dict[str, object]:
        """Three queries, whatever hangs on the return."""
        row = detail_row(self.returns, number)
        if row is None:
            raise NotFound
        links = Links(self.request, self.store, clock.now())
        viewer = Viewer(self.store, self.language, links, proved)
        return detail_shape(row, events_of(row), self._credits(row), viewer)

    def _credits(self, row: Row) -> list[StoreCreditAccount | ShopCreditRefund]:
        accounts = StoreCreditAccount.objects.for_store(self.store).filter(ret_id=row["id"])
        here = list(accounts.filter(voided_at=None).order_by("id"))
        if all(each["gateway"] != Payment.Gateway.SHOP_CREDIT for each in row["payment_rows"]):
            return [*here]
        theirs = ShopCreditRefund.objects.for_store(self.store).filter(ret_id=row["id"]).given()
        return [*here, *theirs.order_by("id")]


class ReturnsView(ReturnsHere):
    keys = Keys.REQUIRED
    money = True

    @operation(
        "List returns", query=ReturnsPage, shows={200: SummarySerializer(many=True)}, paged=True
    )
    def get(self, request: Request, slug: str) -> Response:
        form = ReturnsPage(data=request.query_params)
        form.judged()
        page = form.page.page(form.page.rows(summary_rows(self.returns)))
        return self.show(page.show([summary_shape(row, self.language) for row in page.rows]))

    @operation(
        "Open a return",
        form=ReturnForm,
        query=LanguageQuery,
        shows={201: PortalReturnSerializer},
        refusals=OPENING,
    )
    def post(self, request: Request, slug: str) -> Response:
        """From a quote that still holds; a sum that changed is a 409 `quote_changed`, whose details
        are the new quote. Where a difference is `due` the return waits for it, and `payment` says
        where to pay; where the store has no account for that, it is a 409. A bank transfer needs a
        `proved` session, an IBAN and its holder.

        `instant` takes the option's offer, with consent to its words; where it is refused, the
        same quote still opens a standard return."""
        self.judge_query(LanguageQuery)
        wanted = self.judge(ReturnForm)
        try:
            ret = open_for(self.session, wanted, self.language, clock.now())
        except QuoteChanged as changed:
            return self._changed(changed)
        # Shown as to anybody: a replay may come from a session that proved nothing.
        shown = self.detail(ret.number, proved=False)
        path = f"{request._request.path}/{ret.number}"
        return self.show(shown, status=201, headers={"Location": path})

    def _changed(self, changed: QuoteChanged) -> Response:
        """Answered, not raised: with the refusal the new quote would be rolled back."""
        fresh = self.find(Quote.objects.for_store(self.store), pk=changed.details["quote"])
        shown = quote_shape(fresh, self.language)
        expires_at = fresh.expires_at.isoformat()
        return self.handle_exception(QuoteChanged(quote={**shown, "expires_at": expires_at}))


class ReturnView(ReturnsHere):
    with_etag = True

    @operation("Read a return", query=LanguageQuery, shows=SHOWN)
    def get(self, request: Request, slug: str, number: str) -> Response:
        """The status page: timeline in words, label, code, refund and what to do next."""
        self.judge_query(LanguageQuery)
        return self.show(self.detail(number, proved=self.session.is_proved))


class LabelView(ReturnsHere):
    permission_classes = [HasSession, IsProved]

    @operation(
        "Read the label",
        shows={(200, "application/pdf"): OpenApiTypes.BINARY},
        refusals=[NoLabel],
    )
    def get(self, request: Request, slug: str, number: str) -> HttpResponse:
        """The sheet holds the shopper's name and address, so it needs a `proved` session."""
        label = deliveries.label_of(self.ret(number))
        if label is None:
            raise NoLabel
        with label.file.open() as file:
            name = f"label-{number}.{label.format}"
            return HttpResponse(
                file.read(),
                content_type=TYPES.get(label.format, "application/octet-stream"),
                headers={"Content-Disposition": f"attachment; filename={name}"},
            )


class PaymentView(ReturnsHere):
    @operation(
        "Say that the difference was paid", form=NothingForm, query=LanguageQuery, shows=SHOWN
    )
    def post(self, request: Request, slug: str, number: str) -> Response:
        """When the shopper comes back from the page of `payment.url`: it is asked about at once,
        and the return opens within seconds. Without this call it does so all the same, later."""
        self.judge_query(LanguageQuery)
        ret = self.ret(number)
        self.judge(NothingForm)
        pages = StripeCheckoutPayment.objects.for_return(ret).open()
        for page in pages.filter(recovery_id=None):
            tasks.ask_page_soon(page.pk)
        return self.show(self.detail(number, proved=self.session.is_proved))


class CancelView(ReturnsHere):
    @operation(
        "Cancel a return",
        form=NothingForm,
        query=LanguageQuery,
        shows=SHOWN,
        refusals=[
            AdvancePaid,
            AdvanceSpent,
            AdvanceUnderWay,
            CreditKept,
            CreditUnheard,
            IllegalTransition,
            UnitsAccepted,
        ],
    )
    def post(self, request: Request, slug: str, number: str) -> Response:
        """While the goods are not with the store; its units can be returned again. An instant
        return only before they are sent, with its store credit unused."""
        self.judge_query(LanguageQuery)
        ret = self.ret(number)
        self.judge(NothingForm)
        if ret.mode == choices.Return.Mode.INSTANT:
            payments.unwind_return(ret, "", clock.now())
        else:
            ret.cancel(clock.now())
        return self.show(self.detail(number, proved=self.session.is_proved))


class TrackingView(ReturnsHere):
    @operation(
        "Enter a tracking number",
        form=TrackingForm,
        query=LanguageQuery,
        shows=SHOWN,
        refusals=[NotATrackingNumber, ReturnNotTravelling],
    )
    def post(self, request: Request, slug: str, number: str) -> Response:
        """For a parcel sent without the label of the portal; the return counts as shipped."""
        self.judge_query(LanguageQuery)
        ret = self.ret(number)
        tracking = self.judge(TrackingForm)
        at = clock.now()
        if deliveries.enter_tracking(ret, tracking.number, tracking.carrier, at) is None:
            raise ReturnNotTravelling(number=ret.number, status=ret.status)
        return self.show(self.detail(number, proved=self.session.is_proved))
