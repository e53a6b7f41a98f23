from django.db import models

from apps.core.constraints import AppendOnly, tenant
from apps.core.fields import SealedField
from apps.core.models import MoneyOf, TenantModel
from apps.payments import choices
from apps.payments.gateways.store_credit.account import CreditAccountMixin
from apps.payments.gateways.store_credit.refund import CreditRefundMixin
from apps.payments.managers import (
    StoreCreditAccountManager,
    StoreCreditMovementManager,
    StoreCreditRefundManager,
)
from apps.payments.models import Payment


class StoreCreditAccount(CreditAccountMixin, TenantModel):
    """What a merchant owes in goods, under a code; issued = spent + voided + expired + balance."""

    store = models.ForeignKey("accounts.Store", models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, null=True, blank=True, related_name="store_credits"
    )
    ret = models.ForeignKey(
        "orders.Return",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="store_credits",
        verbose_name="return",
    )
    code = SealedField(null=True, blank=True)
    code_hash = models.CharField(max_length=64)
    code_hint = models.CharField(max_length=4)
    currency = models.CharField(max_length=3)
    balance_minor = models.BigIntegerField(default=0)
    issued_minor = models.BigIntegerField(default=0)
    spent_minor = models.BigIntegerField(default=0)
    voided_minor = models.BigIntegerField(default=0)
    expired_minor = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    expired_at = models.DateTimeField(null=True, blank=True)

    balance = MoneyOf("balance_minor")
    issued = MoneyOf("issued_minor")
    spent = MoneyOf("spent_minor")
    voided = MoneyOf("voided_minor")
    expired = MoneyOf("expired_minor")

    objects = StoreCreditAccountManager()

    class Meta:
        constraints = (
            *tenant("payments_storecreditaccount", "store", "customer", "ret"),
            models.UniqueConstraint(
                fields=("merchant", "code_hash"), name="payments_storecredit_code"
            ),
            models.UniqueConstraint(
                fields=("ret", "currency"),
                condition=models.Q(ret__isnull=False, voided_at=None, expired_at=None),
                name="payments_storecredit_ret",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    issued_minor=models.F("spent_minor")
                    + models.F("voided_minor")
                    + models.F("expired_minor")
                    + models.F("balance_minor"),
                    balance_minor__gte=0,
                    spent_minor__gte=0,
                    voided_minor__gte=0,
                    expired_minor__gte=0,
                ),
                name="payments_storecredit_parts",
            ),
        )
        indexes = (models.Index(fields=("merchant", "-id"), name="payments_storecredit_list"),)

    def __str__(self) -> str:
        return f"store credit ending in {self.code_hint}"


class StoreCreditMovement(TenantModel):
    """One change of an account; `reference` makes a repeat of it harmless."""

    account = models.ForeignKey(StoreCreditAccount, models.PROTECT, related_name="movements")
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="credit_movements"
    )
    kind = models.CharField(max_length=6, choices=choices.StoreCredit.Movement.choices)
    reference = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()

    amount = MoneyOf("amount_minor")

    objects = StoreCreditMovementManager()

    class Meta:
        ordering = ("id",)
        constraints = (
            *tenant("payments_storecreditmovement", "account", "payment"),
            models.UniqueConstraint(
                fields=("account", "kind", "reference"), name="payments_storecreditmovement_once"
            ),
            models.UniqueConstraint(
                fields=("payment",),
                condition=models.Q(payment__isnull=False),
                name="payments_storecreditmovement_payment",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="payments_storecreditmovement_amount"
            ),
            AppendOnly(name="payments_storecreditmovement_fixed"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class StoreCreditRefund(CreditRefundMixin, Payment):
    """A refund paid as credit: nobody is called, the account is raised when it settles."""

    credit_expires_at = models.DateTimeField(null=True, blank=True)

    # A manager of its own class, where mypy wants the parent's.
    objects = StoreCreditRefundManager()  # type: ignore[misc, assignment]
