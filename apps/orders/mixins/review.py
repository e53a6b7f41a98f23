"""The merchant decides unit by unit; when none is open the return is concluded."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from apps.core.errors import DomainError
from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.dtos import UnitDecision
from apps.orders.mixins.approval import ApprovalMixin

if TYPE_CHECKING:
    from apps.orders.models.return_line import ReturnLineItem

MISSING = "missing"
KEPT = "kept"


class UnknownReturnLine(DomainError):
    code = "unknown_return_line"
    title = "The return has no such line"
    status = 404


class ReasonRequired(DomainError):
    code = "reason_required"
    title = "A rejection needs a reason"
    status = 400


class ReviewMixin(ApprovalMixin):
    OUTCOMES: ClassVar[frozenset[str]] = frozenset(
        {*choices.ReturnLineItem.Decision.values, MISSING, KEPT} - {"pending"}
    )
    if TYPE_CHECKING:
        decided_at: datetime | None
        reject_reason: str

    class Meta:
        abstract = True

    @verb
    def decide(self, decisions: Sequence[UnitDecision], at: datetime) -> None:
        """All or nothing; raises IllegalTransition (409) when a unit was decided before."""
        if not self.can_become(choices.Return.Status.ACCEPTED):
            self.become(choices.Return.Status.ACCEPTED)
        held = {line.pk: line for line in self.locked_lines()}
        for decision in decisions:
            if decision.line_id not in held:
                raise UnknownReturnLine(line=str(decision.line_id))
            self._decide_units(held[decision.line_id], decision, at)
        self._move_on(at)

    @verb
    def accept_all(self, at: datetime) -> None:
        accepted = choices.ReturnLineItem.Decision.ACCEPTED
        self.decide(self._for_open_units(accepted, ""), at)

    @verb
    def reject(self, reason: str, at: datetime) -> None:
        """A request is refused; of a return every undecided unit is rejected."""
        if self.status == choices.Return.Status.REQUESTED:
            self.refuse(reason, at)
        else:
            self.reject_all(reason, at)

    @verb
    def reject_all(self, reason: str, at: datetime) -> None:
        rejected = choices.ReturnLineItem.Decision.REJECTED
        self.decide(self._for_open_units(rejected, reason), at)

    def _for_open_units(self, outcome: str, reason: str) -> list[UnitDecision]:
        return [
            UnitDecision(line.pk, outcome, reason=reason)
            for line in self.locked_lines()
            if line.is_open
        ]

    def _decide_units(self, held: "ReturnLineItem", decision: UnitDecision, at: datetime) -> None:
        outcomes = choices.ReturnLineItem.Decision
        if decision.outcome == outcomes.REJECTED and not decision.reason:
            raise ReasonRequired(line=str(decision.line_id))
        line = held.take(held.quantity if decision.quantity is None else decision.quantity)
        if decision.outcome in (MISSING, KEPT):
            line.mark_absent(decision.outcome)
            line.conclude(outcomes.REJECTED, at)
            line.reject_reason = decision.reason or decision.outcome
        else:
            line.conclude(decision.outcome, at)
            line.reject_reason = decision.reason
            line.disposition = decision.disposition or line.disposition
        line.grade = decision.grade or line.grade
        line.images = [*line.images, *decision.images]
        line.save()
        if line.decision == outcomes.REJECTED:
            self.let_go(line)
        self.record(
            choices.Event.RETURN_UNIT_DECIDED,
            line=str(line.pk),
            outcome=decision.outcome,
            quantity=line.quantity,
        )

    def _move_on(self, at: datetime) -> None:
        outcomes = choices.ReturnLineItem.Decision
        decided = set(self.lines.values_list("decision", flat=True))
        if decided & {outcomes.PENDING, outcomes.FOR_REVIEW}:
            review = choices.Return.Status.FOR_REVIEW
            if outcomes.FOR_REVIEW in decided and self.status != review:
                self.become(review)
                self.record(choices.Event.RETURN_FOR_REVIEW)
            return
        self.decided_at = at
        status, event = _conclusion(decided)
        self.become(status)
        self.record(event)
        self.conclude(at)


def _conclusion(decided: set[str]) -> tuple[str, str]:
    outcomes, statuses = choices.ReturnLineItem.Decision, choices.Return.Status
    if decided == {outcomes.ACCEPTED}:
        return statuses.ACCEPTED, choices.Event.RETURN_ACCEPTED
    if decided == {outcomes.REJECTED}:
        return statuses.REJECTED, choices.Event.RETURN_REJECTED
    return statuses.PARTLY_ACCEPTED, choices.Event.RETURN_PARTLY_ACCEPTED
