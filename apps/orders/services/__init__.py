"""What others ask of orders; one import for all of it."""

from apps.orders.services.bulk_importing import import_orders
from apps.orders.services.importing import ImportOutcome, import_order
from apps.orders.services.opening import OpenedReturn, open_return
from apps.orders.services.quoting import quote_return

__all__ = [
    "ImportOutcome",
    "OpenedReturn",
    "import_order",
    "import_orders",
    "open_return",
    "quote_return",
]
