"""Stripe's signature over the raw body, and which event of which account it is."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models

from apps.core.rows import NOBODY, RowOf
from apps.events.dtos import Delivery
from apps.payments import choices
from apps.payments.gateways.stripe.models import StripeAccount
from apps.payments.models import Payment

PLATFORM = "platform"
# Signed by Stripe and about nothing of ours: taken in and done with.
NOBODYS = UUID(int=0)
TOLERANCE = 300
LONGEST = 1_000
Environment = choices.Payment.Environment
_ACCOUNTS: RowOf[StripeAccount, UUID] = RowOf(
    lambda pk: StripeAccount.objects.in_use().filter(pk=pk), like=NOBODY
)


def accept(token: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Delivery | None:
    """`token` is the id of our account row, or `platform` for the platform's own account; None
    unless one of its secrets signed within 300 s."""
    header = headers.get("stripe-signature", "")
    if token == PLATFORM:
        return _of_platform(header, body, at)
    account = _account(token)
    if account is None:
        return None
    if not signed(header, body, account.secrets(), at.timestamp()):
        return None
    event = _event(body)
    is_live = account.environment == Environment.LIVE
    if event is None or event.get("livemode") is not is_live:
        return None
    return Delivery(
        merchant_id=account.merchant_id,
        source="stripe",
        account=str(account.pk),
        body=body,
        event_id=str(event.get("id", "")),
        topic=str(event.get("type", "")),
        environment=account.environment,
    )


def signed(header: str, body: bytes, secrets: Iterable[str], now: float) -> bool:
    """`t=unix,v1=hex[,v1=hex]`; all candidates are compared in constant time."""
    parts = [part.partition("=") for part in header[:LONGEST].split(",")]
    times = [value for name, _, value in parts if name.strip() == "t"]
    given = [value.encode() for name, _, value in parts if name.strip() == "v1"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdecimal()):
        return False
    if abs(now - int(times[0])) > TOLERANCE:
        return False
    message = times[0].encode() + b"." + body
    found = False
    for secret in secrets:
        wanted = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest().encode()
        for each in given:
            found |= bool(secret) and hmac.compare_digest(wanted, each)
    return found


def _of_platform(header: str, body: bytes, at: datetime) -> Delivery | None:
    """One endpoint for all merchants: whose books an event is about stands in its object."""
    if not signed(header, body, settings.STRIPE_PLATFORM_WEBHOOK_SECRETS, at.timestamp()):
        return None
    event = _event(body)
    is_live = "_live_" in settings.STRIPE_PLATFORM_KEY
    if event is None or event.get("livemode") is not is_live:
        return None
    account = _books_of(event)
    return Delivery(
        merchant_id=account.merchant_id if account else NOBODYS,
        source="stripe",
        account=str(account.pk if account else NOBODYS),
        body=body,
        event_id=str(event.get("id", "")),
        topic=str(event.get("type", "")),
        environment=Environment.LIVE if is_live else Environment.TEST,
    )


def _books_of(event: dict[str, object]) -> StripeAccount | None:
    """By the payment that it names, else by the intent that it is about; None when it is none of
    a merchant's."""
    data = event.get("data")
    told = data.get("object") if isinstance(data, dict) else None
    if not isinstance(told, dict):
        return None
    metadata = told.get("metadata") or {}
    merchant = as_uuid(str(metadata.get("merchant", "")))
    if merchant is None:
        named = models.Q(pk=as_uuid(str(metadata.get("payment", ""))) or NOBODYS)
        intent = str(told.get("payment_intent") or "")
        about = models.Q(provider_ref=intent, gateway="stripe") if intent else named
        payments = Payment.objects.non_polymorphic().filter(named | about)
        merchant = payments.values_list("merchant_id", flat=True).first()
    return StripeAccount.objects.of_platform(merchant) if merchant else None


def _account(token: str) -> StripeAccount | None:
    pk = as_uuid(token)
    return _ACCOUNTS.of(pk) if pk else None


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _event(body: bytes) -> dict[str, object] | None:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None
