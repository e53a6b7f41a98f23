"""An instant return: value granted at opening, let go by steps of the goods, unwound if safe."""

from datetime import datetime
from typing import TYPE_CHECKING, override

from apps.core.money import Money
from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.dtos import AdvanceGrant
from apps.orders.mixins.reclaim import ReclaimMixin
from apps.orders.mixins.refund import claim_of, count_settled
from apps.orders.modules.advances.arithmetic import reference_of, value_of
from apps.orders.modules.advances.models import Advance, AdvanceConsent, AdvancePart
from apps.underwriting import choices as underwriting

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.orders.calculator.tree import Json

PartStatus = choices.Advance.PartStatus


class AdvanceMixin(ReclaimMixin):
    if TYPE_CHECKING:
        merchant: Merchant
        currency: str
        breakdown: dict[str, Json]

    class Meta:
        abstract = True

    @verb
    def grant(self, grant: AdvanceGrant, at: datetime) -> None:
        """All of it is counted into the caps now, and the parts for which nothing is awaited go
        out. Raises RefundAboveCap."""
        breakdown = Breakdown.from_json(self.breakdown)
        lines = self.locked_lines()
        self.order.claim_refund(claim_of(breakdown))
        count_settled(lines, self.unit_requests(lines))
        self.settlement = self.breakdown
        self._write(grant, breakdown, at)
        self.record(
            choices.Event.ADVANCE_GRANTED,
            method=self.refund_method,
            **value_of(breakdown).as_json(),
        )
        self.reach(underwriting.Rung.PAY_NOW, at)

    def _write(self, grant: AdvanceGrant, breakdown: Breakdown, at: datetime) -> None:
        advance = Advance(
            merchant=self.merchant,
            ret_id=self.pk,
            assessment_id=grant.assessment_id,
            method=self.refund_method,
            currency=self.currency,
            amount_minor=value_of(breakdown).minor,
            breakdown=self.breakdown,
            granted_at=at,
        )
        advance.save(force_insert=True)
        for part in grant.parts:
            AdvancePart(
                merchant=self.merchant,
                advance=advance,
                rung=part.rung,
                currency=self.currency,
                amount_minor=part.amount.minor,
                reference=reference_of(grant.key, part.rung),
            ).save(force_insert=True)
        AdvanceConsent(
            merchant=self.merchant,
            ret_id=self.pk,
            version=grant.consent.version,
            language=grant.consent.language,
            text=grant.text,
            currency=self.currency,
            cap_minor=grant.cap.minor,
            deadline=grant.deadline,
            charge_until=grant.charge_until,
            accepted_at=at,
        ).save(force_insert=True)

    @override
    def reach(self, rung: str, at: datetime) -> None:
        """Each part goes out once: those of this rung and of all before it."""
        advance = self.has_advance()
        if advance is None:
            return
        reached = underwriting.RUNGS[: underwriting.RUNGS.index(rung) + 1]
        for part in advance.parts.waiting().filter(rung__in=reached):
            self._release(part, at)

    @override
    def pay_rest(self, advance: Advance, rest: Money, at: datetime) -> None:
        """At the end: what is still due of the waiting parts goes out, the others never do."""
        for part in advance.parts.waiting():
            pays = min(part.amount, rest)
            rest = rest - pays
            if pays and pays < part.amount:
                self._split(part, part.amount - pays)
            if pays:
                self._release(part, at)
            else:
                self._drop(part)

    def _release(self, part: AdvancePart, at: datetime) -> None:
        part.become(PartStatus.RELEASED)
        part.released_at = at
        part.save()
        self.record(
            choices.Event.ADVANCE_RELEASED,
            part=str(part.pk),
            rung=part.rung,
            method=self.refund_method,
            **part.amount.as_json(),
        )

    def _split(self, part: AdvancePart, rest: Money) -> None:
        """The rest becomes a part of its own that never goes out."""
        part.amount -= rest
        left = AdvancePart(
            merchant_id=part.merchant_id,
            advance_id=part.advance_id,
            rung=part.rung,
            currency=part.currency,
            amount_minor=rest.minor,
            reference=reference_of(part.reference, "unpaid"),
            status=PartStatus.CANCELLED,
        )
        left.save(force_insert=True)

    def drop_waiting(self, advance: Advance) -> None:
        for part in advance.parts.waiting():
            self._drop(part)

    def _drop(self, part: AdvancePart) -> None:
        part.become(PartStatus.CANCELLED)
        part.save()
