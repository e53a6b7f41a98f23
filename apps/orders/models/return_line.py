from django.db import models

from apps.core.constraints import StatusMoves, tenant
from apps.core.models import MoneyOf, TenantModel
from apps.orders import choices
from apps.orders.managers import ReturnLineItemManager
from apps.orders.mixins.unit_decision import UnitDecisionMixin


class ReturnLineItem(UnitDecisionMixin, TenantModel):
    """Units of one order line in one return; a line decided two ways is split into two rows."""

    ret = models.ForeignKey("orders.Return", models.CASCADE, related_name="lines")
    line_item = models.ForeignKey("orders.LineItem", models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField()
    wish = models.CharField(
        max_length=8,
        choices=choices.ReturnLineItem.Wish.choices,
        default=choices.ReturnLineItem.Wish.REFUND,
    )
    reason = models.ForeignKey(
        "orders.ReturnReason", models.PROTECT, null=True, blank=True, related_name="+"
    )
    sub_reason = models.ForeignKey(
        "orders.ReturnReason", models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.CharField(max_length=1000, blank=True)
    images = models.JSONField(default=list, blank=True)
    reception = models.CharField(
        max_length=10,
        choices=choices.ReturnLineItem.Reception.choices,
        default=choices.ReturnLineItem.Reception.AWAITING,
    )
    decision = models.CharField(
        max_length=10,
        choices=choices.ReturnLineItem.Decision.choices,
        default=choices.ReturnLineItem.Decision.PENDING,
    )
    reject_reason = models.CharField(max_length=1000, blank=True)
    disposition = models.CharField(
        max_length=20, choices=choices.ReturnLineItem.Disposition.choices, blank=True
    )
    grade = models.CharField(max_length=1, choices=choices.ReturnLineItem.Grade.choices, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    waives_fees = models.BooleanField(default=False)
    received_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    amount = MoneyOf("amount_minor")
    tax = MoneyOf("tax_minor")
    refunded = MoneyOf("refunded_minor")

    objects = ReturnLineItemManager()

    class Meta:
        ordering = ("id",)
        constraints = (
            *tenant("orders_returnline", "ret", "line_item", "reason", "sub_reason"),
            StatusMoves(
                moves=choices.ReturnLineItem.RECEPTION_TRANSITIONS,
                name="orders_returnline_reception_moves",
                field="reception",
            ),
            StatusMoves(
                moves=choices.ReturnLineItem.DECISION_TRANSITIONS,
                name="orders_returnline_decision_moves",
                field="decision",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1), name="orders_returnline_quantity"
            ),
            models.CheckConstraint(
                condition=models.Q(refunded_minor__gte=0), name="orders_returnline_refund"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} of {self.line_item_id}"
