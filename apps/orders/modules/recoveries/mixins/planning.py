"""What comes next: the end, another try, or a link that the shopper pays when he likes."""

from datetime import datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from django.conf import settings

from apps.core.money import Money
from apps.orders.modules.recoveries import choices
from apps.orders.modules.recoveries.mixins.sums import SumsMixin

Status = choices.Recovery.Status


class PlanningMixin(SumsMixin):
    if TYPE_CHECKING:
        instalments: int
        consent_cap_minor: int | None
        consent_until: datetime | None
        reminded_at: datetime | None
        charge_at: datetime | None
        first_asked_at: datetime | None
        pay_url: str
        pay_url_expires_at: datetime | None

    class Meta:
        abstract = True

    @property
    def parts(self) -> list[Money]:
        """The instalments; they sum to what is due."""
        return self.due.allocate([1] * self.instalments)

    def next_part(self) -> Money:
        """What is left of the instalment that is being paid."""
        ends = accumulate(self.parts)
        until = next((end for end in ends if end > self.kept), self.due)
        return (until - self.kept).capped(self.outstanding)

    def room(self, at: datetime) -> Money:
        """What the consent still allows to be charged, by all recoveries of the return."""
        if self.consent_cap_minor is None or self.consent_until is None or at > self.consent_until:
            return Money.zero(self.currency)
        taken = self.attempts.model.objects.under_consent(self.ret_id)
        return Money(self.consent_cap_minor - taken, self.currency).at_least_zero()

    def is_over(self, at: datetime) -> bool:
        """The consent has ended, or 15 days are gone since the first charge was asked for."""
        ended = self.consent_until is not None and at > self.consent_until
        first = self.first_asked_at
        return ended or (first is not None and at > first + settings.RECOVERY_ATTEMPTS_WITHIN)

    def tries_left(self, at: datetime) -> int:
        """At most three, and none later than 15 days after the first."""
        over = self.is_over(at)
        used = self.attempts.exclude(status=choices.RecoveryAttempt.Status.WITHDRAWN).count()
        return 0 if over else choices.RecoveryAttempt.MOST - used

    def look_at_what_is_left(self, at: datetime) -> None:
        """In memory, inside a verb: after money came in."""
        flying = self.in_flight()
        if flying is not None and flying.amount > self.outstanding:
            self.withdraw(at)
            flying = self.in_flight()
        if flying is not None:
            return
        if not self.outstanding and not self.written_off and self.can_become(Status.RECOVERED):
            if self.status != Status.DISPUTED:
                self.finish(at)
        elif self.status == Status.COLLECTING:
            self.wait(settings.RECOVERY_INSTALMENT_EVERY, Status.NOTIFIED, at)

    def finish(self, at: datetime) -> None:
        self.become(Status.RECOVERED)
        self.next_step_at, self.ended_at = None, at
        self.tell(choices.Event.RECOVERED, amount=self.kept.as_json())

    def wait(self, wait: timedelta, status: str, at: datetime) -> None:
        """Plan the next charge, with a new warning before it; give up when none is left."""
        if self.tries_left(at + wait) < 1:
            self.give_up("tries_used", at)
            return
        self.become(status)
        self.reminded_at, self.charge_at = None, at + wait
        self.next_step_at = self.charge_at - settings.RECOVERY_NOTICE

    def give_up(self, reason: str, at: datetime) -> None:
        """No more charges: staff may write it off, the shopper may still pay by a link."""
        self.become(Status.FAILED)
        self.next_step_at = None
        self.tell(choices.Event.FAILED, reason=reason, left=self.outstanding.as_json())
        self.want_link(at)

    def want_link(self, at: datetime) -> None:
        """No charge is asked for while the shopper may be paying."""
        self.pay_url, self.pay_url_expires_at = "", at + settings.RECOVERY_LOOK_AGAIN
        self.tell(choices.Event.LINK_WANTED, amount=self.outstanding.as_json())
