"""An instant return called off: only while nothing of its advance is out of reach."""

from datetime import datetime
from typing import override
from uuid import UUID

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.calculator.replacing import Replacement
from apps.orders.mixins.advance import AdvanceMixin
from apps.orders.mixins.cancellation import CancellationMixin
from apps.orders.mixins.order_refunds import RefundClaim
from apps.orders.mixins.refund import claim_of
from apps.orders.modules.advances.models import Advance

Status = choices.Return.Status
Goods = choices.ExchangeLineItem.Status


class AdvancePaid(DomainError):
    code = "advance_paid"
    title = "The advance has gone out; decide the units instead, as kept by the shopper"
    status = 409


class UnwindingMixin(AdvanceMixin, CancellationMixin):
    class Meta:
        abstract = True

    @override
    @verb
    def cancel(self, at: datetime, reason: str = "") -> None:
        """Of an instant return, only while no money is out: raises AdvancePaid."""
        advance = self.has_advance()
        if advance is None:
            super().cancel(at, reason)
            return
        if advance.out and (advance.tree.refund or self.replacements()):
            raise AdvancePaid(number=str(self))
        self.unwind(at, reason)

    @verb
    def unwind(self, at: datetime, reason: str = "") -> None:
        """Whoever paid the advance has taken all of it back; raises AdvancePaid once goods travel,
        old or new."""
        advance = Advance.objects.get(ret_id=self.pk)
        handed_out = self.exchanges.filter(status=Goods.FULFILLED).exists()
        if self.status != Status.IN_PROGRESS or handed_out:
            raise AdvancePaid(number=str(self))
        self.order.claim_refund(_given_back(advance))
        for paid in self.replacements():
            self.order.claim_refund(_not_given(paid))
        super().cancel(at, reason)
        for line in self.locked_lines():
            for goods in line.exchanges.filter(status=Goods.ORDERED):
                goods.cancel()
        self.settlement = None
        self._end(advance, at)

    def _end(self, advance: Advance, at: datetime) -> None:
        advance.unwound, advance.ended_at = advance.out, at
        advance.unpaid = advance.amount - advance.unwound
        advance.save()
        self.drop_waiting(advance)
        self.record(choices.Event.ADVANCE_UNWOUND, unwound=dict(advance.unwound.as_json()))


def _not_given(paid: Replacement) -> RefundClaim:
    """What was to be paid instead of goods; its value is counted with the advance."""
    tenders = {UUID(leg.tender_id): -leg.amount for leg in paid.legs}
    return RefundClaim(amount=Money.zero(paid.refund.currency), tenders=tenders)


def _given_back(advance: Advance) -> RefundClaim:
    """All caps but the lines', which give theirs back as they are let go."""
    claim, zero = claim_of(advance.tree), Money.zero(advance.currency)
    return RefundClaim(
        amount=-claim.amount,
        tenders={tender: -amount for tender, amount in claim.tenders.items()},
        shipping=-(claim.shipping or zero),
        duties=-(claim.duties or zero),
    )
