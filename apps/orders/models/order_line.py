from django.db import models

from apps.core.constraints import tenant
from apps.core.models import MoneyOf, TenantModel
from apps.orders.managers import LineItemManager


class LineItem(TenantModel):
    """One line of an order. `total` is on the order's tax basis, `paid` is what the shopper paid
    with tax. `returned_quantity` counts units of live return lines, `refunded_quantity` those of
    them that are settled, `exchanged_quantity` those settled by other goods."""

    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="lines")
    external_id = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    product_id = models.CharField(max_length=80, blank=True)
    variant_id = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=255)
    variant_title = models.CharField(max_length=120, blank=True)
    sku = models.CharField(max_length=80, blank=True)
    ean = models.CharField(max_length=20, blank=True)
    category = models.CharField(max_length=120, blank=True)
    quantity = models.PositiveIntegerField()
    fulfilled_quantity = models.PositiveIntegerField()
    returned_quantity = models.PositiveIntegerField(default=0)
    refunded_quantity = models.PositiveIntegerField(default=0)
    exchanged_quantity = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    unit_price_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    discounts = models.JSONField(default=list, blank=True)
    taxes = models.JSONField(default=list, blank=True)
    is_final_sale = models.BooleanField(default=False)
    is_gift = models.BooleanField(default=False)
    is_returnable = models.BooleanField(default=True)
    hs_code = models.CharField(max_length=16, blank=True)
    origin_country = models.CharField(max_length=2, blank=True)
    weight_grams = models.PositiveIntegerField(default=0)
    image_url = models.CharField(max_length=500, blank=True)

    unit_price = MoneyOf("unit_price_minor")
    total = MoneyOf("total_minor")
    tax = MoneyOf("tax_minor")
    paid = MoneyOf("paid_minor")
    refunded = MoneyOf("refunded_minor")

    objects = LineItemManager()

    class Meta:
        ordering = ("position", "id")
        constraints = (
            *tenant("orders_lineitem", "order"),
            models.UniqueConstraint(fields=("order", "external_id"), name="orders_line_external"),
            models.CheckConstraint(
                condition=models.Q(
                    exchanged_quantity__lte=models.F("refunded_quantity"),
                    refunded_quantity__lte=models.F("returned_quantity"),
                    returned_quantity__lte=models.F("fulfilled_quantity"),
                    fulfilled_quantity__lte=models.F("quantity"),
                ),
                name="orders_line_units_cap",
            ),
            models.CheckConstraint(
                # Below zero: a line that was kept and lost its discount to another's return.
                condition=models.Q(refunded_minor__lte=models.F("paid_minor")),
                name="orders_line_refund_cap",
            ),
        )
        indexes = (models.Index(fields=("merchant", "sku"), name="orders_line_sku"),)

    def __str__(self) -> str:
        return f"{self.quantity} x {self.title}"

    @property
    def returnable_quantity(self) -> int:
        return self.fulfilled_quantity - self.returned_quantity
