from django.db import models

from apps.core import clock
from apps.core.constraints import StatusMoves, tenant
from apps.core.models import TenantModel
from apps.integrations import choices
from apps.integrations.managers import OrderSyncManager, SyncRefusalManager
from apps.integrations.mixins.reading import ReadingMixin


class OrderSync(ReadingMixin, TenantModel):
    """Orders of one shop being read, page by page; `cursor` is where the next page begins.

    `turn` is the key of whoever reads now: another who took over has raised it.
    """

    store = models.ForeignKey("accounts.Store", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=choices.OrderSync.Kind.choices)
    status = models.CharField(
        max_length=8,
        choices=choices.OrderSync.Status.choices,
        default=choices.OrderSync.Status.RUNNING,
    )
    since = models.DateTimeField()
    cursor = models.TextField(blank=True)
    pages = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    turn = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(null=True, blank=True)
    setbacks = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    next_at = models.DateTimeField(default=clock.now)
    asked_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = OrderSyncManager()

    class Meta:
        constraints = (
            *tenant("integrations_ordersync", "store"),
            StatusMoves(moves=choices.OrderSync.TRANSITIONS, name="integrations_ordersync_moves"),
            # One at a time: the shop is asked politely, and pages never overtake one another.
            models.UniqueConstraint(
                fields=("store",),
                condition=models.Q(status=choices.OrderSync.Status.RUNNING),
                name="integrations_ordersync_one",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_at",),
                condition=models.Q(status=choices.OrderSync.Status.RUNNING),
                name="integrations_ordersync_due",
            ),
            models.Index(fields=("store", "-id"), name="integrations_ordersync_list"),
        )

    def __str__(self) -> str:
        return f"{self.kind} since {self.since:%Y-%m-%d} ({self.status})"


class SyncRefusal(TenantModel):
    """An order of the shop that was not taken: its id there and why."""

    sync = models.ForeignKey(OrderSync, models.CASCADE, related_name="refusals")
    external_id = models.CharField(max_length=80)
    code = models.CharField(max_length=60)
    detail = models.CharField(max_length=300, blank=True)

    objects = SyncRefusalManager()

    class Meta:
        ordering = ("id",)
        constraints = (
            *tenant("integrations_syncrefusal", "sync"),
            models.UniqueConstraint(
                fields=("sync", "external_id", "code"), name="integrations_syncrefusal_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.external_id}: {self.code}"
