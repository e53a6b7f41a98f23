"""Money that the platform owes a merchant beyond what the month costs."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from apps.billing import choices
from apps.billing.constraints import FrozenWhen
from apps.billing.managers import MerchantPayoutManager
from apps.billing.mixins.crediting import SecondPersonNeeded
from apps.core.constraints import StatusMoves, tenant
from apps.core.errors import DomainError
from apps.core.models import MoneyOf, TenantModel
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.payments.modules.ledger import services as ledger
from apps.payments.modules.ledger.postings import MERCHANT_PAID_OUT, move

if TYPE_CHECKING:
    from apps.users.models import User

Status = choices.MerchantPayout.Status


class PayoutDiffers(DomainError):
    code = "merchant_payout_differs"
    title = "The transfer is written down under another reference"
    status = 409


class MerchantPayout(WithStatus, RecordsEvents, TenantModel):
    """One for an invoice that came to less than nothing; large ones have two persons (I-40)."""

    TRANSITIONS = choices.MerchantPayout.TRANSITIONS

    invoice = models.OneToOneField("billing.Invoice", models.PROTECT, related_name="payout")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.WAITING)
    reference = models.CharField(max_length=60, blank=True)
    needs_second_person = models.BooleanField(default=False)
    approved_by = models.ForeignKey(
        "users.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    paid_by = models.ForeignKey(
        "users.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    paid_at = models.DateTimeField(null=True, blank=True)

    amount = MoneyOf("amount_minor")

    objects = MerchantPayoutManager()

    class Meta:
        constraints = (
            *tenant("billing_merchantpayout", "invoice"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="billing_merchantpayout_amount"
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.WAITING, reference="", paid_by=None, paid_at=None)
                | models.Q(status=Status.PAID, paid_by__isnull=False, paid_at__isnull=False)
                & ~models.Q(reference=""),
                name="billing_merchantpayout_paid",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.WAITING)
                | models.Q(needs_second_person=False)
                | models.Q(approved_by__isnull=False) & ~models.Q(approved_by=models.F("paid_by")),
                name="billing_merchantpayout_two_persons",
            ),
            StatusMoves(
                moves=choices.MerchantPayout.TRANSITIONS, name="billing_merchantpayout_moves"
            ),
            FrozenWhen(
                holds="OLD.status = 'paid'",
                may_change=("updated_at",),
                message="a transfer that was made is frozen",
                name="billing_merchantpayout_frozen",
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount} of {self.invoice}"

    @verb
    def approve(self, by: "User") -> None:
        if self.status == Status.WAITING and self.approved_by is None:
            self.approved_by = by
            self.record(choices.Event.PAYOUT_APPROVED, by=str(by.pk))

    @verb
    def pay(self, reference: str, by: "User", at: datetime) -> None:
        """Above the limit by another person than the one who approved it."""
        if self.status == Status.PAID:
            if self.reference != reference:
                raise PayoutDiffers(reference=self.reference)
            return
        if self.needs_second_person and self.approved_by_id in {None, by.pk}:
            raise SecondPersonNeeded(total={**self.amount.as_json()})
        self.become(Status.PAID)
        self.reference, self.paid_by, self.paid_at = reference, by, at
        source = ledger.Source(self.merchant_id, "billing.merchantpayout", self.id)
        ledger.post(source, "paid", move(MERCHANT_PAID_OUT, self.amount), at)
        self.record(choices.Event.PAYOUT_PAID, reference=reference, **self.amount.as_json())
