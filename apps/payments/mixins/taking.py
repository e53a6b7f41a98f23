"""What came in: its books, what of it went back, and what a bank disputes."""

from datetime import datetime
from typing import TYPE_CHECKING, override

from django.db import models

from apps.core.errors import Detail, DomainError
from apps.core.models import MoneyOf
from apps.core.money import Money
from apps.core.verbs import verb
from apps.events.models import Event
from apps.payments import choices
from apps.payments.mixins.sending import SendingMixin
from apps.payments.modules.ledger import postings
from apps.payments.modules.ledger import services as ledger

if TYPE_CHECKING:
    from apps.payments.models import Payment

A = choices.Ledger.Account


class MoreThanCollected(DomainError):
    code = "more_than_collected"
    title = "More would go back than came in"
    status = 409


class TakingMixin(SendingMixin):
    recovery_id = models.UUIDField(null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    given_back_minor = models.BigIntegerField(default=0)
    dispute_ref = models.CharField(max_length=60, blank=True)

    given_back = MoneyOf("given_back_minor")

    if TYPE_CHECKING:
        currency: str
        amount_minor: int

        @property
        def given_back_by(self) -> "models.QuerySet[Payment]": ...

    class Meta:
        abstract = True

    @override
    def record(self, kind: str, **payload: Detail) -> Event:
        """The steps that a refund shares have names of their own when money comes in."""
        about: dict[str, Detail] = {}
        if self.recovery_id:
            about = {"recovery": str(self.recovery_id), "recovery_attempt": self.attempt}
        kind = choices.OF_COLLECTION.get(kind, kind)
        return super().record(kind, **about, **payload)

    @property
    def left(self) -> Money:
        """What came in and is not on its way back."""
        return self.amount - self.given_back

    @property
    def earned(self) -> str:
        return postings.EARNED[self.purpose]

    @override
    def post_sent(self, at: datetime) -> None:
        """To be asked for money is nothing in the books yet."""

    def post_on_its_way(self, at: datetime) -> None:
        sides = (A.STRIPE_IN_TRANSIT, self.earned)
        ledger.post(self.source, self._kind("sent"), self._legs(sides), at)

    @override
    def post_succeeded(self, at: datetime) -> None:
        """Through the account of what is in transit, unless a failure has emptied that again."""
        credit: str = A.STRIPE_IN_TRANSIT
        if ledger.find(self.source, self._kind("failed")):
            credit = self.earned
        elif ledger.find(self.source, self._kind("sent")) is None:
            self.post_on_its_way(at)
        legs = self._legs((A.STRIPE_BALANCE, credit))
        ledger.post(self.source, self._kind("succeeded"), legs, at)

    @verb
    def give_back(self, amount: Money, at: datetime) -> None:
        """Set aside for a refund that is written in the same transaction; raises
        MoreThanCollected."""
        if self.status not in choices.Payment.COLLECTED or amount > self.left:
            raise MoreThanCollected(asked=dict(amount.as_json()), left=dict(self.left.as_json()))
        self.given_back_minor += amount.minor
        self.record(choices.Event.COLLECTION_GIVEN_BACK, back=dict(amount.as_json()))

    @verb
    def count_given_back(self, arrived_minor: int) -> None:
        """Moves with what has arrived at the shopper, or came back from there."""
        if self.status == choices.Payment.Status.DISPUTED:
            return
        wanted = self._standing(arrived_minor)
        if self.status != wanted:
            self.become(wanted)

    @verb
    def dispute(self, reference: str, amount: Money, at: datetime) -> None:
        """The bank took it back, for now: what was earned is not."""
        if self.dispute_ref == reference or self.status not in choices.Payment.COLLECTED:
            return
        self.become(choices.Payment.Status.DISPUTED)
        self.dispute_ref = reference
        legs = postings.move((self.earned, self.booked(A.STRIPE_BALANCE)), amount)
        ledger.post(self.source, f"disputed.{reference}"[:40], legs, at)
        self.record(
            choices.Event.COLLECTION_DISPUTED, dispute=reference, disputed=dict(amount.as_json())
        )

    @verb
    def close_dispute(self, reference: str, at: datetime, *, won: bool) -> None:
        """Won: the money is there again. Lost: it stays disputed for good."""
        is_open = self.dispute_ref == reference and not self.failure_code
        if not is_open or self.status != choices.Payment.Status.DISPUTED:
            return
        if won:
            arrived = self.given_back_by.filter(status=choices.Payment.Status.SUCCEEDED)
            minor = sum(arrived.values_list("amount_minor", flat=True))
            self.become(self._standing(minor))
            taken = ledger.get(self.source, f"disputed.{reference}"[:40])
            ledger.reverse(taken, f"dispute_won.{reference}"[:40], at)
        else:
            self.failure_code = "dispute_lost"
        self.record(choices.Event.COLLECTION_DISPUTE_CLOSED, dispute=reference, won=won)

    def _standing(self, arrived_minor: int) -> str:
        statuses = choices.Payment.Status
        if not arrived_minor:
            return statuses.SUCCEEDED
        whole = arrived_minor >= self.amount_minor
        return statuses.REFUNDED if whole else statuses.PARTLY_REFUNDED
