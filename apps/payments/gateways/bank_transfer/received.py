"""Files that the bank sent, with every entry and what became of it."""

from django.db import models

from apps.core.constraints import tenant
from apps.core.fields import SealedField
from apps.core.models import MoneyOf, TenantModel
from apps.events.recorder import RecordsEvents
from apps.payments.gateways.bank_transfer import choices
from apps.payments.gateways.bank_transfer.sealing import open_file
from apps.payments.managers import BankEntryManager, BankFileManager
from apps.payments.models import Payment


class BankFile(RecordsEvents, TenantModel):
    """Read once: the same bytes again are the same file. `counts` has its entries by outcome."""

    kind = models.CharField(max_length=8, choices=choices.BankFile.Kind.choices)
    message_id = models.CharField(max_length=35)
    file = SealedField(null=True, blank=True)
    file_hash = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    read_by = models.ForeignKey(
        "users.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    read_at = models.DateTimeField()

    objects = BankFileManager()

    class Meta:
        constraints = (
            *tenant("payments_bankfile"),
            models.UniqueConstraint(
                fields=("merchant", "file_hash"), name="payments_bankfile_once"
            ),
        )
        indexes = (models.Index(fields=("merchant", "-id"), name="payments_bankfile_list"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"

    def content(self) -> bytes:
        assert self.file is not None  # noqa: S101
        return open_file(self.file, self)


class BankEntry(TenantModel):
    """One word of the bank: about one transfer, about a whole batch, or about nothing of ours."""

    file = models.ForeignKey(BankFile, models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    batch_reference = models.CharField(max_length=35, blank=True)
    end_to_end_id = models.CharField(max_length=35, blank=True)
    word = models.CharField(max_length=8, choices=choices.BankFile.Word.choices)
    code = models.CharField(max_length=35, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    amount_minor = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=9, choices=choices.BankFile.Outcome.choices)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="bank_entries"
    )

    amount = MoneyOf("amount_minor")

    objects = BankEntryManager()

    class Meta:
        verbose_name_plural = "bank entries"
        ordering = ("file", "position")
        constraints = (
            *tenant("payments_bankentry", "file", "payment"),
            models.UniqueConstraint(fields=("file", "position"), name="payments_bankentry_once"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__isnull=True) | ~models.Q(currency=""),
                name="payments_bankentry_currency",
            ),
        )
        indexes = (
            models.Index(
                fields=("merchant", "-id"),
                condition=models.Q(outcome__in=choices.BankFile.LOOK_AT),
                name="payments_bankentry_look_at",
            ),
        )

    def __str__(self) -> str:
        return f"{self.word} {self.end_to_end_id or self.batch_reference or self.code}"
