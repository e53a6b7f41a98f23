from django.db import models

from apps.core.constraints import StatusMoves, tenant
from apps.core.models import MoneyOf, TenantModel
from apps.core.status import WithStatus
from apps.events.recorder import RecordsEvents
from apps.orders import choices
from apps.orders.managers import ReturnManager
from apps.orders.mixins.anonymization import ForgettingMixin
from apps.orders.mixins.cover import CoverMixin
from apps.orders.mixins.keeping import KeepingMixin
from apps.orders.mixins.notes import NotesMixin
from apps.orders.mixins.parcel_facts import ParcelFactsMixin
from apps.orders.mixins.prepayment import PrepaymentMixin
from apps.orders.mixins.reception import ReceptionMixin
from apps.orders.mixins.unwinding import UnwindingMixin


class Return(
    UnwindingMixin,
    CoverMixin,
    KeepingMixin,
    ReceptionMixin,
    PrepaymentMixin,
    NotesMixin,
    ParcelFactsMixin,
    ForgettingMixin,
    WithStatus,
    RecordsEvents,
    TenantModel,
):
    """One request to send units of one order back; the field also says RMA."""

    TRANSITIONS = choices.Return.TRANSITIONS
    LOCKED_BEFORE = ("order",)

    store = models.ForeignKey("accounts.Store", models.PROTECT, related_name="returns")
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="returns")
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, null=True, blank=True, related_name="returns"
    )
    number = models.CharField(max_length=20)
    type = models.CharField(max_length=8, choices=choices.Return.Type.choices)
    mode = models.CharField(
        max_length=8, choices=choices.Return.Mode.choices, default=choices.Return.Mode.STANDARD
    )
    status = models.CharField(max_length=16, choices=choices.Return.Status.choices)
    filed_by = models.CharField(max_length=8, choices=choices.Return.FiledBy.choices)
    refund_method = models.CharField(max_length=14, choices=choices.Return.RefundMethod.choices)
    # Deliveries stands on a floor above: its method is known here by id and by what was shown.
    return_method_id = models.UUIDField(null=True, blank=True)
    return_method = models.JSONField(default=dict, blank=True)
    currency = models.CharField(max_length=3)
    breakdown = models.JSONField()
    terms = models.JSONField()
    net_minor = models.BigIntegerField()
    settlement = models.JSONField(null=True, blank=True)
    policy_version = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    cover_ends_at = models.DateTimeField(null=True, blank=True)
    cover_reminded_at = models.DateTimeField(null=True, blank=True)
    reject_reason = models.CharField(max_length=1000, blank=True)
    notes = models.JSONField(default=list, blank=True)
    external_id = models.CharField(max_length=80, blank=True)

    net = MoneyOf("net_minor")

    objects = ReturnManager()

    class Meta:
        constraints = (
            *tenant("orders_return", "store", "order", "customer"),
            StatusMoves(moves=choices.Return.TRANSITIONS, name="orders_return_moves"),
            models.UniqueConstraint(fields=("store", "number"), name="orders_return_number"),
            models.UniqueConstraint(
                fields=("store", "external_id"),
                condition=~models.Q(external_id=""),
                name="orders_return_external",
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "-requested_at", "-id"), name="orders_return_list"),
            models.Index(fields=("merchant", "status", "-id"), name="orders_return_status"),
            models.Index(fields=("merchant", "updated_at", "id"), name="orders_return_updated"),
            models.Index(
                fields=("merchant", "customer", "-requested_at"), name="orders_return_history"
            ),
            models.Index(
                fields=("cover_ends_at",),
                condition=models.Q(mode=choices.Return.Mode.INSTANT, decided_at__isnull=True),
                name="orders_return_cover",
            ),
            models.Index(
                fields=("id",),
                condition=models.Q(settlement__isnull=False),
                name="orders_return_settled",
            ),
        )

    def __str__(self) -> str:
        return self.number
