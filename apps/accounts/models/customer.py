from datetime import datetime

from django.db import models

from apps.accounts.dtos import CustomerDetails
from apps.accounts.managers import CustomerManager
from apps.core.constraints import tenant
from apps.core.models import TenantModel
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.users.managers import normalised


class Customer(RecordsEvents, TenantModel):
    """A shopper as one merchant knows them; `email` is stored stripped and in lower case."""

    email = models.CharField(max_length=254, blank=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=150, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, blank=True)
    tags = models.JSONField(default=list, blank=True)
    orders_count = models.PositiveIntegerField(default=0)
    returns_count = models.PositiveIntegerField(default=0)

    objects = CustomerManager()

    class Meta:
        constraints = (
            *tenant("accounts_customer"),
            models.UniqueConstraint(
                fields=("merchant", "email"),
                condition=~models.Q(email=""),
                name="accounts_customer_email",
            ),
            models.UniqueConstraint(
                fields=("merchant", "external_id"),
                condition=models.Q(email="") & ~models.Q(external_id=""),
                name="accounts_customer_external",
            ),
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")),
                name="accounts_customer_email_lower",
            ),
        )
        indexes = (
            models.Index(
                fields=("merchant", "external_id"),
                condition=~models.Q(external_id=""),
                name="accounts_customer_by_external",
            ),
        )

    def __str__(self) -> str:
        return self.email or self.name or str(self.pk)

    @property
    def is_verified(self) -> bool:
        return self.email_verified_at is not None

    def learn(self, details: CustomerDetails) -> bool:
        """Take over, in memory, what is said; silence ("") never erases. True when it changed."""
        said = {
            "email": normalised(details.email),
            "external_id": details.external_id,
            "name": details.name[:150],
            "phone": details.phone[:20],
            "language": details.language[:8],
        }
        news = {name: value for name, value in said.items() if value != getattr(self, name)}
        news = {name: value for name, value in news.items() if value}
        for name, value in news.items():
            setattr(self, name, value)
        return bool(news)

    def as_told(self) -> dict[str, object]:
        """The columns that `learn` fills, with the key and the tenant."""
        names = ("id", "merchant_id", "email", "external_id", "name", "phone", "language")
        return {name: getattr(self, name) for name in names}

    def meet(self, details: CustomerDetails) -> None:
        """`learn` under the row lock, and no write at all when nothing is new."""
        if self.learn(details):
            self._learn_locked(details)

    @verb
    def _learn_locked(self, details: CustomerDetails) -> None:
        self.learn(details)

    @verb
    def verify_email(self, at: datetime) -> None:
        """The shopper has shown that the mailbox is theirs; the first proof's time is kept."""
        self.email_verified_at = self.email_verified_at or at

    @verb
    def erase(self) -> None:
        """Nobody can be found by this row any more; counts and its id stay."""
        self.email = self.phone = self.name = self.external_id = self.language = ""
        self.tags, self.email_verified_at = [], None
