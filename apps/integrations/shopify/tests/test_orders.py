from datetime import UTC, datetime
from typing import Any

import pytest

from apps.integrations import choices
from apps.integrations.connectors import Declined
from apps.integrations.dtos import UnitsOf
from apps.integrations.payloads import MalformedPayload
from apps.integrations.shopify.connectors import Connector
from apps.integrations.shopify.snapshots import order_snapshot
from apps.integrations.shopify.tests.asked import euros
from fakes.shops.control import FakeShop

EVER = datetime(2020, 1, 1, tzinfo=UTC)


class FetchTest:
    def test_none_where_there_is_none(self, connector: Connector) -> None:
        assert connector.fetch_order("404") is None
        assert connector.fulfilments("404") == ()

    def test_what_stands_in_it(self, fake: FakeShop, connector: Connector) -> None:
        line = {
            "price": 1210,
            "quantity": 2,
            "tax": 400,
            "discounts": [{"label": "HELLO", "amount": 120}],
        }
        order = fake.order(
            line,
            shipping=[{"total": 300, "tax": 52}],
            customer_id="5",
            phone="+34600",
            tags=["vip"],
        )
        fake.refund(order["id"], 600)
        told = connector.fetch_order(order["id"])

        assert told is not None
        assert (told.external_id, told.number) == (order["id"], f"#{order['number']}")
        # 2 x 12.10 - 1.20 + 3.00
        assert told.total == euros("26")
        (only,) = told.lines
        assert (only.unit_price, only.total, only.tax) == (
            euros("12.10"),
            euros("23"),
            euros("4"),
        )
        assert [(each.label, each.amount) for each in only.discounts] == [("HELLO", euros("1.20"))]
        assert (only.taxes[0].title, only.taxes[0].rate) == ("VAT", "0.21")
        assert (told.shipping[0].total, told.shipping[0].tax) == (euros("3"), euros("0.52"))
        assert (told.tenders[0].captured, told.tenders[0].refunded) == (euros("26"), euros("6"))
        assert (told.customer.name, told.customer.external_id) == ("Ana López", "5")
        assert (told.customer.phone, told.customer.language) == ("+34600", "es")
        assert told.shipping_address.postcode == "48001"
        assert told.tags == ("vip",)

    def test_all_lines_of_all_pages(self, fake: FakeShop, connector: Connector) -> None:
        """25 come with the order, 50 with each page after."""
        order = fake.order(*({"price": 100 + at} for at in range(80)))
        fake.fulfil(order["id"])
        told = connector.fetch_order(order["id"])

        assert told is not None
        assert [line.unit_price.minor for line in told.lines] == [100 + at for at in range(80)]
        assert {line.fulfilled_quantity for line in told.lines} == {1}

    def test_what_was_sent(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        line = order["lines"][0]["id"]
        for at in ("2026-01-05T10:00:00+00:00", "2026-01-07T10:00:00+00:00"):
            moment = datetime.fromisoformat(at).timestamp()
            parcel = [{"line_id": line, "quantity": 1}]
            fake.fulfil(order["id"], lines=parcel, sent=moment, delivered=moment + 3600)
        told = connector.fetch_order(order["id"])

        assert told is not None
        assert told.lines[0].fulfilled_quantity == 2
        assert told.shipped_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
        assert told.delivered_at == datetime(2026, 1, 7, 11, tzinfo=UTC)

    def test_an_edited_order_keeps_its_allocations(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        fake.edit(order["id"], lines=[{"id": order["lines"][0]["id"], "quantity": 1}])
        told = connector.fetch_order(order["id"])

        assert told is not None
        # Half of the discount of 5.00 is gone from the total, not from the allocation.
        assert told.total == euros("22.50")
        assert (told.lines[0].quantity, told.lines[0].total) == (1, euros("22.50"))
        assert told.lines[0].discounts[0].amount == euros("5")

    def test_what_was_refunded_was_not_edited_out(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order({"price": 1000, "quantity": 3}, {"price": 500})
        first, second = (line["id"] for line in order["lines"])
        fake.refund(order["id"], 1000, lines=[{"line_id": first, "quantity": 1}])
        lines = [{"id": first, "quantity": 2}, {"id": second, "quantity": 0}]
        fake.edit(order["id"], lines=lines)
        told = connector.fetch_order(order["id"])

        assert told is not None
        assert [(line.quantity, line.total) for line in told.lines] == [(2, euros("20"))]

    def test_what_refunds_gave_back_for_each_line(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        """8.00 of the 10.00 that one had cost; 25.00 with 10.00 more for shipping: 10.00 + 5.00."""
        order = fake.order(
            {"price": 1000, "quantity": 3, "current": 1},
            {"price": 500, "current": 0},
            {"price": 100},
            shipping=[{"total": 1000}],
        )
        first, second, _ = ({"line_id": line["id"], "quantity": 1} for line in order["lines"])
        fake.refund(order["id"], 800, lines=[first])
        fake.refund(order["id"], 2500, lines=[first, second])
        told = connector.fetch_order(order["id"])

        assert told is not None
        assert [each.refunded for each in told.lines] == [euros("18"), euros("5"), None]

    def test_an_answer_with_holes(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.mode("schema_break")

        with pytest.raises(MalformedPayload):
            connector.fetch_order(order["id"])
        with pytest.raises(MalformedPayload):
            order_snapshot({"currencyCode": "EUR", "customer": None})


class ParcelTest:
    def test_what_is_told_of_it(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.fulfil(
            order["id"], carrier="SEUR", tracking_number="T1", tracking_url="https://t.example/T1"
        )
        (told,) = connector.fulfilments(order["id"])

        assert told.status == choices.Fulfilment.Status.SENT
        assert told.lines == (UnitsOf(line_id=order["lines"][0]["id"], quantity=2),)
        assert (told.carrier, told.tracking_number) == ("SEUR", "T1")
        assert told.delivered_at is None

    @pytest.mark.parametrize(
        ("facts", "status"),
        [
            ({"delivered": 1_767_600_000}, choices.Fulfilment.Status.DELIVERED),
            ({"status": "cancelled"}, choices.Fulfilment.Status.CANCELLED),
        ],
    )
    def test_how_it_stands(
        self, fake: FakeShop, connector: Connector, facts: dict[str, Any], status: str
    ) -> None:
        order = fake.order()
        fake.fulfil(order["id"], **facts)
        (told,) = connector.fulfilments(order["id"])

        assert told.status == status
        assert told.tracking_number == ""


class ChangedTest:
    def test_oldest_change_first(self, fake: FakeShop, connector: Connector) -> None:
        orders = [fake.order({"price": 100 + at}) for at in range(3)]
        fake.play("touch", orders[0]["id"])
        page = connector.changed_orders(EVER)

        assert [told.external_id for told in page.orders] == [orders[at]["id"] for at in (1, 2, 0)]
        assert page.cursor == ""

    def test_page_by_page(self, fake: FakeShop, connector: Connector) -> None:
        made = [fake.order({"price": 100})["id"] for _ in range(27)]
        page = connector.changed_orders(EVER)
        rest = connector.changed_orders(EVER, page.cursor)

        assert [told.external_id for told in (*page.orders, *rest.orders)] == made
        assert (len(page.orders), rest.cursor) == (25, "")

    def test_since_then_only(self, fake: FakeShop, connector: Connector) -> None:
        fake.order()

        assert connector.changed_orders(datetime(2099, 1, 1, tzinfo=UTC)).orders == ()

    def test_one_that_cannot_be_read_is_told(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.mode("schema_break", operation="order")
        page = connector.changed_orders(EVER)

        assert page.orders == ()
        assert [(each.external_id, each.code) for each in page.unreadable] == [
            (order["id"], "malformed_payload")
        ]


class ShopTest:
    def test_what_the_token_opens(self, connector: Connector) -> None:
        facts = connector.verify_credentials()

        assert (facts.domain, facts.currency) == ("main.myshopify.com", "EUR")
        assert facts.time_zone == "Europe/Madrid"

    def test_variants(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant(id="1", product_id="7", available=3)
        fake.variant(id="2", product_id="8", available=None)
        all_of_them = connector.list_variants()
        (of_one,) = connector.list_variants("7").variants

        assert [each.available for each in all_of_them.variants] == [3, None]
        assert (of_one.variant_id, of_one.price) == ("1", euros("25"))
        assert all_of_them.cursor == ""

    def test_notes_and_tags(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        connector.add_note(order["id"], "Return 7 came in", ("returned",))
        connector.add_note(order["id"], "Return 7 came in")
        (row,) = fake.rows("orders")

        assert (row["notes"], row["tags"]) == (["Return 7 came in"], ["returned"])
        with pytest.raises(Declined, match="not_found"):
            connector.add_note("404", "x")

    def test_subscriptions_once_each(self, fake: FakeShop, connector: Connector) -> None:
        url = "https://platforms.example/v1/shopify/s"
        fake.play("subscribe", {"topic": "ORDERS_CREATE", "url": "https://other.example"})
        made = connector.register_webhooks(url)
        again = connector.register_webhooks(url)

        assert {each.topic for each in made} >= {"orders/create", "app/uninstalled"}
        assert sorted(each.id for each in again) == sorted(each.id for each in made)
        connector.remove_webhooks(url)
        assert connector.check_webhooks(url) == ()
        assert len(connector.check_webhooks("https://other.example")) == 1
