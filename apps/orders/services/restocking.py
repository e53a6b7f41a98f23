"""Goods that were accepted for the shelf go back on it."""

from datetime import datetime
from uuid import UUID

from apps.orders.choices import ReturnLineItem as Units
from apps.orders.models import ReturnLineItem
from apps.orders.modules.inventory import services as inventory


def restock_return(ret_id: UUID, at: datetime) -> int:
    """Each unit once, however often it is called; returns how many lines have stock of theirs.

    Only units that arrived, were accepted and are disposed of as restocked.
    """
    lines = ReturnLineItem.objects.filter(
        ret_id=ret_id,
        reception=Units.Reception.RECEIVED,
        decision=Units.Decision.ACCEPTED,
        disposition=Units.Disposition.RESTOCKED,
    )
    with_stock = lines.select_related("ret__store", "line_item").order_by("id")
    return sum(inventory.restock(line, None, at) is not None for line in with_stock)
