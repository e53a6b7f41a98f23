from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models

from apps.core.managers import PolymorphicManager, PolymorphicQuerySet, TenantDoor, TenantQuerySet
from apps.payments import choices

if TYPE_CHECKING:
    from apps.orders.models import Order, Return
    from apps.payments.gateways.bank_transfer.models import (
        BankTransferBatch,
        BankTransferItem,
        BankTransferPayout,
        PayoutDestination,
    )
    from apps.payments.gateways.manual.models import ManualRefund
    from apps.payments.gateways.store_credit.models import (
        StoreCreditAccount,
        StoreCreditMovement,
        StoreCreditRefund,
    )
    from apps.payments.gateways.stripe.models import StripeAccount, StripeRefund
    from apps.payments.models import Payment


class PaymentQuerySet[P: "Payment"](TenantDoor, PolymorphicQuerySet[P]):
    def for_return(self, ret: "Return") -> Self:
        return self.filter(merchant_id=ret.merchant_id, ret_id=ret.pk).order_by("id")

    def for_order(self, order: "Order") -> Self:
        return self.filter(merchant_id=order.merchant_id, order_id=order.pk).order_by("id")

    def live(self) -> Self:
        return self.filter(status__in=choices.Payment.LIVE)

    def without_answer(self, at: datetime) -> Self:
        """Sent, and nobody is at work on them any more."""
        statuses = choices.Payment.Status
        return self.filter(
            status__in=(statuses.PROCESSING, statuses.UNKNOWN), lease_until__lte=at
        ).order_by("lease_until")

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


class StripeRefundQuerySet(PaymentQuerySet["StripeRefund"]):
    pass


class StripeAccountQuerySet(TenantQuerySet["StripeAccount"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def of_store(self, merchant_id: UUID, store_id: UUID) -> "StripeAccount | None":
        """The store's own, else the one that all stores of the merchant share."""
        mine = models.Q(store_id=store_id) | models.Q(store_id=None)
        rows = self.in_use().filter(mine, merchant_id=merchant_id)
        return rows.order_by(models.F("store_id").asc(nulls_last=True)).first()


class PayoutDestinationQuerySet(TenantQuerySet["PayoutDestination"]):
    pass


class BankTransferBatchQuerySet(TenantQuerySet["BankTransferBatch"]):
    def of_merchants_money(self) -> Self:
        """Without those of advances, which the platform pays and its own staff send."""
        return self.exclude(items__payment__purpose=choices.Payment.Purpose.ADVANCE)


class BankTransferItemQuerySet(TenantQuerySet["BankTransferItem"]):
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
StripeRefundManager = PolymorphicManager.from_queryset(StripeRefundQuerySet)
StripeAccountManager = models.Manager.from_queryset(StripeAccountQuerySet)
PayoutDestinationManager = models.Manager.from_queryset(PayoutDestinationQuerySet)
BankTransferBatchManager = models.Manager.from_queryset(BankTransferBatchQuerySet)
BankTransferItemManager = models.Manager.from_queryset(BankTransferItemQuerySet)
StoreCreditAccountManager = models.Manager.from_queryset(StoreCreditAccountQuerySet)
StoreCreditMovementManager = models.Manager.from_queryset(StoreCreditMovementQuerySet)
