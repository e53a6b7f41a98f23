"""Orders as the shop keeps them, whatever happens to them and on the way."""

from datetime import timedelta

import pytest

from apps.core import clock
from apps.core.errors import DomainError
from apps.core.http import HttpError
from apps.core.money import Money
from apps.integrations.choices import Capability, Fulfilment
from apps.integrations.connectors import AbstractConnector, AccessLost
from apps.integrations.dtos import OrderSnapshot
from apps.integrations.tests.contract_base import NOBODY, Contract, euros, needs, twice
from fakes.shops.control import FakeShop
from fakes.shops.figures import Row

HOUR = timedelta(hours=1)


def read(connector: AbstractConnector, order: Row) -> OrderSnapshot:
    found = connector.fetch_order(order["id"])
    assert found is not None
    return found


def refunded(snapshot: OrderSnapshot) -> Money:
    return Money.total((each.refunded for each in snapshot.tenders), snapshot.currency)


class OrderContractTest(Contract):
    @needs(Capability.ORDERS)
    def test_an_order_comes_as_the_shop_keeps_it(
        self, connector: AbstractConnector, order: Row
    ) -> None:
        found = read(connector, order)

        (line,) = found.lines
        captured = Money.total((each.captured for each in found.tenders), "EUR")
        assert (found.external_id, found.currency) == (order["id"], "EUR")
        assert (found.total, captured, refunded(found)) == (euros(5000), euros(5000), euros(0))
        assert (line.quantity, line.unit_price, line.total) == (2, euros(2500), euros(4500))
        assert sum(each.amount.minor for each in line.discounts) == 500
        assert [each.total for each in found.shipping] == [euros(500)]
        assert found.customer.email == "ana@example.com"
        assert (found.shipping_address.postcode, found.shipping_address.country) == ("48001", "ES")

    @needs(Capability.ORDERS)
    def test_an_order_that_nobody_placed_is_none(self, connector: AbstractConnector) -> None:
        assert connector.fetch_order(NOBODY) is None

    @needs(Capability.ORDERS)
    def test_what_the_shop_refunded_itself_is_seen(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.refund(order["id"], 1000)

        assert refunded(read(connector, order)) == euros(1000)

    @needs(Capability.ORDERS)
    def test_what_was_sent_and_what_was_cancelled_is_seen(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        cancelled = fake.order()
        fake.play("cancel", cancelled["id"])
        fake.fulfil(order["id"])

        assert read(connector, cancelled).cancelled_at is not None
        assert read(connector, order).cancelled_at is None
        assert read(connector, order).lines[0].fulfilled_quantity in (2, None)

    @needs(Capability.ORDERS)
    def test_the_currency_of_the_shop_counts_and_not_the_shoppers(
        self, fake: FakeShop, connector: AbstractConnector
    ) -> None:
        order = fake.order(presentment_currency="SEK", presentment_rate="11.5")

        found = read(connector, order)
        assert (found.currency, found.total) == ("EUR", euros(4500))

    @needs(Capability.ORDERS)
    def test_a_currency_without_decimals_is_read_as_it_is(
        self, fake: FakeShop, connector: AbstractConnector
    ) -> None:
        order = fake.order({"price": 2500, "quantity": 2}, currency="JPY")

        assert read(connector, order).total == Money(5000, "JPY")

    @needs(Capability.ORDERS)
    def test_an_edited_order_is_newer_and_not_worked_out_from_its_stale_discounts(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        before = read(connector, order).platform_updated_at
        fake.clock(60)
        fake.edit(order["id"], lines=[{"id": order["lines"][0]["id"], "quantity": 1}])

        after = read(connector, order)
        # 25.00 less half of the 5.00; the allocation itself still says 5.00.
        assert (after.lines[0].quantity, after.lines[0].total) == (1, euros(2250))
        assert before is not None
        assert after.platform_updated_at is not None
        assert after.platform_updated_at > before

    @needs(Capability.ORDERS)
    def test_an_answer_of_another_schema_is_no_order(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.mode("schema_break", times=None)

        with pytest.raises((HttpError, DomainError)):
            connector.fetch_order(order["id"])

    @needs(Capability.ORDERS)
    def test_a_page_of_maintenance_is_no_order_and_not_none(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.mode("html", times=None)

        with pytest.raises(HttpError):
            connector.fetch_order(order["id"])

    @needs(Capability.ORDERS)
    def test_an_outage_is_not_taken_for_an_order_that_is_missing(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.mode("error_before", times=None)

        with pytest.raises(HttpError):
            connector.fetch_order(order["id"])

    @needs(Capability.ORDERS)
    def test_too_many_requests_is_fine_a_moment_later(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.mode("rate_limit", retry_after=0)

        assert twice(lambda: read(connector, order)).total == euros(5000)

    @needs(Capability.ORDERS)
    def test_credentials_that_open_nothing_any_more_are_told_apart(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.mode("unauthorized", times=None)

        with pytest.raises(AccessLost):
            connector.fetch_order(order["id"])

    @needs(Capability.CHANGES)
    def test_only_what_changed_since_then_is_told(
        self, fake: FakeShop, connector: AbstractConnector
    ) -> None:
        now = clock.now()
        fake.order(updated=(now - 24 * HOUR).timestamp(), placed=(now - 24 * HOUR).timestamp())
        young = fake.order()

        page = connector.changed_orders(now - HOUR)
        assert [each.external_id for each in page.orders] == [young["id"]]
        assert (page.unreadable, page.cursor) == ((), "")

    @needs(Capability.CHANGES)
    def test_pages_are_whole_although_orders_change_meanwhile(
        self, fake: FakeShop, connector: AbstractConnector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.small_pages(fake, monkeypatch)
        start = clock.now().timestamp() - 600
        orders = [fake.order(updated=start + 60 * at, placed=start) for at in range(5)]
        since = clock.now() - HOUR
        page = connector.changed_orders(since)
        told = [each.external_id for each in page.orders]
        fake.edit(orders[0]["id"], tags=["changed"])
        for _ in range(9):
            if not page.cursor:
                break
            page = connector.changed_orders(since, page.cursor)
            told += [each.external_id for each in page.orders]

        assert page.cursor == ""
        assert told[0] == orders[0]["id"]
        assert set(told) == {each["id"] for each in orders}
        assert told.count(orders[0]["id"]) >= 2

    @needs(Capability.CHANGES)
    def test_a_history_tells_the_same_orders_as_its_changes(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        sent = fake.order()
        fake.fulfil(sent["id"])
        since = clock.now() - HOUR
        page = connector.order_history(since)
        told = list(page.orders)
        for _ in range(9):
            if not page.cursor:
                break
            page = connector.order_history(since, page.cursor)
            told += page.orders

        assert page.cursor == ""
        changed = connector.changed_orders(since).orders
        assert {each.external_id: each for each in told} == {
            each.external_id: each for each in changed
        }
        assert len(changed) == 2

    @needs(Capability.CHANGES)
    def test_an_order_that_cannot_be_read_is_named_and_the_others_come(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        broken = fake.order(currency="")

        page = connector.changed_orders(clock.now() - HOUR)
        assert [each.external_id for each in page.orders] == [order["id"]]
        assert [each.external_id for each in page.unreadable] == [broken["id"]]
        assert page.unreadable[0].code

    @needs(Capability.CHANGES)
    def test_a_list_of_another_schema_is_not_an_empty_one(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.mode("html", times=None)

        with pytest.raises(HttpError):
            connector.changed_orders(clock.now() - HOUR)

    @needs(Capability.FULFILMENTS)
    def test_what_was_sent_is_told_with_its_number(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        nothing = connector.fulfilments(order["id"])
        fake.fulfil(order["id"], carrier="SEUR", tracking_number="TRACK1")

        (parcel,) = connector.fulfilments(order["id"])
        assert nothing == ()
        assert parcel.status in (Fulfilment.Status.SENT, Fulfilment.Status.DELIVERED)
        assert parcel.tracking_number == "TRACK1"
        assert [(each.line_id, each.quantity) for each in parcel.lines] == [
            (order["lines"][0]["id"], 2)
        ]
