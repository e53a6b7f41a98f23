from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import models

from apps.core.constraints import StatusMoves, tenant
from apps.core.errors import DomainError
from apps.core.models import MoneyOf, TenantModel
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.orders import choices
from apps.orders.modules.inventory.managers import (
    RestockMovementManager,
    StockLevelManager,
    StockReservationManager,
)


class OutOfStock(DomainError):
    code = "out_of_stock"
    title = "The variant has fewer units than asked for"
    status = 409


class StockLevel(RecordsEvents, TenantModel):
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

    @verb
    def reserve(self, exchange_line_id: UUID, quantity: int, until: datetime) -> "StockReservation":
        """Hold units for an exchange line, once; a repeat gives the same. Raises OutOfStock."""
        statuses = choices.StockReservation.Status
        held = self.reservations.filter(
            exchange_line_id=exchange_line_id, status__in=(statuses.HELD, statuses.USED)
        ).first()
        if held is not None:
            return held
        if quantity > self.available:
            raise OutOfStock(variant=self.variant_id, asked=quantity, left=self.available)
        self.reserved += quantity
        reservation = StockReservation(
            merchant_id=self.merchant_id,
            level=self,
            exchange_line_id=exchange_line_id,
            quantity=quantity,
            expires_at=until,
        )
        reservation.save(force_insert=True)
        return reservation

    @verb
    def restock(self, movement: "RestockMovement") -> "RestockMovement":
        """Put the units of a return line on the shelf, once; a repeat gives the first movement."""
        before = self.movements.filter(return_line_id=movement.return_line_id).first()
        if before is not None:
            return before
        movement.merchant_id, movement.level = self.merchant_id, self
        movement.save(force_insert=True)
        self.on_hand += movement.quantity
        self.record(
            choices.Event.STOCK_RESTOCKED,
            line=str(movement.return_line_id),
            quantity=movement.quantity,
        )
        return movement


class StockReservation(WithStatus, TenantModel):
    """Units held for one exchange line until used, released or expired."""

    TRANSITIONS = choices.StockReservation.TRANSITIONS
    LOCKED_BEFORE = ("level",)

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
            StatusMoves(
                moves=choices.StockReservation.TRANSITIONS, name="orders_reservation_moves"
            ),
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

    @verb
    def use(self) -> None:
        """The goods leave the shelf for the exchange."""
        self.become(choices.StockReservation.Status.USED)
        self._let_go(taken=self.quantity)

    @verb
    def release(self) -> None:
        self.become(choices.StockReservation.Status.RELEASED)
        self._let_go()

    @verb
    def expire(self, at: datetime) -> bool:
        """False when it was used, let go or prolonged meanwhile."""
        if self.status != choices.StockReservation.Status.HELD or at < self.expires_at:
            return False
        self.become(choices.StockReservation.Status.EXPIRED)
        self._let_go()
        return True

    @verb
    def split(self, exchange_line_id: UUID, quantity: int) -> None:
        """Hold so many of the units for another exchange line from now on."""
        self.quantity -= quantity
        StockReservation(
            merchant_id=self.merchant_id,
            level_id=self.level_id,
            exchange_line_id=exchange_line_id,
            quantity=quantity,
            status=self.status,
            expires_at=self.expires_at,
        ).save(force_insert=True)

    def _let_go(self, taken: int = 0) -> None:
        level = self.level
        level.reserved -= self.quantity
        level.on_hand -= taken
        level.save(update_fields=["reserved", "on_hand", "updated_at"])


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
