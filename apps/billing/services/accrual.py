"""What happened below becomes a fee, exactly once, at the prices of the day it happened."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from apps.billing import choices
from apps.billing.calculator.periods import month_of
from apps.billing.dtos import Charge
from apps.billing.helpers import day_of
from apps.billing.models import Fee, FeeSchedule, Subscription
from apps.billing.modules.documents.sheet import CREDITED
from apps.core.errors import DomainError
from apps.core.money import Money
from apps.payments.limits import needs_second_person

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.users.models import User

Kind = choices.Fee.Kind
BASIS_POINTS = 10_000


class FeeDiffers(DomainError):
    code = "fee_differs"
    title = "This was billed already, with another amount"
    status = 409


class NoPrice(DomainError):
    code = "no_price"
    title = "The merchant's plan has no prices in this currency"
    status = 409


class CreditTooLarge(DomainError):
    code = "credit_too_large"
    title = "A credit is above zero; a large one needs a credit note and a second person"
    status = 403


def accrue(charge: Charge) -> Fee | None:
    """The fee of this kind and subject, made now or before; None where the amount is zero.

    Raises FeeDiffers: it is there with another amount, which is somebody's fault.
    """
    if not charge.amount:
        return None
    fee = _fee(charge)
    Fee.objects.bulk_create([fee], ignore_conflicts=True)
    kept = Fee.objects.get(
        merchant_id=charge.merchant_id,
        kind=charge.kind,
        subject_type=charge.subject[0],
        subject_id=charge.subject[1],
        reference=charge.reference,
    )
    if kept.amount != charge.amount:
        raise FeeDiffers(fee=str(kept.pk), known={**kept.amount.as_json()})
    return kept


def prices_on(merchant_id: UUID, at: datetime, currency: str = "") -> FeeSchedule | None:
    """Of the plan that the merchant had then, in its own currency or another; None without one."""
    day = day_of(at)
    subscription = Subscription.objects.filter(merchant_id=merchant_id).on(day).first()
    if subscription is None:
        return None
    return FeeSchedule.objects.in_force(
        subscription.plan_id, currency or subscription.currency, day
    )


def accrue_request(merchant_id: UUID, ret_id: UUID, at: datetime, event_id: UUID) -> Fee | None:
    """The fee of one return; nothing without a plan."""
    prices = prices_on(merchant_id, at)
    if prices is None:
        return None
    subject = ("orders.return", ret_id)
    return accrue(
        Charge(
            merchant_id=merchant_id,
            kind=Kind.REQUEST,
            amount=prices.per_request,
            subject=subject,
            at=at,
            event_id=event_id,
        )
    )


def accrue_label(
    merchant_id: UUID, label_id: UUID, cost: Money | None, at: datetime, event_id: UUID
) -> Fee | None:
    """A label bought from a carrier: the fixed fee, and its cost with the margin where known.

    Raises NoPrice when the cost is in a currency that the plan does not have.
    """
    prices = prices_on(merchant_id, at, cost.currency if cost else "")
    if prices is None:
        _check_price(merchant_id, at, cost)
        return None
    amount = prices.label
    if cost is not None:
        margin = cost.share(prices.label_margin_bp, BASIS_POINTS)
        amount = amount + cost + margin
    return accrue(
        Charge(
            merchant_id=merchant_id,
            kind=Kind.LOGISTICS,
            amount=amount,
            subject=("deliveries.label", label_id),
            at=at,
            event_id=event_id,
        )
    )


def accrue_instant(
    merchant_id: UUID, advance: Money, subject: tuple[str, UUID], at: datetime, event_id: UUID
) -> Fee | None:
    """The fee of an advance that was paid: a fixed sum and basis points of it, rounded half-up.

    Raises NoPrice when the plan has no prices in the currency of the advance.
    """
    prices = prices_on(merchant_id, at, advance.currency)
    if prices is None:
        _check_price(merchant_id, at, advance)
        return None
    amount = prices.instant + advance.share(prices.instant_bp, BASIS_POINTS)
    return accrue(
        Charge(
            merchant_id=merchant_id,
            kind=Kind.INSTANT,
            amount=amount,
            subject=subject,
            at=at,
            event_id=event_id,
        )
    )


def accrue_disbursement(
    merchant_id: UUID, advance: Money, subject: tuple[str, UUID], at: datetime, event_id: UUID
) -> Fee | None:
    """An advance that the merchant owes now: passed on as it is, without VAT."""
    return _pass_on(Kind.DISBURSEMENT, merchant_id, advance, subject, at, event_id)


def accrue_reimbursement(
    merchant_id: UUID, owed: Money, subject: tuple[str, UUID], at: datetime, event_id: UUID
) -> Fee | None:
    """Goods that the merchant paid back and did not get: the platform owes it, without VAT."""
    return _pass_on(Kind.REIMBURSED, merchant_id, -owed, subject, at, event_id)


def accrue_taken_back(
    merchant_id: UUID, owed: Money, subject: tuple[str, UUID], at: datetime, event_id: UUID
) -> Fee | None:
    """The merchant got the goods after all, or bears them: it owes the reimbursement again."""
    return _pass_on(Kind.TAKEN_BACK, merchant_id, owed, subject, at, event_id)


def _pass_on(
    kind: Kind,
    merchant_id: UUID,
    amount: Money,
    subject: tuple[str, UUID],
    at: datetime,
    event_id: UUID,
) -> Fee | None:
    return accrue(
        Charge(
            merchant_id=merchant_id,
            kind=kind,
            amount=amount,
            subject=subject,
            at=at,
            event_id=event_id,
        )
    )


def give_credit(
    merchant: "Merchant", amount: Money, reason: str, by: "User", at: datetime, key: UUID
) -> Fee | None:
    """Taken off the next invoice, before VAT; `key` makes a repeated call the same credit.

    Raises CreditTooLarge above the limit of one person.
    """
    if amount.minor <= 0 or needs_second_person(amount):
        raise CreditTooLarge(amount={**amount.as_json()})
    return accrue(
        Charge(
            merchant_id=merchant.pk,
            kind=Kind.CREDIT,
            amount=-amount,
            subject=("users.user", by.pk),
            reference=key.hex,
            at=at,
            description=f"{CREDITED}{reason}",
        )
    )


def _fee(charge: Charge) -> Fee:
    outside = charge.kind in choices.Fee.OUTSIDE
    return Fee(
        merchant_id=charge.merchant_id,
        kind=charge.kind,
        vat_class=choices.Vat.Class.OUTSIDE if outside else choices.Vat.Class.SERVICE,
        currency=charge.amount.currency,
        amount_minor=charge.amount.minor,
        description=(charge.description or Kind(charge.kind).label)[:140],
        subject_type=charge.subject[0],
        subject_id=charge.subject[1],
        reference=charge.reference,
        event_id=charge.event_id,
        occurred_at=charge.at,
        period=month_of(day_of(charge.at)),
    )


def _check_price(merchant_id: UUID, at: datetime, amount: Money | None) -> None:
    """A merchant without a plan owes nothing; one whose plan lacks the currency needs a person."""
    if amount is not None and prices_on(merchant_id, at) is not None:
        raise NoPrice(currency=amount.currency)
