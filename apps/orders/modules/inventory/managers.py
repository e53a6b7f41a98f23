from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from apps.core.managers import TenantQuerySet
from apps.orders import choices

if TYPE_CHECKING:
    from apps.orders.modules.inventory.models import (
        RestockMovement,
        StockLevel,
        StockReservation,
    )


class StockLevelQuerySet(TenantQuerySet["StockLevel"]):
    def in_stock(self) -> Self:
        return self.filter(on_hand__gt=models.F("reserved"))


class StockReservationQuerySet(TenantQuerySet["StockReservation"]):
    def held(self) -> Self:
        return self.filter(status=choices.StockReservation.Status.HELD)

    def overdue(self, at: datetime) -> Self:
        return self.held().filter(expires_at__lte=at)


class RestockMovementQuerySet(TenantQuerySet["RestockMovement"]):
    pass


StockLevelManager = models.Manager.from_queryset(StockLevelQuerySet)
StockReservationManager = models.Manager.from_queryset(StockReservationQuerySet)
RestockMovementManager = models.Manager.from_queryset(RestockMovementQuerySet)
