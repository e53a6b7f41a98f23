from apps.orders.models.exchange import ExchangeLineItem
from apps.orders.models.importing import ImportIssue, ImportJob
from apps.orders.models.order import Order, OrderTender
from apps.orders.models.order_line import LineItem
from apps.orders.models.quote import Quote
from apps.orders.models.reason import ReturnReason
from apps.orders.models.ret import Return
from apps.orders.models.return_line import ReturnLineItem
from apps.orders.modules.advances.models import Advance, AdvanceConsent, AdvancePart
from apps.orders.modules.eligibility.models import Policy, PolicyRule
from apps.orders.modules.inventory.models import RestockMovement, StockLevel, StockReservation
from apps.orders.modules.privacy.models import PrivacyRequest
from apps.orders.modules.recoveries.models import (
    Recovery,
    RecoveryAttempt,
    RecoveryCollection,
)

__all__ = [
    "Advance",
    "AdvanceConsent",
    "AdvancePart",
    "ExchangeLineItem",
    "ImportIssue",
    "ImportJob",
    "LineItem",
    "Order",
    "OrderTender",
    "Policy",
    "PolicyRule",
    "PrivacyRequest",
    "Quote",
    "Recovery",
    "RecoveryAttempt",
    "RecoveryCollection",
    "RestockMovement",
    "Return",
    "ReturnLineItem",
    "ReturnReason",
    "StockLevel",
    "StockReservation",
]
