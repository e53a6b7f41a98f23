from decimal import Decimal

from django.db import models

from apps.core.constraints import StatusMoves, tenant
from apps.core.models import MoneyOf, TenantModel
from apps.core.status import WithStatus
from apps.orders import choices
from apps.orders.managers import ExchangeLineItemManager
from apps.orders.mixins.exchange import ExchangeMixin


class ExchangeLineItem(ExchangeMixin, WithStatus, TenantModel):
    """The goods a shopper wants instead; sums are per line, discount and tax within the price's
    basis."""

    TRANSITIONS = choices.ExchangeLineItem.TRANSITIONS
    # Its events are told of the return, whose lock keeps their sequence without a gap.
    LOCKED_BEFORE = ("ret",)

    ret = models.ForeignKey("orders.Return", models.CASCADE, related_name="exchanges")
    return_line = models.ForeignKey(
        "orders.ReturnLineItem", models.CASCADE, related_name="exchanges"
    )
    variant_id = models.CharField(max_length=80)
    sku = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=255)
    quantity = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    price_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    tax_rate = models.CharField(max_length=12, blank=True)
    fallback = models.CharField(
        max_length=8,
        choices=choices.ExchangeLineItem.Fallback.choices,
        default=choices.ExchangeLineItem.Fallback.REFUND,
    )
    platform_order_id = models.CharField(max_length=80, blank=True)
    replacement = models.JSONField(
        null=True, blank=True, help_text="What is paid instead, where they ran out once settled"
    )
    status = models.CharField(
        max_length=14,
        choices=choices.ExchangeLineItem.Status.choices,
        default=choices.ExchangeLineItem.Status.REQUESTED,
    )

    price = MoneyOf("price_minor")
    discount = MoneyOf("discount_minor")
    tax = MoneyOf("tax_minor")

    objects = ExchangeLineItemManager()

    class Meta:
        ordering = ("id",)
        constraints = (
            *tenant("orders_exchangeline", "ret", "return_line"),
            StatusMoves(moves=choices.ExchangeLineItem.TRANSITIONS, name="orders_exchange_moves"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1), name="orders_exchangeline_quantity"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} x {self.title}"

    @property
    def rate(self) -> Decimal | None:
        """Tax in percent, None when the store does not say."""
        return Decimal(self.tax_rate) if self.tax_rate else None
