from django.db import models

from apps.core.constraints import tenant
from apps.core.models import MoneyOf, TenantModel
from apps.orders import choices
from apps.orders.managers import OrderManager, OrderTenderManager
from apps.orders.mixins.anonymization import AnonymizationMixin
from apps.orders.mixins.order_refunds import OrderRefundsMixin
from apps.orders.mixins.return_window import ReturnWindowMixin
from apps.orders.mixins.totals import TotalsMixin
from apps.orders.mixins.underwriting import UnderwritingFactsMixin
from apps.underwriting.mixins.engine import WithUnderWritingEngine


class Order(
    AnonymizationMixin,
    OrderRefundsMixin,
    TotalsMixin,
    ReturnWindowMixin,
    UnderwritingFactsMixin,
    WithUnderWritingEngine,
    TenantModel,
):
    """An order as the shop stored it; sums are gross and in the shop's currency."""

    store = models.ForeignKey("accounts.Store", models.PROTECT, related_name="orders")
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, null=True, blank=True, related_name="orders"
    )
    external_id = models.CharField(max_length=80)
    number = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    presentment_currency = models.CharField(max_length=3, blank=True)
    presentment_rate = models.CharField(max_length=24, blank=True)
    tax_included = models.BooleanField(default=True)
    placed_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    platform_updated_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(
        null=True, blank=True, help_text="When the reading at the shop began that told this"
    )
    version = models.PositiveIntegerField(default=1)
    snapshot_hash = models.CharField(max_length=64)
    total_minor = models.BigIntegerField()
    captured_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    shipping_minor = models.BigIntegerField(default=0)
    shipping_tax_minor = models.BigIntegerField(default=0)
    shipping_refunded_minor = models.BigIntegerField(default=0)
    duties_minor = models.BigIntegerField(default=0)
    duties_refunded_minor = models.BigIntegerField(default=0)
    shipping_lines = models.JSONField(default=list, blank=True)
    discounts = models.JSONField(default=list, blank=True)
    tags = models.JSONField(default=list, blank=True)
    shipping_address = models.JSONField(default=dict, blank=True)
    email = models.CharField(max_length=254, blank=True)
    flags = models.JSONField(default=list, blank=True)

    total = MoneyOf("total_minor")
    captured = MoneyOf("captured_minor")
    refunded = MoneyOf("refunded_minor")
    shipping = MoneyOf("shipping_minor")
    shipping_tax = MoneyOf("shipping_tax_minor")
    shipping_refunded = MoneyOf("shipping_refunded_minor")
    duties = MoneyOf("duties_minor")
    duties_refunded = MoneyOf("duties_refunded_minor")

    objects = OrderManager()

    class Meta:
        constraints = (
            *tenant("orders_order", "store", "customer"),
            models.UniqueConstraint(fields=("store", "external_id"), name="orders_order_external"),
            models.CheckConstraint(
                condition=models.Q(
                    refunded_minor__gte=0, refunded_minor__lte=models.F("captured_minor")
                ),
                name="orders_order_refund_cap",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    shipping_refunded_minor__gte=0,
                    shipping_refunded_minor__lte=models.F("shipping_minor"),
                    duties_refunded_minor__gte=0,
                    duties_refunded_minor__lte=models.F("duties_minor"),
                ),
                name="orders_order_extras_cap",
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "-placed_at", "-id"), name="orders_order_list"),
            models.Index(fields=("store", "number"), name="orders_order_number"),
            models.Index(fields=("merchant", "email"), name="orders_order_email"),
            models.Index(fields=("merchant", "updated_at", "id"), name="orders_order_updated"),
            models.Index(fields=("merchant", "customer", "placed_at"), name="orders_order_history"),
            models.Index(
                fields=("merchant", "-placed_at", "-id"),
                condition=~models.Q(flags=[]),
                name="orders_order_flagged",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def postcode(self) -> str:
        return "".join(str(self.shipping_address.get("postcode", "")).split()).upper()


class OrderTender(TenantModel):
    """One payment of the order; refunds to it, done or in flight, never pass what it captured.

    `at_shop` is the part of `refunded` that the shop itself makes, and so tells of.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="tenders")
    external_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=choices.Order.TenderKind.choices)
    gateway = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3)
    captured_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    at_shop_minor = models.BigIntegerField(default=0)

    captured = MoneyOf("captured_minor")
    refunded = MoneyOf("refunded_minor")

    objects = OrderTenderManager()

    class Meta:
        constraints = (
            *tenant("orders_ordertender", "order"),
            models.UniqueConstraint(fields=("order", "external_id"), name="orders_tender_external"),
            models.CheckConstraint(
                condition=models.Q(
                    refunded_minor__gte=0, refunded_minor__lte=models.F("captured_minor")
                ),
                name="orders_tender_refund_cap",
            ),
            models.CheckConstraint(
                condition=models.Q(at_shop_minor__gte=0), name="orders_tender_at_shop"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.captured}"

    @property
    def is_credit(self) -> bool:
        return self.kind in (choices.Order.TenderKind.CREDIT, choices.Order.TenderKind.GIFT_CARD)
