"""A shopper who was paid before the goods came back, and keeps them after all."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from apps.core.errors import DomainError
from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.dtos import UnitDecision
from apps.orders.mixins.review import KEPT, ReviewMixin, UnknownReturnLine

CHANGED_MIND = "changed mind"


class NothingAdvanced(DomainError):
    code = "nothing_advanced"
    title = "Nothing was paid for this return yet; cancel it to keep the goods"
    status = 409


class GoodsOnTheirWay(DomainError):
    code = "goods_on_their_way"
    title = "The goods are not with the shopper any more, or were decided on"
    status = 409


class KeepingMixin(ReviewMixin):
    if TYPE_CHECKING:
        mode: str

    class Meta:
        abstract = True

    def check_keepable(self, lines: Sequence[UUID]) -> None:
        """Raises UnknownReturnLine, NothingAdvanced for a standard return, GoodsOnTheirWay once it
        is shipped."""
        for pk in set(lines).difference(self.lines.values_list("pk", flat=True)) if lines else ():
            raise UnknownReturnLine(line=str(pk))
        if self.mode != choices.Return.Mode.INSTANT:
            raise NothingAdvanced(number=str(self))
        if self.status != choices.Return.Status.IN_PROGRESS:
            raise GoodsOnTheirWay(number=str(self), status=self.status)

    @verb
    def keep(self, lines: Sequence[UUID], at: datetime) -> None:
        """These units, all that are undecided where none is named, are rejected as kept: what was
        paid for them is owed. Raises NothingAdvanced, GoodsOnTheirWay, or UnknownReturnLine."""
        self.check_keepable(lines)
        wanted = lines or [line.pk for line in self.locked_lines() if line.is_open]
        self.decide([UnitDecision(pk, KEPT, reason=CHANGED_MIND) for pk in wanted], at)
