"""Mollie's balance transactions into movements of refunds: pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from apps.core.money import Money
from apps.payments.dtos import Movement
from apps.payments.gateways.base import UnknownKind, utc_of

REFUNDS = ("refund", "returned-refund")
# The other kinds that Mollie's API description names; refunds of Connect are the platform's.
_OTHERS = """
api-payment-rolling-reserve-release application-fee balance-correction balance-reserve
balance-reserve-return bank-charged-failure-fee canceled-outgoing-transfer capture
capture-commission capture-rolling-reserve-release cash-advance-loan cash-collateral-issuance
cash-collateral-release chargeback chargeback-compensation chargeback-reversal failed-payment
failed-payment-fee failed-split-payment-compensation failed-split-payment-platform
incoming-transfer invoice-compensation managed-fee movement outgoing-transfer payment
payment-commission payment-fee platform-connected-organizations-fee platform-payment-chargeback
platform-payment-refund post-payment-split-payment refund-compensation reimbursement-fee
returned-managed-fee returned-platform-payment-refund returned-refund-compensation
returned-transfer reversed-chargeback-compensation reversed-platform-payment-chargeback
split-payment split-transaction topup unauthorized-direct-debit
"""
OTHERS = frozenset(_OTHERS.split())


def movements_of(row: Any) -> Iterator[Movement]:
    """`initialAmount` is the sum before Mollie's fee."""
    kind = str(row["type"])
    if kind in OTHERS:
        return
    if kind not in REFUNDS:
        raise UnknownKind(kind)
    money, about = row["initialAmount"], _about(row["context"], kind)
    yield Movement(
        refund=str(about["refundId"]),
        amount=Money.of(money["value"], money["currency"]),
        at=utc_of(row["createdAt"]),
        source=str(about["paymentId"]),
    )


def is_before(row: Any, since: datetime) -> bool:
    """False for a line that does not say when."""
    try:
        return utc_of(row["createdAt"]) < since
    except (KeyError, TypeError, ValueError):
        return False


def name_of(row: Any) -> str:
    return str((row.get("id") if isinstance(row, dict) else None) or "without an id")


def _about(context: Any, kind: str) -> Any:
    """Flat in Mollie's guide, under the name of the kind in its API description."""
    return context.get(kind, context)
