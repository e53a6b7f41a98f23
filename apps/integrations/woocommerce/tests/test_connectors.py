from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.core.http import HttpError
from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.choices import Fulfilment
from apps.integrations.connectors import AccessLost, Declined, NotOffered
from apps.integrations.dtos import Address, UnitsOf
from apps.integrations.payloads import MalformedPayload
from apps.integrations.woocommerce import connectors
from apps.integrations.woocommerce.connectors import Connector
from apps.integrations.woocommerce.tests.conftest import SECRETS
from fakes.shops.control import FakeShop

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
URL = "https://platforms.example.com/v1/woocommerce/s1"
KEYS = {"consumer_key": "ck_test", "consumer_secret": "cs_test"}


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


class WooConnectionTest:
    @pytest.fixture(autouse=True)
    def _headers_pass(self, fake: FakeShop) -> Any:
        yield
        fake.vendor("drops_headers", on=False)

    def test_keys_are_tried_and_kept_with_a_secret_of_ours(self, fake: FakeShop) -> None:
        made = Connector.connect(fake.address, {**KEYS, "key_permissions": "read_write"})
        again = Connector.connect(fake.address, KEYS)

        assert made.facts == asking.ShopFacts(
            name="Tees of Bilbao",
            domain=fake.address,
            currency="EUR",
            time_zone="Europe/Madrid",
        )
        assert set(made.secrets) == {"consumer_key", "consumer_secret", "webhook_secret"}
        assert made.secrets["webhook_secret"] != again.secrets["webhook_secret"]

    def test_a_server_that_drops_the_header_gets_them_in_the_address(self, fake: FakeShop) -> None:
        fake.vendor("drops_headers", on=True)
        made = Connector.connect(fake.address, KEYS)
        shop = asking.Shop(store_id="s1", domain=fake.address, currency="EUR", secrets=made.secrets)

        assert made.secrets["auth"] == "query"
        assert Connector(shop).fetch_order(fake.order()["id"]) is not None

    @pytest.mark.parametrize(
        ("grant", "refused"),
        [
            ({**KEYS, "consumer_secret": "cs_other"}, AccessLost),
            ({**KEYS, "key_permissions": "read"}, Declined),
        ],
    )
    def test_keys_that_open_too_little(
        self, grant: dict[str, str], refused: type[Exception], fake: FakeShop
    ) -> None:
        with pytest.raises(refused):
            Connector.connect(fake.address, grant)


class WooOrderTest:
    def test_one_order(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order(shipping=[{"total": 495}])
        told = connector.fetch_order(order["id"])

        assert told is not None
        assert (told.total, told.lines[0].total) == (euros("49.95"), euros("45.00"))
        assert told.lines[0].variant_id == "v1"
        assert told.tenders[0].external_id == order["tenders"][0]["id"]

    def test_none_where_the_shop_has_none(self, connector: Connector) -> None:
        assert connector.fetch_order("404") is None

    @pytest.mark.parametrize(
        ("mode", "refused"), [("html", HttpError), ("schema_break", MalformedPayload)]
    )
    def test_never_half_an_order(
        self, mode: str, refused: type[Exception], fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        fake.mode(mode)

        with pytest.raises(refused):
            connector.fetch_order(order["id"])

    def test_a_wall_in_front_is_no_answer_about_the_order(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        fake.mode("error_before", status=404)

        with pytest.raises(HttpError):
            connector.fetch_order("404")


class WooChangesTest:
    def test_every_order_of_one_second_is_told(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """More in one second than a page holds: the cursor goes on by pages there."""
        monkeypatch.setattr(connectors, "MOST", 3)
        at = 1_790_000_000.25
        seeded = [fake.order(placed=at, updated=at)["id"] for _ in range(5)]

        first = connector.changed_orders(LONG_AGO)
        second = connector.changed_orders(LONG_AGO, first.cursor)
        third = connector.changed_orders(LONG_AGO, second.cursor)

        told = {each.external_id for page in (first, second, third) for each in page.orders}
        assert [len(page.orders) for page in (first, second, third)] == [3, 3, 2]
        assert (second.cursor, third.cursor) == ("2026-09-21T14:13:20+00:00|2", "")
        assert told == set(seeded)

    def test_since_is_included(self, fake: FakeShop, connector: Connector) -> None:
        moment = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
        order = fake.order(updated=moment.timestamp())

        assert [each.external_id for each in connector.changed_orders(moment).orders] == [
            order["id"]
        ]
        assert connector.changed_orders(moment + timedelta(seconds=1)).orders == ()

    def test_one_that_cannot_be_read_is_named(self, fake: FakeShop, connector: Connector) -> None:
        whole, broken = fake.order(), fake.order(currency="QQQ")
        page = connector.changed_orders(LONG_AGO)

        assert [each.external_id for each in page.orders] == [whole["id"]]
        assert [(each.external_id, each.code) for each in page.unreadable] == [
            (broken["id"], "unknown_currency")
        ]


class WooExchangeTest:
    def wanted(self, origin: dict[str, Any], quantity: int = 2) -> asking.ExchangeOrder:
        return asking.ExchangeOrder(
            origin_id=origin["id"],
            lines=(asking.GoodsWanted(variant_id="v1", quantity=quantity, price=euros("25")),),
            address=Address(name="Ana López", street="Calle Mayor 1", country="ES"),
            email="ana@example.com",
            reference="exchange-1",
        )

    def test_placed_once_and_takes_its_stock(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant()
        origin = fake.order()

        first = connector.create_exchange_order(self.wanted(origin))
        second = connector.create_exchange_order(self.wanted(origin))
        (made,) = [row for row in fake.rows("orders") if row["source"] == "api"]

        assert first == second == asking.PlacedOrder(id=made["id"], number=made["number"])
        assert (made["total"], made["origin_id"], fake.stock()) == (5000, origin["id"], 8)

    def test_goods_that_are_gone(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant(available=1)

        with pytest.raises(Declined, match="out_of_stock"):
            connector.create_exchange_order(self.wanted(fake.order()))
        assert fake.effects("order")[1:] == []

    def test_an_unheard_order_is_found(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant(available=None)
        origin = fake.order()
        fake.mode("reset_after", effect="order")

        with pytest.raises(HttpError):
            connector.create_exchange_order(self.wanted(origin))
        assert connector.create_exchange_order(self.wanted(origin)).id
        assert len(fake.rows("orders")) == 2

    def test_cancelled_once_and_never_after_it_was_sent(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order, sent = fake.order(), fake.order()
        fake.fulfil(sent["id"])
        connector.cancel_order(order["id"], "unwound")
        connector.cancel_order(order["id"], "unwound")

        assert len(fake.effects("cancel")) == 1
        with pytest.raises(Declined, match="already_sent"):
            connector.cancel_order(sent["id"], "unwound")
        fake.refund(order["id"], 4500)
        with pytest.raises(Declined, match="order_is_refunded"):
            connector.cancel_order(order["id"], "unwound")


class WooStockTest:
    def move(self, reference: str = "unit-1") -> asking.StockMove:
        return asking.StockMove(variant_id="v1", quantity=2, reference=reference)

    def test_once_for_each_reference(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant()
        for reference in ("unit-1", "unit-1", "unit-2", "unit-1"):
            connector.restock(self.move(reference))

        assert fake.stock() == 14

    def test_goods_that_nobody_counts_stay_uncounted(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        fake.variant(available=None)
        connector.restock(self.move())

        assert (fake.stock(), fake.effects("stock")) == (None, [])

    def test_variants_of_a_product_and_of_all(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant(available=0)
        fake.variant(id="v2", product_id="p2", title="Mug / Blue", available=None)
        one = connector.list_variants("p1")
        every = connector.list_variants()

        assert one.variants == (
            asking.VariantFacts(
                variant_id="v1",
                product_id="p1",
                title="Tee M",
                price=euros("25"),
                sku="TEE-M",
                available=0,
            ),
        )
        assert [each.variant_id for each in every.variants] == ["v1", "v2"]
        assert (every.cursor, every.variants[1].available) == ("", None)


class WooForeignRefundTest:
    def test_what_the_admin_gave_back_stands_with_its_line(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        """9.00 and 1.89 of tax for the first line; asked for only where something was refunded."""
        order = fake.order({"price": 5000}, {"price": 2000})
        row = {"line_id": order["lines"][0]["id"], "quantity": 1, "total": 900, "tax": 189}
        fake.refund(order["id"], 1089, lines=[row])
        untouched = fake.order({"price": 5000})

        told = connector.fetch_order(order["id"])
        page = connector.changed_orders(datetime(2020, 1, 1, tzinfo=UTC))

        assert told is not None
        assert [line.refunded for line in told.lines] == [euros("10.89"), None]
        assert [line.refunded for each in page.orders for line in each.lines] == [
            euros("10.89"),
            None,
            None,
        ]
        asked = [call["path"] for call in fake.calls("GET") if call["path"].endswith("/refunds")]
        assert all(untouched["id"] not in path.split("/") for path in asked)
        assert len(asked) == 2


class WooCreditTest:
    def credit(self, **named: Any) -> asking.CreditOrder:
        given = {"customer_id": "9", "email": "ana@example.com", "reference": "credit-1"}
        return asking.CreditOrder(**{"amount": euros("30"), **given, **named})

    def test_one_coupon_for_a_reference(self, fake: FakeShop, connector: Connector) -> None:
        expires = datetime(2027, 1, 1, tzinfo=UTC)
        first = connector.create_credit(self.credit(expires_at=expires))
        second = connector.create_credit(self.credit(expires_at=expires))
        other = connector.create_credit(self.credit(reference="credit-2"))

        assert (first, first.amount, len(first.code)) == (second, euros("30"), 16)
        assert first.code != other.code
        assert fake.rows("credits")[0]["email"] == "ana@example.com"

    def test_void_unless_it_is_used(self, fake: FakeShop, connector: Connector) -> None:
        void = connector.create_credit(self.credit())
        used = connector.create_credit(self.credit(reference="credit-2"))
        connector.void_credit(void.id)
        connector.void_credit(void.id)
        fake.spend(used.id, 100)

        with pytest.raises(Declined, match="credit_used"):
            connector.void_credit(used.id)
        assert [row["is_void"] for row in fake.rows("credits")] == [True, False]

    def test_only_in_the_shops_currency(self, connector: Connector) -> None:
        with pytest.raises(Declined, match="wrong_currency"):
            connector.create_credit(self.credit(amount=Money.of("30", "USD")))

    def test_another_refusal_stays_one(self, fake: FakeShop, connector: Connector) -> None:
        fake.mode("refuse", effect="credit", code="cannot_create")

        with pytest.raises(Declined, match="cannot_create"):
            connector.create_credit(self.credit())


class WooNoteTest:
    def test_notes_and_tags(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        connector.add_note(order["id"], "Return R-1 opened", ("returned",))
        connector.add_note(order["id"], "", ("returned", "refunded"))
        (kept,) = fake.rows("orders")

        assert kept["notes"] == ["Return R-1 opened"]
        assert kept["tags"] == ["returned", "refunded"]


class WooSubscriptionTest:
    def test_each_once_and_switched_on_again(self, fake: FakeShop, connector: Connector) -> None:
        first = connector.register_webhooks(URL)
        fake.play("change_webhook", first[0].id, is_active=False)
        off = connector.check_webhooks(URL)
        again = connector.register_webhooks(URL)

        assert [each.topic for each in first] == ["order.created", "order.updated"]
        assert [each.is_active for each in off] == [False, True]
        assert again == first
        assert {row["secret"] for row in fake.rows("webhooks")} == {SECRETS["webhook_secret"]}

    def test_only_ours_are_removed(self, fake: FakeShop, connector: Connector) -> None:
        connector.register_webhooks(URL)
        fake.play("subscribe", {"topic": "order.updated", "url": "https://erp.example.com"})
        connector.remove_webhooks(URL)

        assert connector.check_webhooks(URL) == ()
        assert len(connector.check_webhooks("https://erp.example.com")) == 1


class WooFulfilmentTest:
    def test_a_completed_order_is_one_parcel(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        before = connector.fulfilments(order["id"])
        fake.fulfil(order["id"])
        (parcel,) = connector.fulfilments(order["id"])

        assert before == ()
        assert (parcel.status, parcel.tracking_number) == (Fulfilment.Status.SENT, "")
        assert [each.quantity for each in parcel.lines] == [2]
        assert parcel.sent_at is not None

    def test_numbers_of_the_tracking_plugin(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.fulfil(order["id"], carrier="Correos", tracking_number="PQ1")
        (parcel,) = connector.fulfilments(order["id"])

        assert (parcel.carrier, parcel.tracking_number) == ("Correos", "PQ1")
        assert [each.quantity for each in parcel.lines] == [2]


class WooNotOfferedTest:
    def test_what_the_platform_has_no_way_for(self, connector: Connector) -> None:
        lines = (UnitsOf(line_id="1", quantity=1),)
        question = asking.RefundQuestion(order_id="1", lines=lines, currency="EUR")
        ret = asking.ReturnOrder(order_id="1", lines=lines, reference="r")
        move = asking.StockMove(variant_id="v1", quantity=1, reference="r")
        calls = [
            lambda: connector.calculate_refund(question),
            lambda: connector.open_return(ret),
            lambda: connector.approve_return("1"),
            lambda: connector.decline_return("1", "late"),
            lambda: connector.close_return("1"),
            lambda: connector.reserve_stock(move),
        ]
        for call in calls:
            with pytest.raises(NotOffered) as refused:
                call()
            assert refused.value.why

    def test_the_number_that_a_shopper_types(self) -> None:
        assert Connector.helper.numbers_of(" #0123 ") == ("0123", "#0123", "123")
