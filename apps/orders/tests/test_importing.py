from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from apps.accounts.models import Customer, Store
from apps.accounts.tests.factories import StoreFactory
from apps.core.money import Money
from apps.integrations.dtos import (
    BasketDiscount,
    CustomerSnapshot,
    LineSnapshot,
    OrderSnapshot,
    ShippingSnapshot,
    TenderSnapshot,
)
from apps.orders import choices
from apps.orders.models import Order
from apps.orders.services import importing
from apps.orders.services.importing import (
    DuplicateLine,
    ImportOutcome,
    RefundedMoreThanCaptured,
    Result,
    WrongCurrency,
    import_order,
)
from apps.orders.tests.factories import ReturnFactory
from apps.orders.tests.races import in_parallel

AT = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def line(external_id: str = "1", **named: Any) -> LineSnapshot:
    given = {"quantity": 2, "unit_price": euros("10"), "total": euros("20"), "tax": euros("3.47")}
    return LineSnapshot(**{"external_id": external_id, "title": "Mug", **given, **named})


def snapshot(**named: Any) -> OrderSnapshot:
    lines = named.pop("lines", (line(),))
    return OrderSnapshot(
        **{
            "external_id": "A-1",
            "number": "#1001",
            "currency": "EUR",
            "placed_at": AT,
            "tax_included": True,
            "total": Money.total((each.total for each in lines), "EUR"),
            "lines": lines,
            **named,
        }
    )


def tender(captured: str, refunded: str = "0", external_id: str = "p1") -> TenderSnapshot:
    return TenderSnapshot(external_id, "card", euros(captured), euros(refunded), "stripe")


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory.create()


class NewOrderTest:
    def test_it_is_stored_as_told(self, store: Store) -> None:
        outcome = import_order(
            store,
            snapshot(
                lines=(line(), line("2", fulfilled_quantity=5)),
                shipping=(ShippingSnapshot("Post", euros("5"), euros("0.87")),),
                duties=euros("1"),
                total=euros("46"),
                customer=CustomerSnapshot(email=" Ana@Shop.example ", name="Ana", language="es"),
            ),
        )
        order = outcome.order
        order.refresh_from_db()

        assert outcome.result is Result.CREATED
        assert (order.total.minor, order.shipping.minor, order.shipping_tax.minor) == (
            4600,
            500,
            87,
        )
        assert (order.duties.minor, order.captured.minor, order.email) == (
            100,
            4600,
            "ana@shop.example",
        )
        assert order.flags == []
        assert order.customer is not None
        assert (order.customer.email, order.customer.language) == ("ana@shop.example", "es")
        assert [each.fulfilled_quantity for each in order.lines.all()] == [2, 2]
        assert [event.kind for event in order.timeline] == [choices.Event.ORDER_IMPORTED]

    def test_without_payments_one_of_the_whole_stands_for_them(self, store: Store) -> None:
        order = import_order(store, snapshot()).order
        paid = order.tenders.get()

        assert (paid.kind, paid.captured.minor, paid.refunded.minor) == ("other", 2000, 0)

    def test_refunds_made_before_count_into_the_cap(self, store: Store) -> None:
        order = import_order(store, snapshot(tenders=(tender("20", "7.5"),))).order

        assert order.refunded.minor == 750
        assert order.refundable.minor == 1250

    def test_net_prices_are_paid_with_their_tax(self, store: Store) -> None:
        order = import_order(store, snapshot(tax_included=False, total=euros("23.47"))).order

        assert order.lines.get().paid.minor == 2347
        assert order.flags == []

    def test_parts_that_do_not_add_up_are_flagged(self, store: Store) -> None:
        assert import_order(store, snapshot(total=euros("21"))).order.flags == ["totals_differ"]

    def test_basket_discounts_name_our_lines(self, store: Store) -> None:
        discount = BasketDiscount("d", "10 % from 20", "threshold", ("1", "9"), euros("20"), "10")
        order = import_order(store, snapshot(discounts=(discount,))).order

        assert order.discounts[0]["lines"] == [str(order.lines.get().pk)]
        assert order.discounts[0]["threshold_minor"] == 2000

    def test_a_stranger_stays_one(self, store: Store) -> None:
        assert import_order(store, snapshot()).order.customer is None
        assert Customer.objects.count() == 0

    def test_a_customer_is_known_by_the_shops_id(self, store: Store) -> None:
        customer = CustomerSnapshot(external_id="41001")
        for number in ("A-1", "A-2"):
            import_order(store, snapshot(external_id=number, customer=customer))

        assert Customer.objects.get().external_id == "41001"


class RefusedOrderTest:
    @pytest.mark.parametrize(
        ("told", "refusal"),
        [
            (
                replace(snapshot(), currency="USD", total=Money.of("1", "USD")),
                WrongCurrency,
            ),
            (snapshot(lines=(line("1"), line("1"))), DuplicateLine),
            (snapshot(tenders=(tender("5", "5.01"),)), RefundedMoreThanCaptured),
        ],
    )
    def test_nothing_is_written(
        self, told: OrderSnapshot, refusal: type[Exception], store: Store
    ) -> None:
        with pytest.raises(refusal):
            import_order(store, told)

        assert Order.objects.count() == 0


class KnownOrderTest:
    def told_again(self, store: Store, **named: Any) -> ImportOutcome:
        import_order(store, snapshot(platform_updated_at=AT))
        return import_order(store, snapshot(**{"platform_updated_at": AT, **named}))

    def test_the_same_again_is_unchanged(self, store: Store) -> None:
        outcome = self.told_again(store)

        assert outcome.result is Result.UNCHANGED
        assert outcome.order.version == 1
        assert outcome.order.timeline.count() == 1

    def test_older_news_is_stale(self, store: Store) -> None:
        older = AT - timedelta(seconds=1)
        outcome = self.told_again(store, platform_updated_at=older, number="#9")

        assert outcome.result is Result.STALE
        assert Order.objects.get().number == "#1001"

    def test_news_raise_the_version(self, store: Store) -> None:
        outcome = self.told_again(store, number="#1002", lines=(line(title="Cup"), line("2")))
        order = Order.objects.get()

        assert outcome.result is Result.UPDATED
        assert (order.number, order.version, order.total.minor) == ("#1002", 2, 4000)
        assert [each.title for each in order.lines.all()] == ["Cup", "Mug"]
        assert [event.kind for event in order.timeline] == [
            choices.Event.ORDER_IMPORTED,
            choices.Event.ORDER_UPDATED,
        ]

    def test_a_line_that_is_gone_goes(self, store: Store) -> None:
        import_order(store, snapshot(lines=(line("1"), line("2"))))
        import_order(store, snapshot(lines=(line("2"),)))

        assert Order.objects.get().lines.get().external_id == "2"

    def test_a_line_with_a_return_stays_and_is_flagged(self, store: Store) -> None:
        order = import_order(store, snapshot(lines=(line("1"), line("2")))).order
        first = order.lines.get(external_id="1")
        ReturnFactory.create(order=order, lines=[{"line_item": first, "quantity": 1}])
        outcome = import_order(store, snapshot(lines=(line("2"),), total=euros("20")))

        assert outcome.order.lines.count() == 2
        assert "line_with_return_removed" in outcome.order.flags

    def test_the_sums_of_a_line_with_a_return_stay(self, store: Store) -> None:
        order = import_order(store, snapshot()).order
        ReturnFactory.create(order=order, lines=[{"line_item": order.lines.get(), "quantity": 2}])
        edited = line(quantity=1, total=euros("5"), fulfilled_quantity=0)
        outcome = import_order(store, snapshot(lines=(edited,), number="#5"))
        kept = outcome.order.lines.get()

        assert (kept.quantity, kept.paid.minor, kept.fulfilled_quantity) == (2, 2000, 2)
        assert "line_with_return_edited" in outcome.order.flags

    def test_an_unedited_line_with_a_return_is_not_flagged(self, store: Store) -> None:
        order = import_order(store, snapshot()).order
        ReturnFactory.create(order=order, lines=[{"line_item": order.lines.get(), "quantity": 1}])

        assert import_order(store, snapshot(number="#5")).order.flags == []

    def test_refunds_made_elsewhere_raise_the_counters(self, store: Store) -> None:
        import_order(store, snapshot(tenders=(tender("20"),)))
        more = (tender("20", "4"), tender("3", external_id="p2"))
        order = import_order(store, snapshot(tenders=more)).order

        assert order.refunded.minor == 400
        assert {each.external_id: each.refunded.minor for each in order.tenders.all()} == {
            "p1": 400,
            "p2": 0,
        }
        assert order.captured.minor == 2300

    def test_refunds_of_a_line_made_elsewhere_count_into_its_cap(self, store: Store) -> None:
        """Ours of 8.00 is part of the 12.50 that the shop tells; more than was paid is not."""
        order = import_order(store, snapshot(lines=(line(refunded=euros("5")),))).order
        row = order.lines.get()
        assert row.refunded.minor == 500
        row.refunded = euros("8")
        row.save()

        def told(refunded: str) -> int:
            import_order(store, snapshot(lines=(line(refunded=euros(refunded)),)))
            row.refresh_from_db()
            return row.refunded.minor

        assert told("6") == 800
        assert told("12.50") == 1250
        assert told("99") == 2000

    def test_captured_never_falls_under_refunded(self, store: Store) -> None:
        import_order(store, snapshot(tenders=(tender("20", "15"),)))
        order = import_order(store, snapshot(tenders=(tender("10", "10"),))).order

        assert order.captured.minor >= order.refunded.minor == 1500
        assert order.tenders.get().captured.minor == 1500


class SameOrderTwiceAtOnceTest:
    def test_the_loser_finds_what_the_winner_made(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create = importing._created
        calls: Iterator[bool] = iter([True, False])

        def lose_once(*args: Any) -> ImportOutcome:
            if next(calls):
                raise IntegrityError
            return create(*args)

        monkeypatch.setattr(importing, "_created", lose_once)

        assert import_order(store, snapshot()).result is Result.CREATED

    @pytest.mark.django_db(transaction=True)
    def test_four_at_once_make_one_order(self) -> None:
        store = StoreFactory.create()
        told = snapshot(customer=CustomerSnapshot(email="ana@shop.example"))
        outcomes = in_parallel(lambda _: import_order(store, told).result, range(4))

        assert sorted(map(str, outcomes)) == ["created", "unchanged", "unchanged", "unchanged"]
        assert Order.objects.get().lines.count() == 1
