"""Stripe's balance transactions into movements of refunds: pure."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from apps.payments.dtos import Movement
from apps.payments.gateways.base import UnknownKind
from apps.payments.gateways.stripe.mappers import from_stripe

REFUNDS = ("refund", "refund_failure", "payment_refund", "payment_failure_refund")
# The kinds that the pinned SDK names and that are about no refund.
_OTHERS = """
adjustment advance advance_funding anticipation_repayment application_fee
application_fee_refund charge climate_order_purchase climate_order_refund
connect_collection_transfer contribution fee_credit_funding inbound_transfer
inbound_transfer_reversal issuing_authorization_hold issuing_authorization_release
issuing_dispute issuing_dispute_provisional_credit issuing_dispute_provisional_credit_reversal
issuing_transaction obligation_outbound obligation_reversal_inbound payment
payment_network_reserve_hold payment_network_reserve_release payment_reversal
payment_unreconciled payout payout_cancel payout_failure payout_minimum_balance_hold
payout_minimum_balance_release reserve_hold reserve_release reserve_transaction reserved_funds
stripe_balance_payment_debit stripe_balance_payment_debit_reversal stripe_fee stripe_fx_fee
tax_fee tax_fund topup topup_reversal transfer transfer_cancel transfer_failure
transfer_refund
"""
OTHERS = frozenset(_OTHERS.split())


def movements_of(row: Mapping[str, Any]) -> Iterator[Movement]:
    """Of one that is not among the others, which are a shop's many sales."""
    kind = str(row["type"])
    if kind not in REFUNDS:
        raise UnknownKind(kind)
    yield Movement(
        refund=str(row["source"]),
        amount=from_stripe(int(row["amount"]), str(row["currency"]).upper()),
        at=datetime.fromtimestamp(int(row["created"]), UTC),
    )
