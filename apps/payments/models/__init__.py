from apps.payments.models.payment import Payment
from apps.payments.modules.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction

__all__ = ["LedgerAccount", "LedgerEntry", "LedgerTransaction", "Payment"]
