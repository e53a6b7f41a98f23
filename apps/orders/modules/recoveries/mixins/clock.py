"""What time does: objections end, warnings go out, charges fall due."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from apps.core.verbs import verb
from apps.orders.modules.recoveries import choices
from apps.orders.modules.recoveries.mixins.charging import ChargingMixin

Status, Held = choices.Recovery.Status, choices.Recovery.Held


class ClockMixin(ChargingMixin):
    if TYPE_CHECKING:
        warned_at: datetime | None
        held_back: str

    class Meta:
        abstract = True

    @verb
    def step(self, at: datetime) -> bool:
        """The next step, if it is time for one; False when it is not."""
        clocked = self.status in choices.Recovery.CLOCKED
        if not clocked or self.next_step_at is None or at < self.next_step_at:
            return False
        if self.status == Status.COLLECTING:
            self._look_after_charge(at)
        elif self.status == Status.OPEN:
            self._warn_first(at)
        elif reason := self.holds(at):
            self._hold_back(reason, at)
        else:
            self._go_on(at)
        return True

    def holds(self, at: datetime) -> str:
        if reason := self.parcel_holds(at):
            return reason
        if self.pay_url_expires_at is not None and at < self.pay_url_expires_at:
            return Held.LINK_OPEN
        return Held.IN_FLIGHT if self.in_flight() is not None else ""

    def _warn_first(self, at: datetime) -> None:
        self.become(Status.NOTIFIED)
        self.warned_at = self.warned_at or at
        self.reminded_at, self.charge_at = None, at + settings.RECOVERY_FIRST_CHARGE
        self.next_step_at = self.charge_at - settings.RECOVERY_NOTICE
        self._warn(1, self.charge_at)

    def _go_on(self, at: datetime) -> None:
        self.held_back = ""
        if self.status == Status.FAILED:
            self.become(Status.NOTIFIED)
        if self.reminded_at is None:
            self._remind(at)
            return
        amount = self.next_part().capped(self.room(at))
        if not amount:
            self.give_up("no_consent", at)
        elif self.tries_left(at) < 1:
            self.give_up("tries_used", at)
        else:
            self.ask_charge(amount, at)

    def _remind(self, at: datetime) -> None:
        """The shopper has the days of notice, however late the clock came."""
        self.reminded_at = at
        self.charge_at = max(self.charge_at or at, at + settings.RECOVERY_NOTICE)
        self.next_step_at = self.charge_at
        self._warn(2, self.charge_at)

    def _hold_back(self, reason: str, at: datetime) -> None:
        """Looked at every day; what is charged later is announced anew."""
        self.reminded_at = None
        self.next_step_at = at + settings.RECOVERY_LOOK_AGAIN
        if self.held_back != reason:
            self.held_back = reason
            self.tell(choices.Event.HELD_BACK, reason=reason)

    def _look_after_charge(self, at: datetime) -> None:
        """Asked for a day ago and not begun: taken back when goods travel, else asked for again."""
        self.next_step_at = at + settings.RECOVERY_LOOK_AGAIN
        if reason := self.parcel_holds(at):
            self.withdraw(at)
            self.become(Status.NOTIFIED)
            self._hold_back(reason, at)
            return
        if self.is_over(at):
            self.withdraw(at)
            self.give_up("too_late", at)
            return
        for asked in self.attempts.filter(status=choices.RecoveryAttempt.Status.ASKED):
            self.ask_again(asked)

    def _warn(self, number: int, charge_at: datetime) -> None:
        self.tell(
            choices.Event.WARNED,
            number=number,
            amount=self.next_part().as_json(),
            charge_at=charge_at.isoformat(),
        )
