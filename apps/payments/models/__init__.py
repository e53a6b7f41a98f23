from apps.payments.models.account import GatewayAccount
from apps.payments.models.payment import Payment
from apps.payments.modules.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction

__all__ = ["GatewayAccount", "LedgerAccount", "LedgerEntry", "LedgerTransaction", "Payment"]
