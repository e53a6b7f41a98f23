"""A return's life: asked for, approved, travelling, decided unit by unit, withdrawn."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from apps.orders import services
from apps.orders.dtos import MethodChoice, OpenReturn, QuoteRequest, UnitDecision, UnitWish
from apps.orders.models import Order as OrderRow
from apps.orders.models import Return as ReturnRow
from faults.machine.arithmetic import Asked, Terms
from faults.machine.compare import name_units, unit_ids
from faults.machine.nouns import Order, Return, Unit
from faults.machine.play import HOW, NUMBER, How, Play, pick

METHODS = ["original", "store_credit", "bank_transfer"]
OUTCOMES = ["accepted"] * 4 + ["rejected", "missing", "for_review"]
TO_SHIP = timedelta(days=28)


class ReturnRules(Play):
    @rule(
        number=NUMBER,
        picks=st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=3),
        method=st.sampled_from(METHODS),
        by=st.sampled_from(["shopper", "shopper", "staff"]),
        how=HOW,
    )
    @precondition(lambda self: self.model.orders)
    def open_return(
        self, number: int, picks: list[tuple[int, int]], method: str, by: str, how: How
    ) -> None:
        """Quoted and opened; one unit too many now and then."""
        order = pick(self.model.orders, number)
        asked = _asked(order, picks)
        travel = pick(self.stage.methods, number)
        told = None
        if all(each.quantity <= order.till.lines[each.line].on_hand for each in asked):
            told = self.model.quote(order, asked, self._terms(travel), method)
        legal = told is not None and told.net >= 0
        at = self.at
        quotes: list[UUID] = []

        def call() -> None:
            row = OrderRow.objects.get(pk=order.id)
            if not quotes:
                rows = list(row.lines.order_by("position"))
                wishes = tuple(UnitWish(rows[e.line].pk, e.quantity, "refund") for e in asked)
                quotes.append(services.quote_return(row, QuoteRequest(wishes, travel, by), at).pk)
            ret = services.open_return(row, OpenReturn(quotes[0], method, travel, by), at).ret
            assert told is not None
            assert ret.net_minor == told.net

        self.act(call, lambda: self._opened(order, asked, method, travel, by, at), how, legal=legal)

    def _opened(
        self,
        order: Order,
        asked: list[Asked],
        method: str,
        travel: MethodChoice,
        by: str,
        at: datetime,
    ) -> None:
        waits = by == "shopper" and not self.model.auto_approve
        ret = Return(
            order=order,
            units=[Unit(each.line, each.quantity) for each in asked],
            status="requested" if waits else "in_progress",
            method=method,
            terms=self._terms(travel),
            requested_at=at,
            opened_at=None if waits else at,
            expires_at=None if travel.keeps_goods else at + TO_SHIP,
            travels=not travel.keeps_goods,
        )
        known = {each.id for each in self.model.returns}
        ids = ReturnRow.objects.for_store(self.stage.store).values_list("pk", flat=True)
        (ret.id,) = set(ids) - known
        name_units(ret, unit_ids(ret))
        for each in asked:
            order.till.lines[each.line].returned += each.quantity
        self.model.returns.append(ret)

    def _terms(self, travel: MethodChoice) -> Terms:
        return replace(self.model.terms, fee=travel.price.minor if travel.price else 0)

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.some("requested"))
    def approve(self, number: int, how: How) -> None:
        ret, at = pick(self.some("requested"), number), self.at
        self.act(
            lambda: self.row(ret.id).approve(at),
            lambda: self.model.approve(ret, at),
            how,
            legal=True,
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.model.returns)
    def refuse(self, number: int, how: How) -> None:
        ret = pick(self.some("requested") or self.model.returns, number)
        self.act(
            lambda: self.row(ret.id).refuse("No", self.at),
            lambda: self.model.refuse(ret),
            how,
            legal=ret.status == "requested",
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.model.returns)
    def cancel(self, number: int, how: How) -> None:
        ret = pick(self.model.returns, number)
        open_to_it = ret.status in ("requested", "in_progress", "shipped")
        self.act(
            lambda: self.row(ret.id).cancel(self.at),
            lambda: self.model.cancel(ret),
            how,
            legal=open_to_it and all(unit.decision != "accepted" for unit in ret.units),
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.model.returns)
    def ship(self, number: int, how: How) -> None:
        ret = pick(self.model.returns, number)
        self.act(
            lambda: self.row(ret.id).ship(self.at), lambda: self.model.ship(ret), how, legal=True
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.model.returns)
    def receive(self, number: int, how: How) -> None:
        ret = pick(self.live() or self.model.returns, number)
        self.act(
            lambda: self.row(ret.id).receive(self.at),
            lambda: self.model.receive(ret),
            how,
            legal=ret.status != "requested",
        )

    @rule(
        number=NUMBER,
        picks=st.lists(
            st.tuples(NUMBER, NUMBER, st.sampled_from(OUTCOMES)), min_size=1, max_size=3
        ),
        how=HOW,
    )
    @precondition(lambda self: self.model.returns)
    def decide(self, number: int, picks: list[tuple[int, int, str]], how: How) -> None:
        ret = pick(self.live() or self.model.returns, number)
        choice: dict[UUID, tuple[Unit, int, str]] = {}
        for which, many, outcome in picks:
            unit = pick(ret.units, which)
            choice[unit.id] = (unit, 1 + many % unit.quantity, outcome)
        open_to_it = ret.status in ("in_progress", "shipped", "received", "for_review")
        legal = open_to_it and all(_may(*each) for each in choice.values())
        decisions = [
            UnitDecision(unit.id, outcome, quantity=many, reason="Worn")
            for unit, many, outcome in choice.values()
        ]

        def booked() -> None:
            for each in choice.values():
                self.model.decide(ret, *each)
            name_units(ret, unit_ids(ret))
            self.model.conclude(ret)

        self.act(
            lambda: self.row(ret.id).decide(decisions, self.at),
            booked,
            how,
            legal=legal,
            # One more unit of the same line is a decision of its own.
            keyed=True,
        )

    @rule(number=NUMBER, outcome=st.sampled_from(["accepted", "accepted", "rejected"]), how=HOW)
    @precondition(lambda self: self.model.returns)
    def decide_the_rest(self, number: int, outcome: str, how: How) -> None:
        ret = pick(self.live() or self.model.returns, number)

        def call() -> None:
            if outcome == "accepted":
                self.row(ret.id).accept_all(self.at)
            else:
                self.row(ret.id).reject_all("Worn", self.at)

        def booked() -> None:
            for unit in [unit for unit in ret.units if unit.is_open]:
                self.model.decide(ret, unit, unit.quantity, outcome)
            self.model.conclude(ret)

        open_to_it = ret.status in ("in_progress", "shipped", "received", "for_review")
        self.act(call, booked, how, legal=open_to_it)

    @rule(number=NUMBER, method=st.sampled_from(METHODS), how=HOW)
    @precondition(lambda self: self.model.returns)
    def choose_method(self, number: int, method: str, how: How) -> None:
        ret = pick(self.model.returns, number)

        def booked() -> None:
            ret.method = method

        self.act(
            lambda: self.row(ret.id).change_refund_method(method, self.at, "As asked"),
            booked,
            how,
            legal=ret.sum is None,
        )

    def some(self, *statuses: str) -> list[Return]:
        return [ret for ret in self.model.returns if ret.status in statuses]

    def live(self) -> list[Return]:
        return [ret for ret in self.model.returns if not ret.is_final]


def _may(unit: Unit, _: int, outcome: str) -> bool:
    parked = (unit.decision, outcome) == ("for_review", "for_review")
    lost = outcome == "missing" and unit.reception not in ("awaiting", "received")
    return unit.is_open and not parked and not lost


def _asked(order: Order, picks: list[tuple[int, int]]) -> list[Asked]:
    """Each line at most once; mostly what is left, now and then one more."""
    asked: dict[int, int] = {}
    for which, many in picks:
        at = which % len(order.till.lines)
        line = order.till.lines[at]
        left = line.on_hand
        asked[at] = 1 + many % max(left, 1) if many % 8 else left + 1
    return [Asked(at, many) for at, many in asked.items()]
