"""Accounts of merchants at PayPal, Adyen and Mollie, and what these say by themselves."""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from apps.core.errors import DomainError
from apps.core.fields import Sealed
from apps.payments import choices
from apps.payments.dtos import Movement, OutsideSeen, SeenRefund
from apps.payments.gateways.adyen import mappers as adyen
from apps.payments.gateways.adyen.models import client_of as adyen_of
from apps.payments.gateways.adyen.webhooks import items_of
from apps.payments.gateways.base import ReportingClient, VendorRefund
from apps.payments.gateways.mollie.mappers import told_of
from apps.payments.gateways.mollie.models import client_of as mollie_of
from apps.payments.gateways.paypal.mappers import refund_told_of
from apps.payments.gateways.paypal.models import client_of as paypal_of
from apps.payments.models import GatewayAccount, Payment
from apps.payments.refusals import AccessRefused, Refused
from apps.payments.services.outside import count_outside

if TYPE_CHECKING:
    from apps.accounts.models import Merchant, Store

logger = logging.getLogger(__name__)
Gateway = choices.Payment.Gateway
COUNTED = (choices.Payment.Outcome.SUCCEEDED, choices.Payment.Outcome.IN_TRANSIT)
CHECKS: dict[str, Callable[[GatewayAccount], str]] = {
    Gateway.PAYPAL: lambda account: paypal_of(account).check(),
    Gateway.ADYEN: lambda account: adyen_of(account).check(),
    Gateway.MOLLIE: lambda account: mollie_of(account).check(),
}


class CredentialsRefused(DomainError):
    code = "gateway_credentials_refused"
    title = "The gateway does not know these credentials"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayConnection:
    """`store` None serves every store of the merchant that has no account of its own there."""

    merchant: "Merchant"
    gateway: str
    environment: str
    credentials: dict[str, str] = field(repr=False)
    store: "Store | None" = None


def connect_gateway(asked: GatewayConnection) -> GatewayAccount:
    """Tries the credentials; takes the place of the account before.

    Raises CredentialsRefused or NoAnswer.
    """
    account = GatewayAccount(
        merchant_id=asked.merchant.pk,
        store=asked.store,
        gateway=asked.gateway,
        environment=asked.environment,
    )
    account.credentials = Sealed.seal(asked.credentials, account.aad)
    try:
        account.account_id = CHECKS[asked.gateway](account)
    except (Refused, KeyError, TypeError) as refused:
        raise CredentialsRefused(gateway=asked.gateway) from refused
    with transaction.atomic():
        held = GatewayAccount.objects.for_merchant(asked.merchant).in_use()
        for before in held.filter(store=asked.store, gateway=asked.gateway):
            before.close()
        account.save(force_insert=True)
    return account


def hear_paypal(account_id: UUID, envelope: bytes, at: datetime) -> None:
    """Only which refund it is about is read, once PayPal has said that the event is its own."""
    account = GatewayAccount.objects.get(pk=account_id)
    client = paypal_of(account)
    if not client.is_signed(envelope):
        logger.warning("a webhook of %s is not signed by PayPal", account)
        return
    if refund := refund_told_of(json.loads(envelope)["webhook_event"]):
        _hear_all(account, lambda: [client.refund_by_id(refund, "")], at)


def hear_adyen(account_id: UUID, body: bytes, at: datetime) -> None:
    """The signed notification is the only word there is."""
    account = GatewayAccount.objects.get(pk=account_id)
    for item in items_of(json.loads(body)):
        if (seen := adyen.told(item)) is not None:
            hear_refund(account, seen, at)


def hear_mollie(account_id: UUID, body: bytes, at: datetime) -> None:
    """The refunds of the payment that it names are read."""
    account = GatewayAccount.objects.get(pk=account_id)
    client = mollie_of(account)
    if source := _payment_at_mollie(account, told_of(body)):
        _hear_all(account, lambda: client.refunds_of(source), at)


def hear_movement(
    account: GatewayAccount, client: ReportingClient, movement: Movement, at: datetime
) -> None:
    """A line of the balance report is about it: raises NoAnswer or AccessRefused."""
    _hear_all(account, lambda: [_named(account, client.refund_of(movement))], at)


def hear_refund(account: GatewayAccount, seen: SeenRefund, at: datetime) -> None:
    payment = _payment_of(account, seen)
    answer = payment.answer_to(seen) if payment else None
    if payment is None or answer is None:
        logger.info("refund %s of %s is none of ours", seen.id, account)
        if payment is None and seen.outcome in COUNTED:
            count_outside(_outside(account, seen), at)
        return
    payment.hear(answer, at)


def _named(account: GatewayAccount, seen: SeenRefund) -> SeenRefund:
    """Ours by the vendor's id, where the vendor says no key of ours."""
    theirs = Payment.objects.filter(merchant_id=account.merchant_id, gateway=account.gateway)
    ours = None if seen.reference else theirs.filter(provider_ref=seen.id).first()
    return seen if ours is None else replace(seen, reference=ours.idempotency_key)


def _outside(account: GatewayAccount, seen: SeenRefund) -> OutsideSeen:
    return OutsideSeen(
        merchant_id=account.merchant_id,
        gateway=account.gateway,
        environment=account.environment,
        id=seen.id,
        sources=(seen.source,),
        amount=seen.amount,
    )


def _hear_all(
    account: GatewayAccount, read: Callable[[], Iterable[SeenRefund]], at: datetime
) -> None:
    try:
        refunds = list(read())
    except AccessRefused:
        raise
    except Refused as refused:
        logger.warning("%s knows nothing of it: %s", account, refused.code)
        return
    for seen in refunds:
        hear_refund(account, seen, at)


def _payment_at_mollie(account: GatewayAccount, named: str) -> str:
    """A webhook names a payment, or a refund: then the payment that one of ours goes back to."""
    if not named.startswith("re_"):
        return named
    ours = Payment.objects.filter(
        merchant_id=account.merchant_id, gateway=account.gateway, provider_ref=named
    ).first()
    return ours.paid_by if isinstance(ours, VendorRefund) else ""


def _payment_of(account: GatewayAccount, seen: SeenRefund) -> VendorRefund | None:
    """Its reference is our key, which has the payment's id in its middle."""
    try:
        payment_id = UUID(seen.reference.split(":")[1])
    except (IndexError, ValueError):
        return None
    found = Payment.objects.filter(
        merchant_id=account.merchant_id, gateway=account.gateway, pk=payment_id
    ).first()
    if isinstance(found, VendorRefund) and _is_same(found.gateway_account, account):
        return found
    return None


def _is_same(before: GatewayAccount, account: GatewayAccount) -> bool:
    """The same account at the vendor, perhaps connected again with other credentials."""
    facts = (account.account_id, account.environment)
    return (before.account_id, before.environment) == facts
