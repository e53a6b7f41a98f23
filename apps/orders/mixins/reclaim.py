"""How an advance ends: what of it stays out by right, what is owed, what comes back unused."""

from datetime import datetime
from typing import TYPE_CHECKING, override

from django.db.models import F

from apps.core.errors import Detail
from apps.core.money import Money
from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.mixins.claims import ClaimsMixin
from apps.orders.mixins.refund import NOT_HANDED_OUT, note_refunded
from apps.orders.modules.advances.arithmetic import ending, spread
from apps.orders.modules.advances.models import Advance

if TYPE_CHECKING:
    from apps.orders.models.return_line import ReturnLineItem

Decision = choices.ReturnLineItem.Decision


class ReclaimMixin(ClaimsMixin):
    class Meta:
        abstract = True

    @override
    def let_go(self, line: "ReturnLineItem") -> None:
        """Units of an advance were counted as given back when it was granted."""
        breakdown = self.settled
        if breakdown is not None:
            share = breakdown.line_amounts[str(line.line_item_id)]
            rest = self.units_held(line.line_item_id)
            before = share.gross.share(rest + line.quantity, share.quantity)
            back = before - share.gross.share(rest, share.quantity)
            goods = line.exchanges.exclude(status__in=NOT_HANDED_OUT).exists()
            type(line.line_item).objects.filter(pk=line.line_item_id).update(
                refunded_quantity=F("refunded_quantity") - line.quantity,
                exchanged_quantity=F("exchanged_quantity") - (line.quantity if goods else 0),
                refunded_minor=F("refunded_minor") - back.minor,
            )
        super().let_go(line)

    @override
    def conclude(self, at: datetime) -> None:
        advance = self.has_advance()
        if advance is None:
            return
        lines = self.locked_lines()
        accepted = [line for line in lines if line.decision == Decision.ACCEPTED]
        note_refunded(accepted, advance.tree)
        claims = self.claims_on(advance, [line for line in lines if line not in accepted])
        dropped = advance.dropped
        granted = advance.amount - dropped
        end = ending(granted, advance.out, claims, nothing_accepted=not accepted)
        advance.kept, advance.short, advance.unpaid = end.kept, end.short, end.unpaid + dropped
        advance.reclaimed = [
            {"cause": claim.cause, "lines": list(claim.lines), "minor": owed.minor}
            for claim, owed in zip(claims, spread(end.short, claims), strict=True)
        ]
        self.pay_rest(advance, end.pay, at)
        if end.short and self.pays_credit:
            # Only who keeps the credit knows how much of it is unused.
            advance.save()
            self.record(choices.Event.ADVANCE_RECLAIMED, **_money(end.short))
        else:
            self._close(advance, Money.zero(advance.currency), at)

    def pay_rest(self, advance: Advance, rest: Money, at: datetime) -> None:
        raise NotImplementedError

    @verb
    def close_advance(self, voided: Money, at: datetime) -> None:
        """So much of the shortfall was taken back unused; the shopper owes the rest. Said twice it
        is done once."""
        advance = self.has_advance()
        if advance is not None and advance.ended_at is None and self.is_final:
            self._close(advance, voided, at)

    def _close(self, advance: Advance, voided: Money, at: datetime) -> None:
        owed = [Money(int(each["minor"]), advance.currency) for each in advance.reclaimed]
        advance.unwound = voided
        advance.short -= voided
        weights = [amount.minor for amount in owed]
        shorts = advance.short.allocate(weights) if weights else []
        for each, short in zip(advance.reclaimed, shorts, strict=True):
            if short:
                told: dict[str, Detail] = {"cause": each["cause"], "lines": each["lines"]}
                self.record(choices.Event.ADVANCE_SHORT, **_money(short), **told)
        advance.ended_at = at
        advance.save()
        self.record(
            choices.Event.ADVANCE_CLOSED,
            kept=dict(advance.kept.as_json()),
            short=dict(advance.short.as_json()),
            unwound=dict(advance.unwound.as_json()),
            unpaid=dict(advance.unpaid.as_json()),
        )


def _money(amount: Money) -> dict[str, Detail]:
    return {**amount.as_json()}
