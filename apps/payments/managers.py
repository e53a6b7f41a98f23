from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models

from apps.core.managers import PolymorphicManager, PolymorphicQuerySet, TenantDoor, TenantQuerySet
from apps.payments import choices

if TYPE_CHECKING:
    from apps.orders.models import Order, Quote, Return
    from apps.payments.gateways.adyen.models import AdyenRefund
    from apps.payments.gateways.bank_transfer.models import (
        BankTransferBatch,
        BankTransferItem,
        BankTransferPayout,
        PayoutDestination,
    )
    from apps.payments.gateways.bank_transfer.received import BankEntry, BankFile
    from apps.payments.gateways.manual.models import ManualRefund
    from apps.payments.gateways.mollie.models import MollieRefund
    from apps.payments.gateways.paypal.models import PayPalRefund
    from apps.payments.gateways.platform.models import PlatformRefund
    from apps.payments.gateways.shop_credit.models import ShopCreditRefund
    from apps.payments.gateways.store_credit.models import (
        StoreCreditAccount,
        StoreCreditMovement,
        StoreCreditRefund,
    )
    from apps.payments.gateways.stripe.models import (
        PaymentMethodToken,
        StripeAccount,
        StripeCheckoutPayment,
        StripeRecoveryCharge,
        StripeRefund,
    )
    from apps.payments.models import (
        BalanceDay,
        GatewayAccount,
        OddBalanceLine,
        OutsideRefund,
        Payment,
    )


class PaymentQuerySet[P: "Payment"](TenantDoor, PolymorphicQuerySet[P]):
    def for_return(self, ret: "Return") -> Self:
        return self.filter(merchant_id=ret.merchant_id, ret_id=ret.pk).order_by("id")

    def for_order(self, order: "Order") -> Self:
        return self.filter(merchant_id=order.merchant_id, order_id=order.pk).order_by("id")

    def outward(self) -> Self:
        """Whatever goes out to a shopper."""
        return self.filter(direction=choices.Payment.Direction.OUT)

    def refunds(self) -> Self:
        """What goes out for goods that come back, without collections and their way back."""
        return self.outward().filter(gives_back=None)

    def live(self) -> Self:
        return self.filter(status__in=choices.Payment.LIVE)

    def without_answer(self, at: datetime) -> Self:
        """Sent, and nobody is at work on them any more."""
        under_way = choices.Payment.UNDER_WAY
        return self.filter(status__in=under_way, lease_until__lte=at).order_by("lease_until")

    def settled_between(self, since: datetime, until: datetime, gateways: Iterable[str]) -> Self:
        """Paid, and not sent back; oldest first."""
        paid = self.filter(status=choices.Payment.Status.SUCCEEDED, gateway__in=gateways)
        return paid.filter(settled_at__gte=since, settled_at__lt=until).order_by("settled_at", "id")

    def left_behind(self, at: datetime) -> Self:
        """Promised before `at` and never sent, of gateways that need no person."""
        return self.filter(
            status=choices.Payment.Status.PENDING,
            gateway__in=choices.Payment.ALONE,
            created_at__lte=at,
        ).order_by("id")


class AnyPaymentQuerySet(PaymentQuerySet["Payment"]):
    pass


class BankTransferPayoutQuerySet(PaymentQuerySet["BankTransferPayout"]):
    pass


class ManualRefundQuerySet(PaymentQuerySet["ManualRefund"]):
    def numbered(self, store_id: UUID, reference: str) -> Self:
        """What the store has written down under its own reference."""
        return self.filter(store_id=store_id, reference=reference)


class StoreCreditRefundQuerySet(PaymentQuerySet["StoreCreditRefund"]):
    pass


class ShopCreditRefundQuerySet(PaymentQuerySet["ShopCreditRefund"]):
    def given(self) -> Self:
        """In the shopper's hands, as far as we know."""
        return self.filter(status=choices.Payment.Status.SUCCEEDED, voided_at=None)


class StripeRefundQuerySet(PaymentQuerySet["StripeRefund"]):
    pass


class CollectionQuerySet[P: "StripeCheckoutPayment | StripeRecoveryCharge"](PaymentQuerySet[P]):
    def open(self) -> Self:
        """Not at an end: money may still come in by them."""
        return self.filter(status__in=choices.Payment.COLLECTING)

    def of_recovery(self, recovery_id: UUID) -> Self:
        return self.filter(recovery_id=recovery_id).order_by("id")


class StripeCheckoutPaymentQuerySet(CollectionQuerySet["StripeCheckoutPayment"]):
    pass


class StripeRecoveryChargeQuerySet(CollectionQuerySet["StripeRecoveryCharge"]):
    pass


class PaymentMethodTokenQuerySet(TenantQuerySet["PaymentMethodToken"]):
    def for_return(self, ret: "Return") -> Self:
        return self.filter(merchant_id=ret.merchant_id, ret_id=ret.pk).order_by("-id")

    def for_quote(self, quote: "Quote") -> Self:
        return self.filter(merchant_id=quote.merchant_id, quote_id=quote.pk).order_by("-id")

    def of_quotes_over(self, before: datetime) -> Self:
        """Of quotes that were not opened and cannot be any more."""
        return self.live().filter(ret=None, quote__expires_at__lte=before).order_by("id")

    def of_permissions_over(self, before: datetime) -> Self:
        """Nothing may be charged to them any more, and nothing is under way."""
        open_ones = models.Q(charges__status__in=choices.Payment.COLLECTING)
        over = self.live().filter(ret__isnull=False, charge_until__lte=before)
        return over.exclude(open_ones).order_by("id")

    def of_orders(self, orders: "Iterable[Order]") -> Self:
        mine = models.Q(ret__order__in=orders) | models.Q(quote__order__in=orders)
        return self.filter(mine).order_by("id")

    def to_remove(self) -> Self:
        """Dropped here, and perhaps not at Stripe."""
        dropped = self.filter(status=choices.SavedCard.Status.DROPPED, removed_at=None)
        return dropped.exclude(session_id="", method_ref="").order_by("id")

    def live(self) -> Self:
        statuses = choices.SavedCard.Status
        return self.filter(status__in=(statuses.CONSENTED, statuses.READY))


class StripeAccountQuerySet(TenantQuerySet["StripeAccount"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def of_store(self, merchant_id: UUID, store_id: UUID) -> "StripeAccount | None":
        """The store's own, else the one that all stores of the merchant share."""
        mine = models.Q(store_id=store_id) | models.Q(store_id=None)
        rows = self.in_use().filter(mine, merchant_id=merchant_id, is_platform=False)
        return rows.order_by(models.F("store_id").asc(nulls_last=True)).first()

    def of_merchants(self) -> Self:
        return self.in_use().filter(is_platform=False)

    def of_platform(self, merchant_id: UUID) -> "StripeAccount | None":
        """The platform's, as the books of this merchant know it."""
        return self.in_use().filter(merchant_id=merchant_id, is_platform=True).first()


class GatewayAccountQuerySet(TenantQuerySet["GatewayAccount"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def serving(self, merchant_id: UUID, store_id: UUID) -> Self:
        """The store's own first, then the ones that all stores of the merchant share."""
        mine = models.Q(store_id=store_id) | models.Q(store_id=None)
        rows = self.in_use().filter(mine, merchant_id=merchant_id)
        return rows.order_by(models.F("store_id").asc(nulls_last=True))

    def of_store(self, gateway: str, merchant_id: UUID, store_id: UUID) -> "GatewayAccount | None":
        return self.serving(merchant_id, store_id).filter(gateway=gateway).first()


class OutsideRefundQuerySet(TenantQuerySet["OutsideRefund"]):
    def above_cap(self) -> Self:
        return self.filter(uncounted_minor__gt=0)


class BalanceDayQuerySet(TenantQuerySet["BalanceDay"]):
    def apart(self) -> Self:
        return self.exclude(provider_minor=models.F("books_minor"))


class OddBalanceLineQuerySet(TenantQuerySet["OddBalanceLine"]):
    pass


class PayPalRefundQuerySet(PaymentQuerySet["PayPalRefund"]):
    pass


class AdyenRefundQuerySet(PaymentQuerySet["AdyenRefund"]):
    pass


class MollieRefundQuerySet(PaymentQuerySet["MollieRefund"]):
    pass


class PlatformRefundQuerySet(PaymentQuerySet["PlatformRefund"]):
    pass


class PayoutDestinationQuerySet(TenantQuerySet["PayoutDestination"]):
    pass


class BankTransferBatchQuerySet(TenantQuerySet["BankTransferBatch"]):
    def of_merchants_money(self) -> Self:
        """Without those of advances, which the platform pays and its own staff send."""
        return self.exclude(items__payment__purpose=choices.Payment.Purpose.ADVANCE)


class BankTransferItemQuerySet(TenantQuerySet["BankTransferItem"]):
    pass


class BankFileQuerySet(TenantQuerySet["BankFile"]):
    pass


class BankEntryQuerySet(TenantQuerySet["BankEntry"]):
    pass


class StoreCreditAccountQuerySet(TenantQuerySet["StoreCreditAccount"]):
    def open_at(self, at: datetime) -> Self:
        return self.filter(voided_at=None, expired_at=None, expires_at__gt=at)

    def run_out(self, at: datetime) -> Self:
        return self.filter(voided_at=None, expired_at=None, expires_at__lte=at).order_by("id")


class StoreCreditMovementQuerySet(TenantQuerySet["StoreCreditMovement"]):
    pass


PaymentManager = PolymorphicManager.from_queryset(AnyPaymentQuerySet)
BankTransferPayoutManager = PolymorphicManager.from_queryset(BankTransferPayoutQuerySet)
ManualRefundManager = PolymorphicManager.from_queryset(ManualRefundQuerySet)
StoreCreditRefundManager = PolymorphicManager.from_queryset(StoreCreditRefundQuerySet)
ShopCreditRefundManager = PolymorphicManager.from_queryset(ShopCreditRefundQuerySet)
StripeRefundManager = PolymorphicManager.from_queryset(StripeRefundQuerySet)
StripeCheckoutPaymentManager = PolymorphicManager.from_queryset(StripeCheckoutPaymentQuerySet)
StripeRecoveryChargeManager = PolymorphicManager.from_queryset(StripeRecoveryChargeQuerySet)
PaymentMethodTokenManager = models.Manager.from_queryset(PaymentMethodTokenQuerySet)
StripeAccountManager = models.Manager.from_queryset(StripeAccountQuerySet)
OutsideRefundManager = models.Manager.from_queryset(OutsideRefundQuerySet)
OddBalanceLineManager = models.Manager.from_queryset(OddBalanceLineQuerySet)
BalanceDayManager = models.Manager.from_queryset(BalanceDayQuerySet)
GatewayAccountManager = models.Manager.from_queryset(GatewayAccountQuerySet)
PayPalRefundManager = PolymorphicManager.from_queryset(PayPalRefundQuerySet)
AdyenRefundManager = PolymorphicManager.from_queryset(AdyenRefundQuerySet)
MollieRefundManager = PolymorphicManager.from_queryset(MollieRefundQuerySet)
PlatformRefundManager = PolymorphicManager.from_queryset(PlatformRefundQuerySet)
PayoutDestinationManager = models.Manager.from_queryset(PayoutDestinationQuerySet)
BankTransferBatchManager = models.Manager.from_queryset(BankTransferBatchQuerySet)
BankTransferItemManager = models.Manager.from_queryset(BankTransferItemQuerySet)
BankFileManager = models.Manager.from_queryset(BankFileQuerySet)
BankEntryManager = models.Manager.from_queryset(BankEntryQuerySet)
StoreCreditAccountManager = models.Manager.from_queryset(StoreCreditAccountQuerySet)
StoreCreditMovementManager = models.Manager.from_queryset(StoreCreditMovementQuerySet)
