"""The cap (money rule 11): what goes out is counted on the locked order before it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents

if TYPE_CHECKING:
    from apps.orders.models.order import OrderTender
    from apps.orders.models.order_line import LineItem


class RefundAboveCap(DomainError):
    code = "refund_above_cap"
    title = "More would go back than was paid and not yet given back"
    status = 409


class RefundTakenBackTwice(DomainError):
    code = "refund_taken_back_twice"
    title = "More would be taken back than was counted as given"
    status = 409


@dataclass(frozen=True, slots=True)
class RefundClaim:
    """`amount` is value given back in every form, bonus not counted; the parts say where of."""

    amount: Money
    lines: Mapping[UUID, Money] = field(default_factory=dict)
    tenders: Mapping[UUID, Money] = field(default_factory=dict)
    shipping: Money | None = None
    duties: Money | None = None


class OrderRefundsMixin(RecordsEvents):
    if TYPE_CHECKING:
        currency: str
        captured: Money
        refunded: Money
        shipping: Money
        shipping_refunded: Money
        duties: Money
        duties_refunded: Money

        @property
        def lines(self) -> models.QuerySet[LineItem]: ...

        @property
        def tenders(self) -> models.QuerySet[OrderTender]: ...

    class Meta:
        abstract = True

    @property
    def refundable(self) -> Money:
        """Captured minus given back, done or in flight."""
        return self.captured - self.refunded

    @verb
    def claim_refund(self, claim: RefundClaim) -> None:
        """Count the claim on order, lines and tenders; raises RefundAboveCap with both figures."""
        zero = Money.zero(self.currency)
        self.refunded = _within("order", self.refunded, claim.amount, self.captured)
        self.shipping_refunded = _within(
            "shipping", self.shipping_refunded, claim.shipping or zero, self.shipping
        )
        self.duties_refunded = _within(
            "duties", self.duties_refunded, claim.duties or zero, self.duties
        )
        for line in self._locked(self.lines, claim.lines):
            # Below zero is right here: a kept line that lost its discount gave money back.
            more = claim.lines[line.pk]
            _refuse_above("line", line.refunded, more, line.paid)
            line.refunded += more
            line.save(update_fields=["refunded_minor", "updated_at"])
        for tender in self._locked(self.tenders, claim.tenders):
            amount = claim.tenders[tender.pk]
            tender.refunded = _within("tender", tender.refunded, amount, tender.captured)
            tender.save(update_fields=["refunded_minor", "updated_at"])

    @verb
    def see_refund(self, tender_id: UUID, amount: Money, seen_before: Money) -> Money:
        """Count what the payment's own provider gave back and we did not make.

        What the shop has told of is not counted twice. Returns what found no room under the caps.
        """
        tender = self.tenders.select_for_update(no_key=True).get(pk=tender_id)
        told = Money(tender.at_shop_minor, amount.currency)
        foreign = min(max(seen_before + amount - told, Money.zero(amount.currency)), amount)
        fits = min(foreign, tender.captured - tender.refunded, self.refundable)
        tender.at_shop_minor += foreign.minor
        tender.refunded += fits
        tender.save(update_fields=["at_shop_minor", "refunded_minor", "updated_at"])
        self.refunded += fits
        return foreign - fits

    @staticmethod
    def _locked[M: models.Model](
        rows: "models.QuerySet[M]", claimed: Mapping[UUID, Money]
    ) -> "models.QuerySet[M]":
        return rows.filter(pk__in=claimed).select_for_update(no_key=True).order_by("pk")


def _within(what: str, so_far: Money, more: Money, cap: Money) -> Money:
    _refuse_above(what, so_far, more, cap)
    after = so_far + more
    if after < Money.zero(cap.currency):
        raise RefundTakenBackTwice(of=what, asked=dict(more.as_json()))
    return after


def _refuse_above(what: str, so_far: Money, more: Money, cap: Money) -> None:
    if so_far + more > cap:
        raise RefundAboveCap(
            of=what, asked=dict(more.as_json()), left=dict((cap - so_far).as_json())
        )
