"""Money that comes in, and goes back once when it should not have (I-35, I-37)."""

from datetime import datetime

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.verbs import verb
from apps.orders.modules.recoveries import choices
from apps.orders.modules.recoveries.mixins.planning import PlanningMixin

Status = choices.Recovery.Status


class ReferenceTaken(DomainError):
    code = "reference_taken"
    title = "This payment was told before with another amount"
    status = 409


class CollectingMixin(PlanningMixin):
    class Meta:
        abstract = True

    @verb
    def collected(
        self, amount: Money, reference: str, at: datetime, attempt: int | None = None
    ) -> bool:
        """Money came in; False when it was told by this reference before.

        What is above the debt, or comes when nothing is owed any more, goes back by the same
        reference. Raises ReferenceTaken when it was told with another amount.
        """
        if self._is_known(amount, reference):
            return False
        self._settle_attempt(amount, reference, at, attempt)
        self.collections.model(
            merchant_id=self.merchant_id,
            recovery_id=self.pk,
            reference=reference,
            currency=self.currency,
            amount_minor=amount.minor,
            at=at,
        ).save(force_insert=True)
        self.taken += amount
        self.tell(
            choices.Event.COLLECTED,
            amount=amount.as_json(),
            reference=reference,
            left=self.outstanding.at_least_zero().as_json(),
        )
        self._apply(amount, at)
        return True

    @verb
    def close(self, reason: str, at: datetime) -> bool:
        """Nothing is owed any more: what was collected goes back. False when it was closed."""
        if self.status == Status.CLOSED:
            return False
        self.become(Status.CLOSED)
        self.withdraw(at)
        self.next_step_at, self.end_reason, self.ended_at = None, reason[:1000], at
        self._give_back(self.kept)
        self.tell(
            choices.Event.CLOSED,
            reason=self.end_reason,
            due=self.due.as_json(),
            given_back=self.given_back.as_json(),
            written_off=self.written_off.as_json(),
        )
        return True

    def _is_known(self, amount: Money, reference: str) -> bool:
        known = self.collections.filter(reference=reference).first()
        if known is None:
            return False
        if known.amount != amount:
            raise ReferenceTaken(reference=reference, told=known.amount.as_json())
        return True

    def _settle_attempt(
        self, amount: Money, reference: str, at: datetime, number: int | None
    ) -> None:
        """Without a number it is the charge in flight, if that is for so much."""
        flying = self.in_flight()
        if flying is None or (
            flying.amount != amount if number is None else flying.number != number
        ):
            return
        flying.become(choices.RecoveryAttempt.Status.SUCCEEDED)
        flying.reference, flying.ended_at = reference, at
        flying.save(update_fields=["status", "reference", "ended_at", "updated_at"])

    def _apply(self, amount: Money, at: datetime) -> None:
        if self.status == Status.CLOSED:
            self._give_back(amount)
            return
        if self.status == Status.WRITTEN_OFF:
            back = amount.capped(self.written_off)
            self.written_off -= back
            self.tell(choices.Event.PAID_AFTER_ALL, amount=back.as_json())
        self._give_back((-self.outstanding).at_least_zero())
        self.look_at_what_is_left(at)

    def _give_back(self, amount: Money) -> None:
        """The newest first; `total` is what goes back of that payment in all."""
        left = amount
        for paid in self.collections.kept().order_by("-id") if amount else ():
            part = left.capped(paid.amount - paid.given_back)
            if not part:
                break
            paid.given_back += part
            paid.save(update_fields=["given_back_minor", "updated_at"])
            self.given_back += part
            left -= part
            self.tell(
                choices.Event.GIVE_BACK,
                amount=part.as_json(),
                reference=paid.reference,
                total=paid.given_back.as_json(),
            )
