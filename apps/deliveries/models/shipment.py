from typing import TYPE_CHECKING

from django.db import models

from apps.core.constraints import StatusMoves, tenant
from apps.core.models import TenantModel
from apps.deliveries import choices
from apps.deliveries.managers import ShipmentManager
from apps.deliveries.mixins.handing_over import HandingOverMixin
from apps.deliveries.mixins.label import LabelMixin

if TYPE_CHECKING:
    from apps.orders.models import Order


class Shipment(LabelMixin, HandingOverMixin, TenantModel):
    """The goods of one return on their way; its verbs lock order and return before it."""

    TRANSITIONS = choices.Shipment.TRANSITIONS
    LOCKED_BEFORE = ("order", "ret")

    store = models.ForeignKey("accounts.Store", models.PROTECT, related_name="+")
    ret = models.ForeignKey("orders.Return", models.PROTECT, related_name="shipments")
    method = models.ForeignKey(
        "deliveries.ReturnMethod", models.PROTECT, null=True, blank=True, related_name="+"
    )
    account = models.ForeignKey(
        "deliveries.CarrierAccount", models.PROTECT, null=True, blank=True, related_name="+"
    )
    drop_off_point = models.ForeignKey(
        "deliveries.DropOffPoint", models.PROTECT, null=True, blank=True, related_name="+"
    )
    provider = models.CharField(max_length=20, choices=choices.Provider.choices)
    direction = models.CharField(
        max_length=8,
        choices=choices.Shipment.Direction.choices,
        default=choices.Shipment.Direction.RETURN,
    )
    status = models.CharField(
        max_length=20,
        choices=choices.Shipment.Status.choices,
        default=choices.Shipment.Status.PENDING,
    )
    sender = models.JSONField(default=dict, blank=True)
    recipient = models.JSONField(default=dict, blank=True)
    # The shopper's own carrier and number, or those of the first label.
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    label_expires_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_event_at = models.DateTimeField(null=True, blank=True)

    objects = ShipmentManager()

    class Meta:
        constraints = (
            *tenant("deliveries_shipment", "store", "ret", "method", "account", "drop_off_point"),
            StatusMoves(moves=choices.Shipment.TRANSITIONS, name="deliveries_shipment_moves"),
            models.UniqueConstraint(
                fields=("ret", "direction"),
                condition=~models.Q(status__in=choices.Shipment.GONE),
                name="deliveries_shipment_one_current",
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "status", "-id"), name="deliveries_shipment_status"),
            models.Index(
                fields=("label_expires_at",),
                condition=models.Q(status=choices.Shipment.Status.LABEL_READY),
                name="deliveries_shipment_expiring",
            ),
        )

    def __str__(self) -> str:
        return f"{self.direction} {self.status}"

    @property
    def order(self) -> "Order":
        return self.ret.order
