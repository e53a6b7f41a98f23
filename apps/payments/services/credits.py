"""Store credit looked up by its code, and closed when its time is over."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.payments.gateways.store_credit.codes import code_hash
from apps.payments.gateways.store_credit.models import StoreCreditAccount

if TYPE_CHECKING:
    from apps.accounts.models import Merchant

AT_ONCE = 500


def find_credit(merchant: "Merchant", code: str) -> StoreCreditAccount | None:
    """However it was typed; None for a code of another merchant or of nobody."""
    accounts = StoreCreditAccount.objects.for_merchant(merchant)
    return accounts.filter(code_hash=code_hash(code)).first()


def expire_credits(at: datetime) -> int:
    return sum(account.expire(at) for account in StoreCreditAccount.objects.run_out(at)[:AT_ONCE])
