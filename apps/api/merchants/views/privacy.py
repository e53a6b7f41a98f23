"""Shoppers who want their data, or want it gone."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.pages import Page
from apps.api.common.shapes.privacy import ExportSerializer
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.privacy import PrivacyForm, PrivacyPage, RefusalForm
from apps.api.merchants.permissions import SecondFactorToChange, allows
from apps.api.merchants.privacy_serializers import PrivacyRequestSerializer
from apps.api.services import exporting
from apps.api.tasks import erase_soon
from apps.core import clock
from apps.core.ids import uuid7
from apps.core.status import IllegalTransition
from apps.orders.models import PrivacyRequest
from apps.orders.modules.privacy import choices as privacy
from apps.orders.services.privacy import Asked, PrivacyRequestRefused, ask
from apps.users import choices

COLUMNS = (
    "id", "kind", "source", "status", "reference", "why", "refusal", "counts", "asked_at", "due_at",
    "done_at", "store__slug",
)  # fmt: skip


class PrivacyRequestsView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.ORDERS), SecondFactorToChange]

    @operation(
        "Ask for a shopper's data, or their erasure",
        form=PrivacyForm,
        shows={201: PrivacyRequestSerializer},
    )
    def post(self, request: Request) -> Response:
        """An erasure is done within a minute, or by itself as soon as nothing is open any more: a
        return, a refund, a debt. The same `reference` again is the same request, tried at once."""
        wanted, at = self.judge(PrivacyForm), clock.now()
        asked = Asked(
            kind=wanted.kind,
            source=privacy.PrivacyRequest.Source.MERCHANT,
            reference=wanted.reference or str(uuid7()),
            email=wanted.email,
        )
        made = ask(self.merchant, asked, at)
        if wanted.kind == privacy.PrivacyRequest.Kind.ERASURE:
            erase_soon(made)
        path = f"/v1/privacy-requests/{made.pk}"
        return self.show(self._row(made.pk), status=201, headers={"Location": path})

    @operation(
        "List privacy requests",
        query=PrivacyPage,
        shows={200: PrivacyRequestSerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request) -> Response:
        form = PrivacyPage(data=request.query_params)
        filters = form.judged()
        rows = PrivacyRequest.objects.for_merchant(self.merchant)
        asked = {"status": filters.status, "kind": filters.kind, "store__slug": filters.store}
        rows = rows.filter(**{name: value for name, value in asked.items() if value})
        page: Page = form.page.page(form.page.rows(rows.values(*COLUMNS)))
        return self.show(page.show([_shape(row) for row in page.rows]))

    def _row(self, id: UUID) -> dict[str, Any]:
        rows = PrivacyRequest.objects.for_merchant(self.merchant)
        return _shape(rows.values(*COLUMNS).get(pk=id))


class PrivacyRequestView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.ORDERS)]

    @operation("Read a privacy request", shows={200: PrivacyRequestSerializer})
    def get(self, request: Request, id: UUID) -> Response:
        rows = PrivacyRequest.objects.for_merchant(self.merchant)
        found = self.find(rows, pk=id)
        return self.show(_shape(rows.values(*COLUMNS).get(pk=found.pk)))


class ExportView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.ORDERS), SecondFactorToChange]

    @operation(
        "Take a shopper's data to hand it out",
        shows={200: ExportSerializer},
        refusals=[PrivacyRequestRefused],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Made anew at each call, and kept nowhere; the first one ends the request."""
        rows = PrivacyRequest.objects.for_merchant(self.merchant).select_related("customer")
        found = self.find(rows, pk=id, kind=privacy.PrivacyRequest.Kind.EXPORT)
        return self.show(exporting.hand_out(found, clock.now()))


class RefuseView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.ORDERS), SecondFactorToChange]

    @operation(
        "Refuse a privacy request",
        form=RefusalForm,
        shows={200: PrivacyRequestSerializer},
        refusals=[IllegalTransition],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """For a reason that the law knows; nothing is erased or handed out for it any more."""
        rows = PrivacyRequest.objects.for_merchant(self.merchant)
        found = self.find(rows, pk=id)
        found.refuse(self.judge(RefusalForm).reason, clock.now())
        return self.show(_shape(rows.values(*COLUMNS).get(pk=found.pk)))


def _shape(row: dict[str, Any]) -> dict[str, Any]:
    store, asked_by = row.pop("store__slug"), row.pop("source")
    return {**row, "store": store or "", "asked_by": asked_by}
