"""Which event moves which sums between which accounts: pure, one table (docs/ledger.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.core.money import Money
from apps.payments.choices import Ledger, Payment

type Legs = tuple[tuple[str, Money], ...]
type Sides = tuple[str, str]

A, G, P = Ledger.Account, Payment.Gateway, Payment.Purpose

# By gateway: the account debited, then the one credited.
SENT: Mapping[str, Sides] = {
    G.BANK_TRANSFER: (A.REFUNDS_PAYABLE, A.BANK_IN_TRANSIT),
    G.STRIPE: (A.REFUNDS_PAYABLE, A.STRIPE_IN_TRANSIT),
    G.PAYPAL: (A.REFUNDS_PAYABLE, A.PAYPAL_IN_TRANSIT),
    G.ADYEN: (A.REFUNDS_PAYABLE, A.ADYEN_IN_TRANSIT),
    G.MOLLIE: (A.REFUNDS_PAYABLE, A.MOLLIE_IN_TRANSIT),
    G.PLATFORM: (A.REFUNDS_PAYABLE, A.SHOP_IN_TRANSIT),
    G.SHOP_CREDIT: (A.REFUNDS_PAYABLE, A.SHOP_IN_TRANSIT),
}
SUCCEEDED: Mapping[str, Sides] = {
    G.STORE_CREDIT: (A.REFUNDS_PAYABLE, A.STORE_CREDIT_LIABILITY),
    G.BANK_TRANSFER: (A.BANK_IN_TRANSIT, A.BANK),
    G.MANUAL: (A.REFUNDS_PAYABLE, A.EXTERNAL_SETTLEMENT),
    G.STRIPE: (A.STRIPE_IN_TRANSIT, A.STRIPE_BALANCE),
    G.PAYPAL: (A.PAYPAL_IN_TRANSIT, A.PAYPAL_BALANCE),
    G.ADYEN: (A.ADYEN_IN_TRANSIT, A.ADYEN_BALANCE),
    G.MOLLIE: (A.MOLLIE_IN_TRANSIT, A.MOLLIE_BALANCE),
    G.PLATFORM: (A.SHOP_IN_TRANSIT, A.SHOP_BALANCE),
    G.SHOP_CREDIT: (A.SHOP_IN_TRANSIT, A.SHOP_CREDIT_LIABILITY),
}
RETURNED: Mapping[str, Sides] = {
    G.BANK_TRANSFER: (A.BANK, A.REFUNDS_PAYABLE),
    G.STRIPE: (A.STRIPE_BALANCE, A.REFUNDS_PAYABLE),
    G.PAYPAL: (A.PAYPAL_BALANCE, A.REFUNDS_PAYABLE),
    G.ADYEN: (A.ADYEN_BALANCE, A.REFUNDS_PAYABLE),
    G.MOLLIE: (A.MOLLIE_BALANCE, A.REFUNDS_PAYABLE),
    G.PLATFORM: (A.SHOP_BALANCE, A.REFUNDS_PAYABLE),
    G.SHOP_CREDIT: (A.SHOP_CREDIT_LIABILITY, A.REFUNDS_PAYABLE),
}
# An advance by bank transfer is the platform's own money; all others are the merchant's.
PLATFORM_PAYS_BY = G.BANK_TRANSFER
ADVANCE_PROMISED: Sides = (A.ADVANCES, A.ADVANCES_PAYABLE)
ADVANCE_SENT: Sides = (A.ADVANCES_PAYABLE, A.PLATFORM_IN_TRANSIT)
ADVANCE_ARRIVED: Sides = (A.PLATFORM_IN_TRANSIT, A.PLATFORM_BANK)
ADVANCE_RETURNED: Sides = (A.PLATFORM_BANK, A.ADVANCES_PAYABLE)
# Of goods that ran out: what was granted as goods, or was granted and never posted, is to be paid.
PAID_INSTEAD: Sides = (A.EXCHANGE_GOODS, A.REFUNDS_PAYABLE)
PAID_INSTEAD_OF_NONE: Sides = (A.REFUNDS_GRANTED, A.REFUNDS_PAYABLE)
ADVANCE_ACCEPTED: Sides = (A.DISBURSEMENTS, A.ADVANCES)
ADVANCE_SHORT: Sides = (A.SHOPPER_RECEIVABLE, A.ADVANCES)
MERCHANT_SHORT: Sides = (A.SHOPPER_RECEIVABLE, A.MERCHANT_PAYABLE)
RECOVERY_GIVEN_UP: Sides = (A.ADVANCE_LOSSES, A.SHOPPER_RECEIVABLE)
RECOVERY_PAID_AFTER_ALL: Sides = (A.SHOPPER_RECEIVABLE, A.ADVANCE_LOSSES)
# By purpose: what is earned, or no longer owed, when the shopper pays.
EARNED: Mapping[str, str] = {
    P.PRICE_DIFFERENCE: A.PRICE_DIFFERENCES,
    P.FEE: A.PRICE_DIFFERENCES,
    P.RECOVERY: A.SHOPPER_RECEIVABLE,
}
# A merchant's account at Stripe, and where the same is booked when it is the platform's.
OF_PLATFORM: Mapping[str, str] = {
    A.STRIPE_IN_TRANSIT: A.PLATFORM_STRIPE_TRANSIT,
    A.STRIPE_BALANCE: A.PLATFORM_STRIPE,
}
CREDIT_SPENT: Sides = (A.STORE_CREDIT_LIABILITY, A.CREDIT_REDEEMED)
SHOP_CREDIT_VOIDED: Sides = (A.SHOP_CREDIT_LIABILITY, A.CREDIT_FORFEITED)
CREDIT_FORFEITED: Sides = (A.STORE_CREDIT_LIABILITY, A.CREDIT_FORFEITED)
INVOICE_PAID: Sides = (A.PLATFORM_BANK, A.MERCHANT_RECEIVABLE)
INVOICE_PAID_BY_STRIPE: Sides = (A.PLATFORM_STRIPE, A.MERCHANT_RECEIVABLE)
INVOICE_GIVEN_UP: Sides = (A.BAD_DEBTS, A.MERCHANT_RECEIVABLE)
CREDIT_NOTE_PAID: Sides = (A.MERCHANT_RECEIVABLE, A.PLATFORM_BANK)
MERCHANT_PAID_OUT: Sides = (A.MERCHANT_PAYABLE, A.PLATFORM_BANK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Parts of a breakdown above zero, as the calculator signs them: fees and new goods below."""

    refund: Money
    fees: Money
    new_goods: Money
    bonus: Money


def promised(promise: Promise) -> Legs:
    """The debt to the shopper, and what it is made of; parts of zero leave no entry."""
    granted = promise.refund - promise.fees - promise.new_goods - promise.bonus
    legs = (
        (A.REFUNDS_GRANTED, granted),
        (A.BONUS_EXPENSE, promise.bonus),
        (A.FEES_WITHHELD, promise.fees),
        (A.EXCHANGE_GOODS, promise.new_goods),
        (A.REFUNDS_PAYABLE, -promise.refund),
    )
    return tuple((account, amount) for account, amount in legs if amount)


def advanced(purpose: str, amount: Money) -> Legs:
    """The merchant's debt for one payment of an advance; what it is for was posted before."""
    is_bonus = purpose == Payment.Purpose.ADJUSTMENT
    return move((A.BONUS_EXPENSE if is_bonus else A.REFUNDS_GRANTED, A.REFUNDS_PAYABLE), amount)


def withheld(promise: Promise) -> Legs:
    """Fees kept from an advance, and goods given with it: granted, and not paid in money."""
    legs = (
        (A.REFUNDS_GRANTED, -promise.fees - promise.new_goods),
        (A.FEES_WITHHELD, promise.fees),
        (A.EXCHANGE_GOODS, promise.new_goods),
    )
    return tuple((account, amount) for account, amount in legs if amount)


def move(sides: Sides, amount: Money) -> Legs:
    debit, credit = sides
    return ((debit, amount), (credit, -amount))


def recovery_closed(platforms: Money, merchants: Money, lost: Money) -> Legs:
    """Nothing is owed by the shopper, so the merchant bears it; what was given up is found.

    What the merchant was owed for its goods it owes again: both stand on invoices.
    """
    legs = (
        (A.DISBURSEMENTS, platforms + merchants),
        (A.SHOPPER_RECEIVABLE, lost - platforms - merchants),
        (A.ADVANCE_LOSSES, -lost),
    )
    return tuple((account, amount) for account, amount in legs if amount)


def mirrored(legs: Legs) -> Legs:
    return tuple((account, -amount) for account, amount in legs)


def invoiced(fees: Money, vat: Money, disbursed: Money, owed: Money) -> Legs:
    """The merchant's debt to the platform, less what it is owed (`owed` is below zero).

    Parts of zero leave no entry.
    """
    legs = (
        (A.MERCHANT_RECEIVABLE, fees + vat + disbursed + owed),
        (A.FEES_REVENUE, -fees),
        (A.VAT_PAYABLE, -vat),
        (A.DISBURSEMENTS, -disbursed),
        (A.MERCHANT_PAYABLE, -owed),
    )
    return tuple((account, amount) for account, amount in legs if amount)
