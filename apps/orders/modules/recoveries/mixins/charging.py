"""A charge of the saved card: one at a time, three at most, never while goods travel (I-36)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.verbs import verb
from apps.orders.modules.recoveries import choices
from apps.orders.modules.recoveries.mixins.collecting import CollectingMixin

if TYPE_CHECKING:
    from apps.orders.modules.recoveries.models import RecoveryAttempt

Status, Attempt, Held = (
    choices.Recovery.Status,
    choices.RecoveryAttempt.Status,
    choices.Recovery.Held,
)


class ChargeNotAllowed(DomainError):
    code = "charge_not_allowed"
    title = "The shopper may not be charged now"
    status = 409


class ChargingMixin(CollectingMixin):
    if TYPE_CHECKING:
        objection_ends_at: datetime
        reminded_at: datetime | None

    class Meta:
        abstract = True

    @verb
    def charge_started(self, attempt: int, at: datetime) -> bool:
        """The last look before the call; False when it started before.

        Raises ChargeNotAllowed when the parcel travels, the recovery is contested or closed, or
        the consent ended since the charge was asked for: then nothing may be called.
        """
        asked = self.attempts.filter(number=attempt).first()
        if asked is not None and asked.status not in {Attempt.ASKED, Attempt.WITHDRAWN}:
            return False
        reason = self._reason_against(asked, at)
        if asked is None or reason:
            raise ChargeNotAllowed(recovery=str(self.pk), attempt=attempt, reason=reason)
        asked.become(Attempt.STARTED)
        asked.started_at = at
        asked.save(update_fields=["status", "started_at", "updated_at"])
        self.next_step_at = None
        self.tell(choices.Event.CHARGE_STARTED, attempt=attempt, amount=asked.amount.as_json())
        return True

    @verb
    def charge_failed(self, code: str, at: datetime, attempt: int | None = None) -> bool:
        """No money came. False when no charge is in flight, or it was asked for after `at`."""
        flying = self._flying(at, attempt)
        if flying is None:
            return False
        flying.become(Attempt.FAILED)
        flying.failure_code, flying.ended_at = code[:60], at
        flying.save(update_fields=["status", "failure_code", "ended_at", "updated_at"])
        self.tell(
            choices.Event.CHARGE_FAILED,
            attempt=flying.number,
            code=flying.failure_code,
            amount=flying.amount.as_json(),
        )
        if self.status != Status.COLLECTING:
            return True
        if not self.outstanding:
            self.finish(at)
        elif flying.failure_code in choices.RecoveryAttempt.HARD_CODES:
            self.give_up("card_refused", at)
        else:
            self.wait(settings.RECOVERY_RETRY, Status.FAILED, at)
        return True

    @verb
    def needs_shopper(self, at: datetime, attempt: int | None = None) -> bool:
        """The bank wants the shopper: a link instead of another try. False when known."""
        flying = self._flying(at, attempt)
        if flying is None or flying.status == Attempt.NEEDS_SHOPPER:
            return False
        flying.become(Attempt.NEEDS_SHOPPER)
        flying.save(update_fields=["status", "updated_at"])
        self.next_step_at = None
        self.tell(
            choices.Event.SHOPPER_NEEDED, attempt=flying.number, amount=flying.amount.as_json()
        )
        return True

    def parcel_holds(self, at: datetime) -> str:
        """Why the goods forbid a charge now; empty when they do not."""
        if self.ret.is_under_way(at, settings.RECOVERY_BELIEVE_SHOPPER):
            return Held.TRAVELLING
        return Held.LABEL_FAILED if self.ret.has_failed_label else ""

    def ask_charge(self, amount: Money, at: datetime) -> None:
        """In memory, inside a verb that looked: the attempt is a row before anybody is called."""
        self.first_asked_at = self.first_asked_at or at
        attempt = self.attempts.filter(status=Attempt.WITHDRAWN).first() or self.attempts.model(
            merchant_id=self.merchant_id,
            recovery_id=self.pk,
            number=self.attempts.count() + 1,
            currency=self.currency,
            status=Attempt.WITHDRAWN,
        )
        attempt.become(Attempt.ASKED)
        attempt.amount = amount
        attempt.consent_cap_minor = self.consent_cap_minor or 0
        attempt.consent_until = self.consent_until or at
        attempt.allowed_from = self._allowed_from()
        attempt.first_asked_at, attempt.asked_at, attempt.ended_at = self.first_asked_at, at, None
        attempt.save()
        self.become(Status.COLLECTING)
        self.next_step_at = at + settings.RECOVERY_LOOK_AGAIN
        self.ask_again(attempt)

    def ask_again(self, attempt: "RecoveryAttempt") -> None:
        self.tell(choices.Event.DUE, amount=attempt.amount.as_json(), attempt=attempt.number)

    def _allowed_from(self) -> datetime:
        noticed = (self.reminded_at or self.objection_ends_at) + settings.RECOVERY_NOTICE
        return max(noticed, self.objection_ends_at)

    def _flying(self, at: datetime, number: int | None) -> "RecoveryAttempt | None":
        """A failure told late must not end the charge after it."""
        flying = self.in_flight()
        if flying is None or at < flying.asked_at or number not in {None, flying.number}:
            return None
        return flying

    def _reason_against(self, asked: "RecoveryAttempt | None", at: datetime) -> str:
        if asked is None or asked.status != Attempt.ASKED or self.status != Status.COLLECTING:
            return "not_due"
        return "too_late" if self.is_over(at) else self.parcel_holds(at)
