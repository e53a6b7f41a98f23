"""Shoppers who want their data of one store, or want it gone."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common import limiter
from apps.api.common.limiter import Rule
from apps.api.common.operations import operation
from apps.api.common.pages import PageForm
from apps.api.common.shapes.privacy import ExportSerializer
from apps.api.customers import serializers as shown
from apps.api.customers.base import CustomersView
from apps.api.customers.forms.privacy import WishForm
from apps.api.services import exporting
from apps.api.tasks import erase_soon
from apps.core import clock
from apps.orders.models import PrivacyRequest
from apps.orders.modules.privacy import choices
from apps.orders.modules.privacy.managers import PrivacyRequestQuerySet
from apps.orders.services.privacy import PrivacyRequestRefused, ask_as_shopper

DAY = 86_400
# Of one shopper: everything that is known of them is read each time.
ASKED_A_DAY, TAKEN_A_DAY = 5, 20


class PrivacyView(CustomersView):
    @property
    def requests(self) -> PrivacyRequestQuerySet:
        """All about this shopper here, whoever asked: they may know."""
        return PrivacyRequest.objects.of_customer(self.store, self.customer)

    def count(self, what: str, limit: int) -> None:
        rule = Rule(f"privacy:{what}:{self.customer.pk}", limit, DAY)
        verdict = limiter.hit([rule], guarded=True)
        if verdict is not None and not verdict.allowed:
            self.throttled(self.request, verdict.reset)


class PrivacyRequestsView(PrivacyView):
    @operation(
        "Ask for the own data, or for erasure",
        form=WishForm,
        shows={200: shown.PrivacyRequestSerializer, 201: shown.PrivacyRequestSerializer},
    )
    def post(self, _request: Request, slug: str) -> Response:
        """One that is still open is shown again with 200. An erasure begins within a minute; what
        it waits for stands under `why`. Once it is done nobody can sign in as this customer."""
        wish = self.judge(WishForm)
        self.count("ask", ASKED_A_DAY)
        asked, is_new = ask_as_shopper(self.store, self.customer, wish.kind, clock.now())
        if is_new and wish.kind == choices.PrivacyRequest.Kind.ERASURE:
            erase_soon(asked)
        path = f"/v1/stores/{self.store.slug}/privacy-requests/{asked.pk}"
        body = shown.PrivacyRequestSerializer(asked)
        return self.show(body, status=201 if is_new else 200, headers={"Location": path})

    @operation(
        "List the own requests",
        query=PageForm,
        shows={200: shown.PrivacyRequestSerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request, slug: str) -> Response:
        form = PageForm(data=request.query_params)
        form.judged()
        page = form.page.page(form.page.rows(self.requests))
        rows = shown.PrivacyRequestSerializer(page.rows, many=True).data
        return self.show(page.show(list(rows)))


class PrivacyRequestView(PrivacyView):
    @operation("Get an own request", shows={200: shown.PrivacyRequestSerializer})
    def get(self, _request: Request, slug: str, pk: UUID) -> Response:
        return self.show(shown.PrivacyRequestSerializer(self.find(self.requests, pk=pk)))


class OwnExportView(PrivacyView):
    @operation(
        "Take the own data",
        shows={200: ExportSerializer},
        refusals=[PrivacyRequestRefused],
    )
    def post(self, _request: Request, slug: str, pk: UUID) -> Response:
        """Made anew at each call, and kept nowhere; sums are in minor units of their currency."""
        self.count("take", TAKEN_A_DAY)
        kind, source = choices.PrivacyRequest.Kind.EXPORT, choices.PrivacyRequest.Source.SHOPPER
        rows = self.requests.select_related("customer")
        found = self.find(rows, pk=pk, kind=kind, source=source)
        return self.show(exporting.hand_out(found, clock.now()))
