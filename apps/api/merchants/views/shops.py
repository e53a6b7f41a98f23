"""A shop's orders read on demand, and what was written back to it."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.common import NothingForm
from apps.api.merchants.forms.shops import ActionsPage, RefusalsPage, SyncForm, SyncsPage
from apps.api.merchants.permissions import allows
from apps.api.merchants.shapes.shops import (
    ACTION_COLUMNS,
    REFUSAL_COLUMNS,
    SYNC_COLUMNS,
    action_shape,
    row,
    sync_shape,
)
from apps.api.merchants.shop_serializers import (
    OrderSyncSerializer,
    PlatformActionSerializer,
    SyncRefusalSerializer,
)
from apps.core.status import IllegalTransition
from apps.integrations.models import OrderSync, PlatformAction, SyncRefusal
from apps.orders import tasks
from apps.orders.services.syncing import SyncNotOffered, SyncRunning
from apps.users import choices

INTEGRATIONS = choices.Role.Area.INTEGRATIONS


class SyncsView(MerchantsView):
    permission_classes = [allows(INTEGRATIONS)]

    @operation(
        "Read a shop's orders",
        form=SyncForm,
        shows={202: OrderSyncSerializer},
        refusals=[SyncNotOffered, SyncRunning],
    )
    def post(self, request: Request, slug: str) -> Response:
        """In the background, page by page; the answer says how far it has come."""
        store = self.store(slug)
        wanted = self.judge(SyncForm)
        sync = tasks.start_order_sync(store, wanted.kind, wanted.since)
        shown = sync_shape(OrderSync.objects.for_store(store).filter(pk=sync.pk))
        return self.show(shown, status=202, headers={"Location": f"/v1/syncs/{sync.pk}"})

    @operation(
        "List readings of a shop",
        query=SyncsPage,
        shows={200: OrderSyncSerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request, slug: str) -> Response:
        form = SyncsPage(data=request.query_params)
        filters = form.judged()
        syncs = OrderSync.objects.for_store(self.store(slug))
        if filters.status:
            syncs = syncs.filter(status=filters.status)
        page = form.page.page(form.page.rows(syncs.values(*SYNC_COLUMNS)))
        return self.show(page.show([row(told) for told in page.rows]))


class SyncView(MerchantsView):
    permission_classes = [allows(INTEGRATIONS)]
    with_etag = True

    @operation("Read how far a reading has come", shows={200: OrderSyncSerializer})
    def get(self, request: Request, id: UUID) -> Response:
        return self.show(sync_shape(OrderSync.objects.for_merchant(self.merchant).filter(pk=id)))


class SyncRefusalsView(MerchantsView):
    permission_classes = [allows(INTEGRATIONS)]

    @operation(
        "List orders of a shop that were not taken",
        query=RefusalsPage,
        shows={200: SyncRefusalSerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request, id: UUID) -> Response:
        form = RefusalsPage(data=request.query_params)
        form.judged()
        sync = self.find(OrderSync.objects.for_merchant(self.merchant), pk=id)
        refused = SyncRefusal.objects.for_merchant(self.merchant).filter(sync=sync)
        page = form.page.page(form.page.rows(refused.values(*REFUSAL_COLUMNS)))
        return self.show(page.show(page.rows))


class ResumeView(MerchantsView):
    permission_classes = [allows(INTEGRATIONS)]

    @operation(
        "Go on with a reading that failed",
        form=NothingForm,
        shows={200: OrderSyncSerializer},
        refusals=[IllegalTransition, SyncRunning],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """From the page at which it failed."""
        syncs = OrderSync.objects.for_merchant(self.merchant)
        sync = self.find(syncs, pk=id)
        self.judge(NothingForm)
        tasks.resume_order_sync(sync)
        return self.show(sync_shape(syncs.filter(pk=id)))


class PlatformActionsView(MerchantsView):
    permission_classes = [allows(INTEGRATIONS)]

    @operation(
        "List what is written to shops",
        query=ActionsPage,
        shows={200: PlatformActionSerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request) -> Response:
        """Also what a platform does not offer, with why."""
        form = ActionsPage(data=request.query_params)
        filters = form.judged()
        wanted: dict[str, Any] = {
            "store__slug": filters.store,
            "status": filters.status,
            "kind": filters.kind,
            "ret_id": filters.ret,
        }
        actions = PlatformAction.objects.for_merchant(self.merchant)
        actions = actions.filter(**{name: value for name, value in wanted.items() if value})
        page = form.page.page(form.page.rows(actions.values(*ACTION_COLUMNS)))
        return self.show(page.show([row(told) for told in page.rows]))


class PlatformActionView(MerchantsView):
    permission_classes = [allows(INTEGRATIONS)]
    with_etag = True

    @operation("Read what is written to a shop", shows={200: PlatformActionSerializer})
    def get(self, request: Request, id: UUID) -> Response:
        actions = PlatformAction.objects.for_merchant(self.merchant)
        return self.show(action_shape(actions.filter(pk=id)))


class ReplayView(MerchantsView):
    permission_classes = [allows(INTEGRATIONS)]

    @operation(
        "Write it to the shop again",
        form=NothingForm,
        shows={200: PlatformActionSerializer},
        refusals=[IllegalTransition],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """What the shop refused, or what was parked; under the same reference."""
        actions = PlatformAction.objects.for_merchant(self.merchant)
        action = self.find(actions, pk=id)
        self.judge(NothingForm)
        tasks.replay_action(action)
        return self.show(action_shape(actions.filter(pk=id)))
