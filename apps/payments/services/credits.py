"""Where store credit stands; ours looked up by its code, and closed when its time is over."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from apps.accounts.choices import Preferences
from apps.integrations import connecting
from apps.integrations.choices import Capability
from apps.payments import choices
from apps.payments.gateways.store_credit.codes import code_hash
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.helpers import Part

if TYPE_CHECKING:
    from apps.accounts.models import Merchant, Store
    from apps.orders.models import Return

AT_ONCE = 500
Gateway = choices.Payment.Gateway


def is_at_shop(store: "Store") -> bool:
    """Does the shop keep the credit of this store, as far as anybody can say before it is asked?"""
    if store.preferences.credit_at != Preferences.CreditAt.SHOP:
        return False
    connector = connecting.connector_of(store)
    return connector is not None and Capability.CREDIT in connector.offers


def placed(ret: "Return", parts: Iterable[Part]) -> tuple[Part, ...]:
    """Credit is the shop's where it keeps it; of another currency than the shop's it is ours."""
    parts = tuple(parts)
    ours = any(part.gateway == Gateway.STORE_CREDIT for part in parts)
    if not ours or ret.currency != ret.store.currency or not is_at_shop(ret.store):
        return parts
    return tuple(
        replace(part, gateway=Gateway.SHOP_CREDIT) if part.gateway == Gateway.STORE_CREDIT else part
        for part in parts
    )


def find_credit(merchant: "Merchant", code: str) -> StoreCreditAccount | None:
    """However it was typed; None for a code of another merchant or of nobody."""
    accounts = StoreCreditAccount.objects.for_merchant(merchant)
    return accounts.filter(code_hash=code_hash(code)).first()


def expire_credits(at: datetime) -> int:
    return sum(account.expire(at) for account in StoreCreditAccount.objects.run_out(at)[:AT_ONCE])
