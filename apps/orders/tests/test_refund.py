"""What settles is what was quoted, to the cent; and it is counted into every cap."""

from datetime import UTC, datetime
from typing import Any

import pytest

from apps.core.money import Money
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.dtos import MethodChoice, UnitDecision
from apps.orders.mixins.order_refunds import (
    RefundAboveCap,
    RefundClaim,
    RefundTakenBackTwice,
)
from apps.orders.mixins.refund import NothingAccepted
from apps.orders.models import Order, Return
from apps.orders.tests.factories import OrderFactory, ReturnFactory

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def accepted(**more: Any) -> Return:
    ret = ReturnFactory.create(**more)
    ret.accept_all(AT)
    return ret


def again(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


@pytest.mark.django_db
class OrderFactsTest:
    def test_tenders_come_as_they_were_captured(self) -> None:
        """A row whose keys changed is read behind the others by a query without order."""
        order = OrderFactory.create(tenders=[{"captured_minor": 5000}, {"captured_minor": 5000}])
        first, second = order.tenders.order_by("id")
        first.external_id = "z"
        first.save()
        assert [each.id for each in again(order).facts().tenders] == [str(first.pk), str(second.pk)]


@pytest.mark.django_db
class ReturnRefundTest:
    def test_all_accepted_settles_as_quoted(self) -> None:
        ret = accepted(order__with_shipping=True)
        breakdown = ret.settle()
        assert breakdown == Breakdown.from_json(ret.breakdown)
        assert breakdown.refund == eur(10_500)
        ret.refresh_from_db()
        assert ret.settled == breakdown
        order = again(ret.order)
        assert (order.refunded, order.shipping_refunded) == (eur(10_500), eur(500))
        assert order.refundable == eur(0)
        assert order.tenders.get().refunded == eur(10_500)
        assert [
            (line.refunded, line.refunded_quantity, line.exchanged_quantity)
            for line in order.lines.all()
        ] == [(eur(5000), 2, 0), (eur(5000), 1, 0)]

    def test_a_repeat_gives_the_same_and_counts_nothing(self) -> None:
        ret = accepted()
        assert ret.settle() == ret.settle() == Return.objects.get(pk=ret.pk).settle()
        assert again(ret.order).refunded == eur(10_000)

    def test_only_accepted_units_are_paid(self) -> None:
        ret = ReturnFactory.create(received=True)
        shirt, trousers = ret.lines.all()
        ret.decide(
            [
                UnitDecision(shirt.pk, "accepted", 1),
                UnitDecision(shirt.pk, "rejected", 1, reason="Worn"),
                UnitDecision(trousers.pk, "missing"),
            ],
            AT,
        )
        assert ret.settle().refund == eur(2500)
        assert [line.refunded_quantity for line in ret.order.lines.all()] == [1, 0]
        paid = {
            line.decision: line.refunded for line in ret.lines.filter(line_item=shirt.line_item)
        }
        assert paid == {"accepted": eur(2500), "rejected": eur(0)}

    @pytest.mark.parametrize("outcome", ["rejected", "pending"])
    def test_nothing_accepted_is_refused(self, outcome: str) -> None:
        ret = ReturnFactory.create(received=True)
        if outcome == "rejected":
            ret.reject_all("Worn", AT)
        with pytest.raises(NothingAccepted):
            ret.settle()

    def test_the_fee_is_kept_and_lowers_what_counts(self) -> None:
        post = MethodChoice(name="Post office", price=eur(495))
        ret = accepted(method=post)
        assert ret.settle().refund == eur(9505)
        assert again(ret.order).refunded == eur(9505)

    def test_a_fee_waived_in_the_quote_stays_waived(self) -> None:
        post = MethodChoice(name="Post office", price=eur(495))
        ret = accepted(method=post, lines__waives_fees=True)
        assert ret.settle().refund == eur(10_000)

    def test_restocking_is_kept(self) -> None:
        """10 % of 50.00 paid for each line; a line is counted by what it was worth."""
        ret = accepted(
            order__store__preferences__restocking_kind="percent_of_paid",
            order__store__preferences__restocking_percent="10.00",
        )
        assert ret.settle().refund == eur(9000)
        assert [line.refunded for line in ret.order.lines.all()] == [eur(5000), eur(5000)]
        assert [line.refunded for line in ret.lines.all()] == [eur(4500), eur(4500)]

    def test_credit_goes_back_first(self) -> None:
        """25 credit + 75 card, refund 50: the credit, then the card."""
        order = OrderFactory.create(with_credit=True)
        trousers = order.lines.get(sku="TR-1")
        accepted(order=order, lines=[{"line_item": trousers}]).settle()
        assert [tender.refunded for tender in order.tenders.order_by("id")] == [
            eur(2500),
            eur(2500),
        ]

    def test_one_by_one_adds_up(self) -> None:
        """10.00 for 3 units: 3.33, 3.34, 3.33."""
        order = OrderFactory.create(lines=[{"quantity": 3, "total_minor": 1000}])
        paid = [
            accepted(order=again(order), lines=[{"line_item": order.lines.get()}]).settle().refund
            for _ in range(3)
        ]
        assert paid == [eur(333), eur(334), eur(333)]
        assert again(order).refundable == eur(0)

    def test_units_that_another_return_holds_do_not_count_as_gone(self) -> None:
        """The second return settles first; the sums are those of the order in which they settle."""
        order = OrderFactory.create(lines=[{"quantity": 3, "total_minor": 1000}])
        first = ReturnFactory.create(order=order, lines=[{"line_item": order.lines.get()}])
        second = ReturnFactory.create(
            order=again(order), lines=[{"line_item": order.lines.get(), "quantity": 2}]
        )
        second.accept_all(AT)
        assert second.settle().refund == eur(667)
        first.accept_all(AT)
        assert first.settle().refund == eur(333)

    def test_what_the_shop_refunded_itself_is_held_back(self) -> None:
        ret = accepted()
        tender = ret.order.tenders.get()
        again(ret.order).claim_refund(RefundClaim(eur(9000), tenders={tender.pk: eur(9000)}))
        breakdown = ret.settle()
        assert breakdown.refund == eur(1000)
        assert "Held to what the order still holds" in " ".join(breakdown.in_words())
        assert again(ret.order).refundable == eur(0)

    def test_a_line_that_became_dearer_counts_below_nothing(self) -> None:
        """6 x 50 with 200 off from 300: one back is worth 16.67, the rest loses 166.67."""
        order = OrderFactory.create(
            store__preferences__threshold_rule="requalify",
            lines=[
                {
                    "quantity": 6,
                    "unit_price_minor": 5000,
                    "total_minor": 10_000,
                    "discounts": [{"label": "200 off", "amount_minor": 20_000, "ref": "d"}],
                }
            ],
        )
        line = order.lines.get()
        order.discounts = [
            {
                "id": "d",
                "label": "200 off",
                "kind": "threshold",
                "lines": [str(line.pk)],
                "threshold_minor": 30_000,
                "percent": "",
                "buy": 0,
                "pay": 0,
                "gifts": [],
            }
        ]
        order.save()
        ret = accepted(order=order, lines=[{"line_item": line}])
        assert ret.settle().due == eur(15_000)
        line.refresh_from_db()
        assert (line.refunded, again(order).refunded) == (eur(-15_000), eur(0))


@pytest.mark.django_db
class ExchangeSettlementTest:
    def exchange(self, price: int, **more: Any) -> Return:
        order = OrderFactory.create()
        line = order.lines.get(sku="TS-1")
        goods = {"price_minor": price, "status": "reserved", **more}
        return ReturnFactory.create(
            order=order, lines=[{"line_item": line, "quantity": 2, "exchange": goods}]
        )

    def test_new_goods_count_as_given_back(self) -> None:
        """50.00 back, new goods 40.00: 10.00 in money, 50.00 against the cap."""
        ret = self.exchange(2000)
        ret.accept_all(AT)
        assert ret.settle().refund == eur(1000)
        order = again(ret.order)
        assert order.refunded == eur(5000)
        assert order.tenders.get().refunded == eur(1000)
        assert order.lines.get(sku="TS-1").exchanged_quantity == 2
        assert order.facts().elsewhere == eur(4000)

    @pytest.mark.parametrize("steps", [("run_out",), ("run_out", "replace"), ("cancel",)])
    def test_goods_never_handed_out_are_paid(self, steps: tuple[str, ...]) -> None:
        ret = self.exchange(2000)
        ret.accept_all(AT)
        for step in steps:
            getattr(ret.exchanges.get(), step)()
        assert ret.settle().refund == eur(5000)
        assert ret.order.lines.get(sku="TS-1").exchanged_quantity == 0

    def test_one_of_two_rejected_splits_the_goods_too(self) -> None:
        ret = self.exchange(2000, tax_minor=694)
        line = ret.lines.get()
        ret.decide(
            [
                UnitDecision(line.pk, "accepted", 1),
                UnitDecision(line.pk, "rejected", 1, reason="Worn"),
            ],
            AT,
        )
        rows = ret.exchanges.order_by("status")
        assert [(each.status, each.quantity, each.tax_minor) for each in rows] == [
            ("cancelled", 1, 347),
            ("reserved", 1, 347),
        ]
        assert ret.settle().refund == eur(500)
        assert ret.order.lines.get(sku="TS-1").exchanged_quantity == 1

    def test_an_even_exchange_keeps_its_tax_to_the_cent(self) -> None:
        """One of three units at 3.33 net holds 0.70 of the 2.11 tax, new goods alone 0.69."""
        order = OrderFactory.create(
            tax_included=False,
            lines=[
                {
                    "quantity": 3,
                    "unit_price_minor": 333,
                    "tax_minor": 211,
                    "taxes": [{"rate": "0.21"}],
                }
            ],
        )
        goods = {"price_minor": 333, "tax_minor": 69, "tax_rate": "21"}
        ret = accepted(order=order, lines=[{"line_item": order.lines.get(), "exchange": goods}])
        assert ret.settle().net == eur(0)


@pytest.mark.django_db
class OrderRefundsTest:
    def test_each_cap_is_kept_with_both_figures(self) -> None:
        order = OrderFactory.create(with_shipping=True, duties_minor=100)
        line, tender = order.lines.all()[0], order.tenders.get()
        for claim, of, left in [
            (RefundClaim(eur(10_601)), "order", "106.00"),
            (RefundClaim(eur(1), shipping=eur(501)), "shipping", "5.00"),
            (RefundClaim(eur(1), duties=eur(101)), "duties", "1.00"),
            (RefundClaim(eur(1), lines={line.pk: eur(5001)}), "line", "50.00"),
            (RefundClaim(eur(1), tenders={tender.pk: eur(10_601)}), "tender", "106.00"),
        ]:
            with pytest.raises(RefundAboveCap) as caught:
                order.claim_refund(claim)
            assert caught.value.details["of"] == of
            assert caught.value.details["left"] == {"amount": left, "currency": "EUR"}
        assert again(order).refunded == eur(0)

    def test_a_claim_is_taken_back_but_never_below_nothing(self) -> None:
        order = OrderFactory.create()
        order.claim_refund(RefundClaim(eur(500)))
        order.claim_refund(RefundClaim(eur(-500)))
        with pytest.raises(RefundTakenBackTwice):
            order.claim_refund(RefundClaim(eur(-1)))

    def test_rows_say_what_they_are(self) -> None:
        order = OrderFactory.create(number="#1", shipping_address={"postcode": " 480 01 "})
        assert (str(order), order.postcode) == ("#1", "48001")
        assert str(order.lines.get(sku="TS-1")) == "2 x T-shirt"
        assert str(order.tenders.get()) == "card 100.00 EUR"
