from apps.payments.models.account import GatewayAccount
from apps.payments.models.outside import BalanceDay, OddBalanceLine, OutsideRefund
from apps.payments.models.payment import Payment
from apps.payments.modules.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction

__all__ = [
    "BalanceDay",
    "GatewayAccount",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerTransaction",
    "OddBalanceLine",
    "OutsideRefund",
    "Payment",
]
