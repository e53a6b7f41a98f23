"""Double entry: append-only, balanced at COMMIT, one transaction for each business event."""

from django.db import models

from apps.core.constraints import AppendOnly, DeferredCheck, tenant
from apps.core.models import MoneyOf, TenantModel
from apps.core.money import Money
from apps.payments import choices
from apps.payments.constraints import AddsToAccount
from apps.payments.modules.ledger.managers import (
    LedgerAccountManager,
    LedgerEntryManager,
    LedgerTransactionManager,
)

BALANCED = """NOT EXISTS (SELECT 1 FROM payments_ledgerentry e
    WHERE e.transaction_id = changed.transaction_id
    GROUP BY e.currency HAVING sum(e.amount_minor) <> 0)"""
TWO_SIDED = """(SELECT count(*) FROM payments_ledgerentry e
    WHERE e.transaction_id = changed.id) >= 2"""


class LedgerAccount(TenantModel):
    """`balance_minor` is debit minus credit and is written by the entries' trigger alone."""

    kind = models.CharField(max_length=24, choices=choices.Ledger.Account.choices)
    nature = models.CharField(max_length=10, choices=choices.Ledger.Nature.choices)
    currency = models.CharField(max_length=3)
    balance_minor = models.BigIntegerField(default=0)
    may_overdraw = models.BooleanField(default=False)

    balance = MoneyOf("balance_minor")

    objects = LedgerAccountManager()

    class Meta:
        constraints = (
            *tenant("payments_ledgeraccount"),
            models.UniqueConstraint(
                fields=("merchant", "kind", "currency"), name="payments_ledgeraccount_once"
            ),
            # A liability is a credit: below zero it would mean that more was paid than owed (I-21).
            models.CheckConstraint(
                condition=~models.Q(nature=choices.Ledger.Nature.LIABILITY)
                | models.Q(may_overdraw=True)
                | models.Q(balance_minor__lte=0),
                name="payments_ledgeraccount_floor",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.currency}"

    @property
    def standing(self) -> Money:
        """The balance as its nature reads it: what is owed, earned, spent or held, above zero."""
        credit = (choices.Ledger.Nature.LIABILITY, choices.Ledger.Nature.INCOME)
        return -self.balance if self.nature in credit else self.balance


class LedgerTransaction(TenantModel):
    """One business event in the books; a wrong one is answered by its reversal, never changed."""

    source_type = models.CharField(max_length=60)
    source_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal"
    )
    at = models.DateTimeField()

    objects = LedgerTransactionManager()

    class Meta:
        ordering = ("id",)
        constraints = (
            *tenant("payments_ledgertransaction", "reverses"),
            models.UniqueConstraint(
                fields=("merchant", "source_type", "source_id", "kind"),
                name="payments_ledgertransaction_once",
            ),
            AppendOnly(name="payments_ledgertransaction_fixed"),
            DeferredCheck(
                holds=TWO_SIDED,
                message="a ledger transaction has at least two entries",
                name="payments_ledgertransaction_sides",
                events="INSERT",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.source_type} {self.source_id}"


class LedgerEntry(TenantModel):
    """One side of a transaction: debit above zero, credit below."""

    transaction = models.ForeignKey(LedgerTransaction, models.PROTECT, related_name="entries")
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="entries")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    amount = MoneyOf("amount_minor")

    objects = LedgerEntryManager()

    class Meta:
        ordering = ("id",)
        constraints = (
            *tenant("payments_ledgerentry", "transaction", "account"),
            models.CheckConstraint(
                condition=~models.Q(amount_minor=0), name="payments_ledgerentry_amount"
            ),
            AppendOnly(name="payments_ledgerentry_fixed"),
            AddsToAccount(accounts="payments_ledgeraccount", name="payments_ledgerentry_adds"),
            DeferredCheck(
                holds=BALANCED,
                message="the entries of a ledger transaction sum to zero",
                name="payments_ledgerentry_balanced",
                events="INSERT",
            ),
        )
        indexes = (models.Index(fields=("account", "id"), name="payments_ledgerentry_list"),)

    def __str__(self) -> str:
        return str(self.amount)
