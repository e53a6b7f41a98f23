from django.db import models

from apps.core.constraints import tenant
from apps.core.models import MoneyOf, TenantModel
from apps.payments import choices
from apps.payments.managers import (
    BalanceDayManager,
    OddBalanceLineManager,
    OutsideRefundManager,
)


class OutsideRefund(TenantModel):
    """Made in the provider's own dashboard and not by us; counted into the cap of its order.

    `uncounted` is what the order had no room for any more: somebody must look.
    """

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="outside_refunds")
    tender = models.ForeignKey("orders.OrderTender", models.PROTECT, related_name="+")
    gateway = models.CharField(max_length=16, choices=choices.Payment.Gateway.choices)
    environment = models.CharField(max_length=4, choices=choices.Payment.Environment.choices)
    provider_ref = models.CharField(max_length=160)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    uncounted_minor = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField()

    amount = MoneyOf("amount_minor")
    uncounted = MoneyOf("uncounted_minor")

    objects = OutsideRefundManager()

    class Meta:
        constraints = (
            *tenant("payments_outsiderefund", "order", "tender"),
            models.UniqueConstraint(
                fields=("merchant", "gateway", "environment", "provider_ref"),
                name="payments_outsiderefund_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    amount_minor__gt=0,
                    uncounted_minor__gte=0,
                    uncounted_minor__lte=models.F("amount_minor"),
                ),
                name="payments_outsiderefund_amount",
            ),
        )

    def __str__(self) -> str:
        return f"{self.gateway} {self.provider_ref}"


class BalanceDay(TenantModel):
    """What refunds moved in an account on one day (UTC), by the provider and by our books (I-33).

    Below zero is money that left; `account` is the id of the row of the merchant's account.
    """

    gateway = models.CharField(max_length=16, choices=choices.Payment.Gateway.choices)
    account = models.UUIDField()
    day = models.DateField()
    currency = models.CharField(max_length=3)
    provider_minor = models.BigIntegerField()
    books_minor = models.BigIntegerField()
    matched_at = models.DateTimeField()

    provider = MoneyOf("provider_minor")
    books = MoneyOf("books_minor")

    objects = BalanceDayManager()

    class Meta:
        constraints = (
            *tenant("payments_balanceday"),
            models.UniqueConstraint(
                fields=("merchant", "gateway", "account", "day", "currency"),
                name="payments_balanceday_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.gateway} {self.day} {self.currency}"


class OddBalanceLine(TenantModel):
    """What a provider's balance report says and we do not understand: somebody must look (I-33).

    Either `kind`, one that we do not know, or `line`, one that cannot be read; `example` is where
    it was first seen. `account` is the id of the row of the merchant's account.
    """

    gateway = models.CharField(max_length=16, choices=choices.Payment.Gateway.choices)
    account = models.UUIDField()
    kind = models.CharField(max_length=80, blank=True)
    line = models.CharField(max_length=160, blank=True)
    example = models.CharField(max_length=160)
    seen_at = models.DateTimeField()

    objects = OddBalanceLineManager()

    class Meta:
        constraints = (
            *tenant("payments_oddbalanceline"),
            models.UniqueConstraint(
                fields=("merchant", "gateway", "account", "kind", "line"),
                name="payments_oddbalanceline_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.gateway} {self.kind or self.line}"
