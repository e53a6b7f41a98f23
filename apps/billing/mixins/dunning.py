"""What happens to an invoice that nobody pays: overdue, then one step a day at most."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from apps.billing import choices
from apps.billing.mixins.issuing import IssuingMixin
from apps.core.verbs import verb

Dunning = choices.Invoice.Dunning


class DunningMixin(IssuingMixin):
    if TYPE_CHECKING:
        dunning: str
        dunned_at: datetime | None

    class Meta:
        abstract = True

    @verb
    def dun(self, day: date, at: datetime) -> bool:
        """One step, if its day has come; False when nothing was to be done.

        A job that was away for weeks takes the steps one by one, so that no letter is left out.
        """
        if self.status not in choices.Invoice.OPEN or self.due_on is None or day <= self.due_on:
            return False
        if self.status == choices.Invoice.Status.ISSUED:
            self.become(choices.Invoice.Status.OVERDUE)
            self.record(choices.Event.INVOICE_OVERDUE, code=self.code)
            return True
        return self._next_step((day - self.due_on).days, at)

    def _next_step(self, days_late: int, at: datetime) -> bool:
        allowed = choices.Invoice.DUNNING_TRANSITIONS.get(self.dunning, frozenset())
        for days, step in choices.Invoice.DUNNING_DAYS:
            if step in allowed and days_late >= days:
                self.dunning, self.dunned_at = step, at
                self.record(
                    choices.Event.INVOICE_DUNNED,
                    code=self.code,
                    step=str(step),
                    due={**self.due.as_json()},
                )
                return True
        return False
