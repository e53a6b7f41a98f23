"""Letters to merchants that do not pay, each written down before it is sent."""

from datetime import datetime

from django.db import models

from apps.billing import choices
from apps.billing.managers import DunningLetterManager
from apps.core.constraints import tenant
from apps.core.models import MoneyOf, TenantModel
from apps.core.verbs import verb


class DunningLetter(TenantModel):
    """One for each step that an invoice takes; `dunned_at` tells a step from the same one later."""

    invoice = models.ForeignKey("billing.Invoice", models.PROTECT, related_name="letters")
    step = models.CharField(max_length=10, choices=choices.Invoice.Dunning.choices)
    dunned_at = models.DateTimeField()
    recipient = models.EmailField()
    currency = models.CharField(max_length=3)
    due_minor = models.BigIntegerField()
    sent_at = models.DateTimeField(null=True, blank=True)

    due = MoneyOf("due_minor")

    objects = DunningLetterManager()

    class Meta:
        constraints = (
            *tenant("billing_dunningletter", "invoice"),
            models.UniqueConstraint(
                fields=("invoice", "dunned_at"), name="billing_dunningletter_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_step_display()} of {self.invoice}"

    @property
    def message_id(self) -> str:
        """The same for a letter that is sent again, so that mail programs show it once."""
        return f"<letter-{self.id}@reveni>"

    @verb
    def mark_sent(self, at: datetime) -> None:
        self.sent_at = self.sent_at or at
