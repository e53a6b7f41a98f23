from apps.orders.admin.imports import ImportJobAdmin
from apps.orders.admin.orders import OrderAdmin
from apps.orders.admin.recoveries import RecoveryAdmin
from apps.orders.admin.returns import ReturnAdmin
from apps.orders.admin.shop_rules import PolicyAdmin, ReturnReasonAdmin
from apps.orders.admin.stock import StockLevelAdmin

__all__ = [
    "ImportJobAdmin",
    "OrderAdmin",
    "PolicyAdmin",
    "RecoveryAdmin",
    "ReturnAdmin",
    "ReturnReasonAdmin",
    "StockLevelAdmin",
]
