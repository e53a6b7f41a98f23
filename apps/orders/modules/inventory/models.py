from decimal import Decimal

from django.db import models

from apps.core.constraints import tenant
from apps.core.models import MoneyOf, TenantModel
from apps.core.status import WithStatus
from apps.orders import choices
from apps.orders.modules.inventory.managers import (
    RestockMovementManager,
    StockLevelManager,
    StockReservationManager,
)


class StockLevel(TenantModel):
    """A variant that can be handed out in an exchange: its price, its stock, what is held of it."""

    store = models.ForeignKey("accounts.Store", models.CASCADE, related_name="stock")
    variant_id = models.CharField(max_length=80)
    product_id = models.CharField(max_length=80, blank=True)
    sku = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=255)
    currency = models.CharField(max_length=3)
    price_minor = models.BigIntegerField()
    tax_rate = models.CharField(max_length=12, blank=True)
    on_hand = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)

    price = MoneyOf("price_minor")

    objects = StockLevelManager()

    class Meta:
        constraints = (
            *tenant("orders_stocklevel", "store"),
            models.UniqueConstraint(fields=("store", "variant_id"), name="orders_stock_variant"),
            models.CheckConstraint(
                condition=models.Q(reserved__lte=models.F("on_hand")), name="orders_stock_reserved"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}: {self.available}"

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved

    @property
    def rate(self) -> Decimal | None:
        """Tax in percent, None when the store does not say."""
        return Decimal(self.tax_rate) if self.tax_rate else None


class StockReservation(WithStatus, TenantModel):
    """Units held for one exchange line until used, released or expired."""

    TRANSITIONS = choices.StockReservation.TRANSITIONS

    level = models.ForeignKey(StockLevel, models.PROTECT, related_name="reservations")
    exchange_line_id = models.UUIDField()
    quantity = models.PositiveIntegerField()
    status = models.CharField(
        max_length=8,
        choices=choices.StockReservation.Status.choices,
        default=choices.StockReservation.Status.HELD,
    )
    expires_at = models.DateTimeField()

    objects = StockReservationManager()

    class Meta:
        constraints = (
            *tenant("orders_stockreservation", "level"),
            models.UniqueConstraint(
                fields=("merchant", "exchange_line_id"),
                condition=models.Q(status=choices.StockReservation.Status.HELD),
                name="orders_reservation_one_held",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1), name="orders_reservation_quantity"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} ({self.status})"


class RestockMovement(TenantModel):
    """Units of one return line put back on the shelf, once."""

    level = models.ForeignKey(StockLevel, models.PROTECT, related_name="movements")
    return_line_id = models.UUIDField()
    quantity = models.PositiveIntegerField()
    location = models.ForeignKey(
        "accounts.Location", models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    objects = RestockMovementManager()

    class Meta:
        constraints = (
            *tenant("orders_restock", "level", "location"),
            models.UniqueConstraint(
                fields=("merchant", "return_line_id"), name="orders_restock_once"
            ),
        )

    def __str__(self) -> str:
        return f"+{self.quantity}"
