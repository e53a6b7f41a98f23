"""Recoveries as money: a saved card is charged, or the shopper gets a link; what came in is told.

The recovery itself stands in orders.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.core.errors import DomainError
from apps.core.faults import crash_here
from apps.core.money import Money
from apps.core.verbs import lock
from apps.orders.models import Recovery, Return
from apps.payments import choices
from apps.payments.dtos import Recovering
from apps.payments.gateways.stripe.models import (
    PaymentMethodToken,
    StripeAccount,
    StripeCheckoutPayment,
    StripeRecoveryCharge,
    StripeRefund,
)
from apps.payments.gateways.stripe.takings import NEEDS_SHOPPER, is_hard
from apps.payments.models import Payment
from apps.payments.services.collecting import (
    Collection,
    GoOn,
    call_off,
    collection_of,
    give_back,
    go_on_with_return,
)
from apps.payments.services.creating import write

if TYPE_CHECKING:
    from apps.accounts.models import Merchant

logger = logging.getLogger(__name__)

Status = choices.Payment.Status
LINK_EXPIRED = "link_expired"


class NoPlatformAccount(DomainError):
    code = "no_platform_account"
    title = "The platform has no account by which recoveries are collected"
    status = 409


class UnknownCollection(DomainError):
    code = "unknown_collection"
    title = "No money came in for this recovery under this reference"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryDue:
    """One attempt at what is due; a repeat of it is the same attempt."""

    recovery_id: UUID
    ret_id: UUID
    attempt: int
    amount: Money


def platform_account(merchant: "Merchant") -> StripeAccount:
    """The platform's account in the books of this merchant; raises NoPlatformAccount."""
    key: str = settings.STRIPE_PLATFORM_KEY
    if not key:
        raise NoPlatformAccount
    account = StripeAccount.objects.of_platform(merchant.pk)
    if account is None:
        environments = choices.Payment.Environment
        is_live = "_live_" in key
        account = StripeAccount(
            merchant=merchant,
            environment=environments.LIVE if is_live else environments.TEST,
            account_id="platform",
            is_platform=True,
        )
        account.save(force_insert=True)
    return account


@transaction.atomic
def collect_recovery(due: RecoveryDue, at: datetime) -> Collection:
    """The charge of a saved card within its consent, else a link; made now or before, and one at
    a time: while another is open, that one is returned. Raises NoPlatformAccount, or what the
    recovery says against a charge: then nothing is written."""
    ret = _locked(due.ret_id)
    made = _made(due.recovery_id)
    for each in made:
        if each.attempt == due.attempt or each.status in choices.Payment.COLLECTING:
            return each
    kept = [each.left for each in made if each.status in choices.Payment.COLLECTED]
    whole = Money.total((*kept, due.amount), due.amount.currency)
    account = platform_account(ret.merchant)
    card = _card_for(ret, whole, at)
    recovery = _recovery(due.recovery_id)
    if card is None:
        recovery.needs_shopper(at, due.attempt)
        return _link(ret, account, due, at)
    recovery.charge_started(due.attempt, at)
    charge = StripeRecoveryCharge(card=card, **_facts(ret, account, due))
    write(charge)
    return charge


def collect_or_say(due: RecoveryDue, at: datetime) -> list[UUID]:
    """For the ear: a recovery that may not be charged now asks again by itself; where nothing can
    be charged at all, its attempt has failed."""
    try:
        return [collect_recovery(due, at).pk]
    except NoPlatformAccount as refusal:
        _recovery(due.recovery_id).charge_failed(refusal.code, at, due.attempt)
    except DomainError as refusal:
        logger.info("recovery %s is not charged: %s", due.recovery_id, refusal.code)
    return []


def link_or_nothing(due: RecoveryDue, at: datetime) -> list[UUID]:
    """For the ear: no page where the platform has no account; the portal goes on without."""
    try:
        return [link_recovery(due, at).pk]
    except NoPlatformAccount:
        logger.warning("no page for recovery %s: no account of the platform", due.recovery_id)
        return []


@transaction.atomic
def link_recovery(due: RecoveryDue, at: datetime) -> Collection:
    """A page on which the shopper pays by themselves: `attempt` 0. While another collection of
    the recovery is open, that one is returned. Raises NoPlatformAccount."""
    ret = _locked(due.ret_id)
    for each in _made(due.recovery_id):
        if each.status in choices.Payment.COLLECTING:
            return each
    return _link(ret, platform_account(ret.merchant), due, at)


def carry_on(payment_id: UUID, at: datetime) -> GoOn:
    """After a collection came to an end, well or not; safe to be heard twice."""
    collection = collection_of(payment_id)
    if collection is None:
        return GoOn()
    if collection.recovery_id:
        return _carry_on_recovery(collection, at)
    assert collection.ret_id is not None  # noqa: S101
    return go_on_with_return(collection.ret_id, at)


def _carry_on_recovery(collection: Collection, at: datetime) -> GoOn:
    """Tells the recovery how an attempt ended; once it is paid no page of it stays open."""
    assert collection.recovery_id is not None  # noqa: S101
    recovery = _recovery(collection.recovery_id)
    if collection.status in choices.Payment.COLLECTED:
        recovery.collected(collection.amount, collection.provider_ref, at, collection.attempt)
        pages = StripeCheckoutPayment.objects.of_recovery(collection.recovery_id)
        return GoOn(pages=tuple(call_off([page for page in pages if page != collection], at)))
    if collection.status == Status.FAILED:
        return _after_failure(recovery, collection, at)
    if collection.status == Status.EXPIRED:
        recovery.charge_failed(LINK_EXPIRED, at, collection.attempt)
    if isinstance(collection, StripeCheckoutPayment) and collection.is_offered:
        recovery.link_ready(collection.url, collection.link_until, at)
    return GoOn()


def _after_failure(recovery: Recovering, collection: Collection, at: datetime) -> GoOn:
    code = collection.failure_code
    if code == NEEDS_SHOPPER:
        crash_here("K14")
        return GoOn(payments=(send_link(collection, at).pk,))
    recovery.charge_failed(code, at, collection.attempt)
    if isinstance(collection, StripeRecoveryCharge) and is_hard(code):
        collection.card.refuse(code)
    return GoOn()


@transaction.atomic
def send_link(charge: Collection, at: datetime) -> StripeCheckoutPayment:
    """The shopper must take part: one page in the place of this charge, however often asked."""
    lock(charge.order)
    lock(charge)
    if before := StripeCheckoutPayment.objects.filter(replaces=charge).first():
        return before
    ret = charge.ret
    assert ret is not None and charge.recovery_id is not None  # noqa: S101, PT018
    due = RecoveryDue(
        recovery_id=charge.recovery_id,
        ret_id=ret.pk,
        attempt=charge.attempt,
        amount=charge.amount,
    )
    _recovery(due.recovery_id).needs_shopper(at, due.attempt)
    return _link(ret, charge.stripe_account, due, at, replaces=charge)


@transaction.atomic
def give_back_recovery(
    recovery_id: UUID, reference: str, total: Money, at: datetime
) -> StripeRefund | None:
    """To the charge that `reference` names, until `total` has gone back of it; None when it has.

    Raises UnknownCollection or MoreThanCollected.
    """
    for collection in _made(recovery_id):
        if collection.provider_ref == reference:
            lock(collection)
            back = total - collection.given_back
            return give_back(collection, back, at) if back.minor > 0 else None
    raise UnknownCollection(recovery=str(recovery_id), reference=reference)


def _made(recovery_id: UUID) -> list[Collection]:
    charges = StripeRecoveryCharge.objects.of_recovery(recovery_id)
    pages = StripeCheckoutPayment.objects.of_recovery(recovery_id)
    return [*charges, *pages]


def _locked(ret_id: UUID) -> Return:
    ret = Return.objects.select_related("order").get(pk=ret_id)
    lock(ret.order)
    lock(ret)
    return ret


def _recovery(recovery_id: UUID) -> Recovering:
    return Recovery.objects.select_related("ret__order").get(pk=recovery_id)


def _card_for(ret: Return, whole: Money, at: datetime) -> PaymentMethodToken | None:
    card = PaymentMethodToken.objects.for_return(ret).first()
    return card if card is not None and card.covers(whole, at) else None


def _link(
    ret: Return,
    account: StripeAccount,
    due: RecoveryDue,
    at: datetime,
    replaces: Payment | None = None,
) -> StripeCheckoutPayment:
    page = StripeCheckoutPayment(
        link_until=at + settings.PAY_LINK_LIFETIME,
        replaces=replaces,
        **_facts(ret, account, due),
    )
    write(page)
    return page


def _facts(ret: Return, account: StripeAccount, due: RecoveryDue) -> dict[str, object]:
    return {
        "merchant_id": ret.merchant_id,
        "store_id": ret.store_id,
        "order_id": ret.order_id,
        "ret": ret,
        "recovery_id": due.recovery_id,
        "attempt": due.attempt,
        "stripe_account": account,
        "gateway": choices.Payment.Gateway.STRIPE,
        "environment": account.environment,
        "direction": choices.Payment.Direction.IN,
        "purpose": choices.Payment.Purpose.RECOVERY,
        "currency": due.amount.currency,
        "amount_minor": due.amount.minor,
    }
