"""The shopper objects, says the goods were sent, splits the sum or asks for a link."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from apps.core.errors import DomainError
from apps.core.verbs import verb
from apps.orders.modules.recoveries import choices
from apps.orders.modules.recoveries.dtos import Contest
from apps.orders.modules.recoveries.mixins.charging import ChargingMixin

Status = choices.Recovery.Status


class ObjectionOver(DomainError):
    code = "objection_over"
    title = "The time to object is over; open a dispute instead"
    status = 409


class AlreadyContested(DomainError):
    code = "already_contested"
    title = "This was said before"
    status = 409


class InstalmentsNotPossible(DomainError):
    code = "instalments_not_possible"
    title = "The sum cannot be split like this any more"
    status = 409


class NothingToPay(DomainError):
    code = "nothing_to_pay"
    title = "Nothing can be paid by a link now"
    status = 409


class ContestingMixin(ChargingMixin):
    if TYPE_CHECKING:
        contests: list[dict[str, Any]]

    class Meta:
        abstract = True

    @verb
    def contest(self, said: Contest, at: datetime) -> None:
        """Everything waits until a person has looked; each kind of contest is heard once.

        Raises ObjectionOver, AlreadyContested, or IllegalTransition when it is over.
        """
        if said.kind == choices.Recovery.Contest.OBJECTION and at >= self.objection_ends_at:
            raise ObjectionOver(ended_at=self.objection_ends_at.isoformat())
        if any(each["kind"] == said.kind for each in self.contests):
            raise AlreadyContested(kind=said.kind)
        self._stop(at)
        told = {
            "kind": said.kind,
            "text": said.text,
            "tracking_number": said.tracking_number,
            "carrier": said.carrier,
            "images": list(said.images),
            "at": at.isoformat(),
        }
        self.contests = [*self.contests, told]
        self.tell(choices.Event.CONTESTED, contest=said.kind)

    @verb
    def pause(self, reason: str, at: datetime) -> None:
        """Staff stop the clock; it waits like a dispute."""
        self._stop(at)
        self.tell(choices.Event.PAUSED, reason=reason)

    @verb
    def resume(self, reason: str, at: datetime) -> None:
        """The dispute was not right: the warnings come again. Raises IllegalTransition."""
        if self.status == Status.DISPUTED and not self.outstanding:
            self.finish(at)
        else:
            self.become(Status.OPEN)
            self.next_step_at = max(at, self.objection_ends_at)
        self.tell(choices.Event.RESUMED, reason=reason)

    @verb
    def agree_instalments(self, count: int, at: datetime) -> None:
        """Two or three parts, each charged once. Raises InstalmentsNotPossible."""
        waits = self.status in {Status.OPEN, Status.NOTIFIED}
        fits = 2 <= count <= self.tries_left(at) and count <= self.due.minor
        if not waits or not fits or self.instalments != 1 or not self.room(at):
            raise InstalmentsNotPossible(status=self.status, most=self.tries_left(at))
        self.instalments = count
        self.tell(choices.Event.INSTALMENTS_AGREED, parts=[part.as_json() for part in self.parts])

    @verb
    def ask_link(self, at: datetime) -> bool:
        """False when one is open or being made. Raises NothingToPay."""
        payable = self.status in {Status.OPEN, Status.NOTIFIED, Status.FAILED}
        if not payable or self.in_flight() is not None:
            raise NothingToPay(status=self.status)
        if self.pay_url_expires_at is not None and at < self.pay_url_expires_at:
            return False
        self.want_link(at)
        return True

    @verb
    def link_ready(self, url: str, expires_at: datetime, at: datetime) -> bool:
        """What the portal shows until then; False when it is the one that is known."""
        if (self.pay_url, self.pay_url_expires_at) == (url, expires_at):
            return False
        self.pay_url, self.pay_url_expires_at = url, expires_at
        self.tell(choices.Event.LINK_READY, expires_at=expires_at.isoformat())
        return True

    def _stop(self, at: datetime) -> None:
        if self.status != Status.DISPUTED:
            self.become(Status.DISPUTED)
        self.withdraw(at)
        self.next_step_at = None
