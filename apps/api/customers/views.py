import hashlib
from uuid import UUID

from django.conf import settings
from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Customer
from apps.api.common import limiter
from apps.api.common.limiter import Rule
from apps.api.common.open_views import OpenView
from apps.api.common.openapi import OpenApiView
from apps.api.common.operations import operation
from apps.api.common.pages import NEWEST_FIRST, Ordering, PageForm
from apps.api.common.throttles import GuardedNetworkThrottle
from apps.api.customers import serializers as shown
from apps.api.customers.base import CustomersStoreView, CustomersView
from apps.api.customers.forms.sign_in import AddressForm, AnswerForm
from apps.api.customers.forms.tracking import TrackingForm
from apps.api.models import CustomerSession, LoginCode
from apps.api.tasks import send_login_code
from apps.core import clock
from apps.core.errors import DomainError
from apps.deliveries import choices as deliveries
from apps.deliveries.mixins.handing_over import NotATrackingNumber, ReturnNotTravelling
from apps.deliveries.models import Shipment
from apps.orders.models import Order, Return

HOUR = 3_600
SENDS, TRIES = 5, 10


class SchemaView(OpenApiView, OpenView):
    host = "customers"


class CodeRefused(DomainError):
    code = "code_refused"
    title = "The code is wrong, used or too old"
    status = 401


class SignInView(CustomersStoreView):
    """Counted per network, and per address whatever the network."""

    throttle_classes = [GuardedNetworkThrottle]

    def count(self, what: str, email: str, limit: int) -> None:
        name = hashlib.sha256(f"{self.store.pk}:{email}".encode()).hexdigest()[:32]
        verdict = limiter.hit([Rule(f"{what}:{name}", limit, HOUR)], guarded=True)
        if verdict is not None and not verdict.allowed:
            self.throttled(self.request, verdict.reset)


class CodesView(SignInView):
    @operation("Ask for a code", form=AddressForm, shows={202: shown.CodeSerializer})
    def post(self, _request: Request, slug: str) -> Response:
        """The answer is the same whether or not the address is known; the mail tells."""
        address = self.judge(AddressForm)
        self.count("code", address.email, SENDS)
        with transaction.atomic():
            row = LoginCode.ask(self.store, address.email, clock.now())
            transaction.on_commit(lambda: send_login_code.delay(str(row.pk)))
        return self.show(shown.CodeSerializer(row), status=202)


class SessionsView(SignInView):
    @operation(
        "Sign in with a code",
        form=AnswerForm,
        shows={201: shown.SessionSerializer},
        refusals=[CodeRefused],
    )
    def post(self, _request: Request, slug: str) -> Response:
        answer, at = self.judge(AnswerForm), clock.now()
        row = LoginCode.objects.for_store(self.store).filter(pk=answer.code_id).first()
        if row is None:
            raise CodeRefused
        self.count("try", row.email, TRIES)
        if not row.try_code(answer.code, at):
            raise CodeRefused
        customer = self.find(Customer.objects.for_merchant(self.merchant), email=row.email)
        customer.verify_email(at)
        _, token = CustomerSession.open(self.store, customer, at)
        expires = {"token": token, "expires_at": at + settings.PORTAL_ABSOLUTE}
        return self.show(expires, status=201)


class SessionView(CustomersView):
    @operation("Sign out", shows={204: None})
    def delete(self, _request: Request, slug: str) -> Response:
        self.session.end(clock.now())
        return self.show()


class ProfileView(CustomersView):
    @operation("Get the own profile", shows={200: shown.ProfileSerializer})
    def get(self, _request: Request, slug: str) -> Response:
        return self.show(shown.ProfileSerializer(self.customer))


class OrdersPage(PageForm):
    orderings = (Ordering("placed_at"),)


class OrdersView(CustomersView):
    @operation(
        "List own orders",
        query=OrdersPage,
        shows={200: shown.OrderRowSerializer(many=True)},
        paged=True,
    )
    def get(self, _request: Request, slug: str) -> Response:
        asked = self.judge_query(OrdersPage)
        orders = Order.objects.for_store(self.store).filter(customer=self.customer)
        page = asked.page(asked.rows(orders.values(*shown.ORDER_COLUMNS)))
        return self.show(
            page.show([shown.with_money(row, "total", "total_minor") for row in page.rows])
        )


class OrderView(CustomersView):
    with_etag = True

    @operation("Get an own order", shows={200: shown.OrderSerializer})
    def get(self, _request: Request, slug: str, pk: UUID) -> Response:
        orders = Order.objects.for_store(self.store).with_items()
        order = self.find(orders, pk=pk, customer=self.customer)
        return self.show(shown.OrderSerializer(order))


class ReturnsPage(PageForm):
    orderings = (NEWEST_FIRST,)


class ReturnsView(CustomersView):
    @operation(
        "List own returns",
        query=ReturnsPage,
        shows={200: shown.ReturnRowSerializer(many=True)},
        paged=True,
    )
    def get(self, _request: Request, slug: str) -> Response:
        asked = self.judge_query(ReturnsPage)
        returns = Return.objects.for_store(self.store).filter(customer=self.customer)
        page = asked.page(asked.rows(returns.values(*shown.RETURN_COLUMNS)))
        return self.show(
            page.show([shown.with_money(row, "net", "net_minor") for row in page.rows])
        )


class ReturnView(CustomersView):
    with_etag = True

    @operation("Get an own return", shows={200: shown.ReturnSerializer})
    def get(self, _request: Request, slug: str, pk: UUID) -> Response:
        returns = Return.objects.for_store(self.store).with_items().prefetch_related("shipments")
        ret = self.find(returns, pk=pk, customer=self.customer)
        return self.show(shown.ReturnSerializer(ret))


class TrackingView(CustomersView):
    @operation(
        "Give the own tracking number",
        form=TrackingForm,
        shows={204: None},
        refusals=[NotATrackingNumber, ReturnNotTravelling],
    )
    def post(self, _request: Request, slug: str, pk: UUID) -> Response:
        returns = Return.objects.for_store(self.store)
        ret = self.find(returns, pk=pk, customer=self.customer)
        shipments = Shipment.objects.for_store(self.store).current(ret.pk)
        shipment = self.find(shipments, direction=deliveries.Shipment.Direction.RETURN)
        tracking = self.judge(TrackingForm)
        shipment.set_tracking(tracking.number, tracking.carrier, clock.now())
        return self.show()
