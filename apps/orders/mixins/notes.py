"""Words of the merchant's staff on a return, and a change of how its money goes back."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.core.errors import DomainError
from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.calculator.tree import Json
from apps.orders.mixins.units import UnitsMixin

if TYPE_CHECKING:
    from apps.core.errors import Detail


class AlreadySettled(DomainError):
    code = "already_settled"
    title = "The refund of this return has been worked out and is on its way"
    status = 409


class NotesMixin(UnitsMixin):
    if TYPE_CHECKING:
        notes: list[dict[str, Detail]]
        refund_method: str
        settlement: dict[str, Json] | None

    class Meta:
        abstract = True

    @verb
    def note(self, text: str, at: datetime, author: str = "") -> None:
        self.notes = [*self.notes, {"text": text, "at": at.isoformat(), "author": author}]
        self.record(choices.Event.RETURN_NOTED)

    @verb
    def change_refund_method(self, method: str, at: datetime, text: str) -> None:
        """Only before the refund is worked out; raises AlreadySettled after."""
        if self.settlement is not None:
            raise AlreadySettled(number=str(self))
        before, self.refund_method = self.refund_method, method
        self.notes = [*self.notes, {"text": text, "at": at.isoformat(), "author": ""}]
        self.record(choices.Event.RETURN_REFUND_METHOD_CHANGED, before=before, after=method)
