from datetime import datetime
from typing import ClassVar, override

from django.db import models

from apps.core.constraints import StatusMoves, tenant
from apps.core.errors import DomainError
from apps.core.fields import SealedField
from apps.core.models import MoneyOf, TenantModel
from apps.payments import choices
from apps.payments.dtos import Answer, BankAccount
from apps.payments.gateways.bank_transfer.accounts import account_hash
from apps.payments.gateways.bank_transfer.batch import BatchMixin
from apps.payments.gateways.bank_transfer.received import BankEntry, BankFile  # noqa: F401
from apps.payments.gateways.bank_transfer.sealing import open_account, seal_account
from apps.payments.managers import (
    BankTransferBatchManager,
    BankTransferItemManager,
    BankTransferPayoutManager,
    PayoutDestinationManager,
)
from apps.payments.models import Payment


class TransferInBatch(DomainError):
    code = "transfer_in_batch"
    title = "The transfer is in a batch: call the batch off first"
    status = 409


class PayoutDestination(TenantModel):
    """The account that a shopper named for one return; only the last four stand in the clear."""

    ret = models.OneToOneField("orders.Return", models.CASCADE, related_name="payout_destination")
    account = SealedField()
    last_four = models.CharField(max_length=4)
    country = models.CharField(max_length=2)
    account_hash = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    objects = PayoutDestinationManager()

    class Meta:
        constraints = (*tenant("payments_payoutdestination", "ret"),)

    def __str__(self) -> str:
        return f"{self.country} account ending in {self.last_four}"

    def keep(self, account: BankAccount, at: datetime) -> None:
        """In memory; whoever holds the return's lock saves it."""
        self.account = seal_account(account, self)
        self.last_four, self.country = account.last_four, account.iban[:2]
        self.account_hash, self.set_at = account_hash(account), at


class BankTransferPayout(Payment):
    """A refund by SEPA transfer: a batch file sends it, the bank's word settles it."""

    GOES_ALONE: ClassVar[bool] = False
    CAN_COME_BACK: ClassVar[bool] = True

    account = SealedField(null=True, blank=True)
    last_four = models.CharField(max_length=4, blank=True)

    # A manager of its own class, where mypy wants the parent's.
    objects = BankTransferPayoutManager()  # type: ignore[misc, assignment]

    @property
    @override
    def is_ready(self) -> bool:
        item = self.current_item
        return item is not None and item.batch.status == choices.BankTransferBatch.Status.EXPORTED

    @property
    def current_item(self) -> "BankTransferItem | None":
        """Its line in a batch, of this generation."""
        items = BankTransferItem.objects.filter(payment_id=self.pk)
        return items.filter(end_to_end_id=self.reference).select_related("batch").first()

    @property
    def reference(self) -> str:
        """EndToEndId: the key's uuid and generation in 35 characters at most."""
        return f"{self.id.hex}-{self.generation}"

    def pay_to(self, account: BankAccount) -> None:
        """In memory, before it is sent; afterwards the database refuses the change (I-24)."""
        self.account = seal_account(account, self)
        self.last_four, self.destination_hash = account.last_four, account_hash(account)

    def destination(self) -> BankAccount:
        return open_account(self.account, self)

    @override
    def let_go(self) -> None:
        """Tried again, it goes to the account that the shopper has named by now.

        Cancelled, it must not leave with the file of a batch: raises TransferInBatch.
        """
        cancelled = self.status == choices.Payment.Status.CANCELLED
        if cancelled and (item := self.current_item) is not None:
            raise TransferInBatch(payment=str(self.pk), batch=str(item.batch_id))
        found = PayoutDestination.objects.filter(ret_id=self.ret_id).first()
        if found is not None and self.status == choices.Payment.Status.PENDING:
            self.pay_to(open_account(found.account, found))

    @override
    def call(self) -> Answer:
        return Answer(choices.Payment.Outcome.IN_TRANSIT)

    @override
    def ask(self) -> Answer:
        """Its batch knows: absent before the export, under way until somebody heard of the bank."""
        item = self.current_item
        settled = choices.BankTransferBatch.Status.SETTLED
        if item is None:
            return Answer(choices.Payment.Outcome.ABSENT)
        if item.batch.status == settled:
            return Answer(choices.Payment.Outcome.SUCCEEDED, provider_ref=self.reference)
        return Answer(choices.Payment.Outcome.IN_TRANSIT)


class BankTransferBatch(BatchMixin, TenantModel):
    """Payouts that leave in one file; approved by a person before it is made."""

    TRANSITIONS = choices.BankTransferBatch.TRANSITIONS

    status = models.CharField(
        max_length=9,
        choices=choices.BankTransferBatch.Status.choices,
        default=choices.BankTransferBatch.Status.DRAFT,
    )
    currency = models.CharField(max_length=3, default="EUR")
    total_minor = models.BigIntegerField()
    transfers_count = models.PositiveIntegerField()
    needs_second_person = models.BooleanField()
    requested_by = models.ForeignKey("users.User", models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        "users.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    exported_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    file = SealedField(null=True, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)

    total = MoneyOf("total_minor")

    objects = BankTransferBatchManager()

    class Meta:
        verbose_name_plural = "bank transfer batches"
        constraints = (
            *tenant("payments_banktransferbatch"),
            models.CheckConstraint(
                condition=models.Q(total_minor__gt=0, transfers_count__gt=0),
                name="payments_batch_total",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=(
                        choices.BankTransferBatch.Status.DRAFT,
                        choices.BankTransferBatch.Status.CANCELLED,
                    )
                )
                | models.Q(approved_by__isnull=False),
                name="payments_batch_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(needs_second_person=False)
                | models.Q(approved_by__isnull=True)
                | ~models.Q(approved_by=models.F("requested_by")),
                name="payments_batch_two_persons",
            ),
            StatusMoves(moves=choices.BankTransferBatch.TRANSITIONS, name="payments_batch_moves"),
        )
        indexes = (models.Index(fields=("merchant", "-id"), name="payments_batch_list"),)

    def __str__(self) -> str:
        return f"batch of {self.transfers_count} transfers, {self.total}"


class BankTransferItem(TenantModel):
    """One payout in one batch; a payout that is tried again gets a new line in a later one."""

    batch = models.ForeignKey(BankTransferBatch, models.CASCADE, related_name="items")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="transfer_items")
    end_to_end_id = models.CharField(max_length=35)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    amount = MoneyOf("amount_minor")

    objects = BankTransferItemManager()

    class Meta:
        ordering = ("id",)
        constraints = (
            *tenant("payments_banktransferitem", "batch", "payment"),
            models.UniqueConstraint(
                fields=("merchant", "end_to_end_id"), name="payments_banktransferitem_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="payments_banktransferitem_amount"
            ),
        )

    def __str__(self) -> str:
        return self.end_to_end_id
