"""The accounts whose providers publish what moved in them, and how a line is taken in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from apps.payments import choices
from apps.payments.dtos import BalanceReport, Movement
from apps.payments.gateways.adyen.models import AdyenRefund
from apps.payments.gateways.adyen.models import client_of as adyen_of
from apps.payments.gateways.base import ReportingClient, VendorRefund
from apps.payments.gateways.mollie.models import MollieRefund
from apps.payments.gateways.mollie.models import client_of as mollie_of
from apps.payments.gateways.paypal.models import PayPalRefund
from apps.payments.gateways.paypal.models import client_of as paypal_of
from apps.payments.gateways.stripe.models import StripeAccount, StripeRefund
from apps.payments.models import GatewayAccount
from apps.payments.services.stripe import take_refund
from apps.payments.services.vendors import hear_movement

Gateway, Account = choices.Payment.Gateway, choices.Ledger.Account


@dataclass(frozen=True, slots=True)
class Vendor:
    """`balance` is the account of the books on which its refunds are booked."""

    refunds: type[VendorRefund]
    balance: str
    client_of: Callable[[GatewayAccount], ReportingClient]


VENDORS: Mapping[str, Vendor] = {
    Gateway.PAYPAL: Vendor(PayPalRefund, Account.PAYPAL_BALANCE, paypal_of),
    Gateway.ADYEN: Vendor(AdyenRefund, Account.ADYEN_BALANCE, adyen_of),
    Gateway.MOLLIE: Vendor(MollieRefund, Account.MOLLIE_BALANCE, mollie_of),
}


@dataclass(frozen=True, slots=True)
class Reported:
    """One account; `known` are the merchant's refunds at its provider, `refunds` those of them that
    went through it, also when it was connected before with other credentials.

    `read` and `take` raise NoAnswer or Refused; `take` hears what a line says of a refund.
    """

    account: StripeAccount | GatewayAccount
    gateway: str
    balance: str
    known: QuerySet[Any]
    refunds: QuerySet[Any]
    read: Callable[[datetime, datetime], BalanceReport]
    take: Callable[[Movement, datetime], None]


def reported_accounts() -> Iterator[Reported]:
    """Those of merchants that are in use."""
    for own in StripeAccount.objects.of_merchants():
        yield _at_stripe(own)
    for account in GatewayAccount.objects.in_use().filter(gateway__in=VENDORS):
        yield _at_vendor(account, VENDORS[account.gateway])


def _at_stripe(account: StripeAccount) -> Reported:
    known = StripeRefund.objects.filter(merchant_id=account.merchant_id)
    return Reported(
        account=account,
        gateway=Gateway.STRIPE,
        balance=Account.STRIPE_BALANCE,
        known=known,
        refunds=known.filter(
            stripe_account__account_id=account.account_id,
            stripe_account__environment=account.environment,
        ),
        read=account.client().report,
        take=lambda movement, at: take_refund(account, movement.refund, at),
    )


def _at_vendor(account: GatewayAccount, vendor: Vendor) -> Reported:
    client = vendor.client_of(account)
    known: QuerySet[Any] = vendor.refunds.objects.filter(merchant_id=account.merchant_id)
    return Reported(
        account=account,
        gateway=account.gateway,
        balance=vendor.balance,
        known=known,
        refunds=known.filter(
            gateway_account__account_id=account.account_id,
            gateway_account__environment=account.environment,
        ),
        read=client.report,
        take=partial(hear_movement, account, client),
    )
