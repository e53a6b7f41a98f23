"""Stripe accounts of merchants, and the refunds that Stripe has news of."""

import logging
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from apps.core.errors import DomainError
from apps.core.fields import Sealed
from apps.payments import choices
from apps.payments.dtos import OutsideSeen
from apps.payments.gateways.stripe.client import Client
from apps.payments.gateways.stripe.facts import AccessRefused, RefundFacts, Refused
from apps.payments.gateways.stripe.mappers import GONE, from_stripe
from apps.payments.gateways.stripe.models import StripeAccount, StripeRefund
from apps.payments.refusals import NoAnswer
from apps.payments.services.outside import count_outside

if TYPE_CHECKING:
    from apps.accounts.models import Merchant, Store

logger = logging.getLogger(__name__)
FIRST_LOOK_BACK = timedelta(days=1)
OVERLAP = timedelta(minutes=5)
SECRET = re.compile(r"(?:sk|rk)_(live|test)_\w+")


class KeyRefused(DomainError):
    code = "stripe_key_refused"
    title = "Stripe does not know this secret key"
    status = 422


@dataclass(frozen=True, slots=True)
class StripeConnection:
    """`store` None serves every store of the merchant that has no account of its own."""

    merchant: "Merchant"
    secret_key: str = field(repr=False)
    store: "Store | None" = None


def connect_stripe(asked: StripeConnection) -> StripeAccount:
    """Tries the key; takes the place of the account before. Raises KeyRefused or NoAnswer."""
    key = SECRET.fullmatch(asked.secret_key)
    if key is None:
        raise KeyRefused
    try:
        account_id = Client(asked.secret_key).account_id()
    except Refused as refused:
        raise KeyRefused from refused
    account = StripeAccount(
        merchant_id=asked.merchant.pk,
        store=asked.store,
        environment=key[1],
        account_id=account_id,
    )
    account.secret_key = Sealed.seal(asked.secret_key, account.aad)
    with transaction.atomic():
        held = StripeAccount.objects.for_merchant(asked.merchant).in_use()
        for before in held.filter(store=asked.store):
            before.close()
        account.save(force_insert=True)
    return account


def catch_up_with_stripe(at: datetime) -> int:
    """Webhooks that never came are found among the events; returns how many refunds were read."""
    return sum(_catch_up(account, at) for account in StripeAccount.objects.in_use())


def _catch_up(account: StripeAccount, at: datetime) -> int:
    since = (account.caught_up_to or at - FIRST_LOOK_BACK) - OVERLAP
    try:
        refunds = account.client().refunds_told_of(since)
        for refund in refunds:
            take_refund(account, refund, at)
    except (NoAnswer, AccessRefused) as error:
        logger.warning("could not catch up with %s: %r", account, error)
        return 0
    account.catch_up_to(at)
    return len(refunds)


def take_refund(account: StripeAccount, refund: str, at: datetime) -> None:
    """Ask Stripe what it is: the end of a payment of ours, or a refund that was made there."""
    try:
        facts = account.client().refund_by_id(refund)
    except AccessRefused:
        raise
    except Refused as refused:
        logger.warning("%s knows no refund %s: %s", account, refund, refused.code)
        return
    payment = _payment_of(account, facts)
    answer = payment.answer_to(facts) if payment else None
    if payment is None or answer is None:
        logger.info("refund %s of %s is none of ours", refund, account)
        if payment is None and facts.status not in GONE and not account.is_platform:
            count_outside(_outside(account, facts), at)
        return
    payment.hear(answer, at)


def _outside(account: StripeAccount, facts: RefundFacts) -> OutsideSeen:
    return OutsideSeen(
        merchant_id=account.merchant_id,
        gateway=choices.Payment.Gateway.STRIPE,
        environment=account.environment,
        id=facts.id,
        sources=facts.sources,
        amount=from_stripe(facts.amount, facts.currency),
    )


def _payment_of(account: StripeAccount, facts: RefundFacts) -> StripeRefund | None:
    try:
        payment_id = UUID(facts.payment)
    except ValueError:
        return None
    return StripeRefund.objects.filter(
        merchant_id=account.merchant_id, stripe_account=account, pk=payment_id
    ).first()
