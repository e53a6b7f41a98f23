from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from apps.core.managers import TenantQuerySet
from apps.integrations import choices

if TYPE_CHECKING:
    from apps.accounts.models import Store
    from apps.integrations.models import (
        Installation,
        OrderSync,
        PlatformAction,
        SyncRefusal,
        WebhookCheck,
    )

Status = choices.PlatformAction.Status


class OrderSyncQuerySet(TenantQuerySet["OrderSync"]):
    def running(self) -> Self:
        return self.filter(status=choices.OrderSync.Status.RUNNING)

    def done(self) -> Self:
        return self.filter(status=choices.OrderSync.Status.DONE)

    def due(self, at: datetime) -> Self:
        """To be gone on with, and in nobody's hands; who waits longest is first."""
        return self.running().filter(next_at__lte=at).order_by("next_at", "id")

    def read_until(self, store: "Store") -> datetime | None:
        """The moment up to which the shop's changes are known here."""
        told = self.for_store(store).done().aggregate(last=models.Max("asked_at"))
        last: datetime | None = told["last"]
        return last

    def uneventful_before(self, at: datetime) -> Self:
        """Done, with nothing in them to be looked at."""
        changes = choices.OrderSync.Kind.CHANGES
        return self.done().filter(kind=changes, done_at__lt=at, refusals__isnull=True)


class SyncRefusalQuerySet(TenantQuerySet["SyncRefusal"]):
    pass


class PlatformActionQuerySet(TenantQuerySet["PlatformAction"]):
    def due(self, at: datetime) -> Self:
        """To be sent, or to be asked again; nothing earlier of the same return is under way."""
        from apps.integrations.models import PlatformAction

        earlier = PlatformAction.objects.filter(
            ret_id=models.OuterRef("ret_id"),
            merchant_id=models.OuterRef("merchant_id"),
            id__lt=models.OuterRef("id"),
            status__in=choices.PlatformAction.UNDER_WAY,
        )
        waiting = self.filter(status__in=choices.PlatformAction.UNDER_WAY, next_at__lte=at)
        return waiting.exclude(models.Exists(earlier)).order_by("next_at", "id")

    def unknown_since(self, at: datetime) -> Self:
        under_way = (Status.PROCESSING, Status.UNKNOWN)
        return self.filter(status__in=under_way, sent_at__lt=at)

    def to_look_at(self) -> Self:
        return self.filter(status__in=(Status.FAILED, Status.PARKED))


class WebhookCheckQuerySet(TenantQuerySet["WebhookCheck"]):
    pass


class InstallationQuerySet(models.QuerySet["Installation", "Installation"]):
    def of_account(self, platform: str, account: str) -> Self:
        return self.filter(platform=platform, account=account)

    def unclaimed(self) -> Self:
        return self.filter(store__isnull=True)

    def claimed(self) -> Self:
        return self.filter(store__isnull=False).select_related("store").order_by("-claimed_at")


OrderSyncManager = models.Manager.from_queryset(OrderSyncQuerySet)
SyncRefusalManager = models.Manager.from_queryset(SyncRefusalQuerySet)
PlatformActionManager = models.Manager.from_queryset(PlatformActionQuerySet)
WebhookCheckManager = models.Manager.from_queryset(WebhookCheckQuerySet)
InstallationManager = models.Manager.from_queryset(InstallationQuerySet)
