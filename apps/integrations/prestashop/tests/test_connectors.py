from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.core.http import HttpError
from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.choices import Capability, Fulfilment
from apps.integrations.connectors import AccessLost, Declined, NotOffered
from apps.integrations.dtos import Address, RefundOrder, UnitsOf
from apps.integrations.payloads import MalformedPayload
from apps.integrations.prestashop import choices, connectors, goods
from apps.integrations.prestashop.connectors import Connector
from fakes.prestashop.vendor import KEY
from fakes.shops.control import FakeShop

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


class PrestaConnectionTest:
    def test_the_key_is_tried(self, fake: FakeShop) -> None:
        made = Connector.connect(fake.address, {"key": KEY})

        assert made.facts == asking.ShopFacts(
            name="Camisetas de Bilbao",
            domain=fake.address,
            currency="EUR",
            time_zone="Europe/Madrid",
        )
        assert set(made.secrets) == {"key", "voucher_secret"}

    def test_a_key_that_opens_nothing(self, fake: FakeShop) -> None:
        with pytest.raises(AccessLost):
            Connector.connect(fake.address, {"key": "other"})

    def test_settings_that_the_key_may_not_read(
        self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(choices, "CURRENCY", "PS_HIDDEN")

        with pytest.raises(Declined, match="settings_hidden"):
            Connector.connect(fake.address, {"key": KEY})


class PrestaOrderTest:
    def test_vouchers_are_spread_over_the_lines(self, fake: FakeShop, connector: Connector) -> None:
        """5.00 off 40.00 + 10.00: 4.00 and 1.00, whatever the book gave to each line."""
        order = fake.order(
            {"price": 2000, "quantity": 2, "discounts": [{"label": "HELLO", "amount": 500}]},
            {"price": 1000, "quantity": 1, "variant_id": "v2"},
            shipping=[{"total": 495, "tax": 86}],
        )
        told = connector.fetch_order(order["id"])

        assert told is not None
        assert [each.total for each in told.lines] == [euros("36"), euros("9")]
        assert [each.discounts[0].label for each in told.lines] == ["HELLO", "HELLO"]
        assert (told.shipping[0].total, told.shipping[0].tax) == (euros("4.95"), euros("0.86"))
        assert (told.total, told.tax_included, told.number) == (
            euros("49.95"),
            True,
            order["number"],
        )
        assert told.tenders[0].external_id == order["tenders"][0]["id"]
        assert (told.shipping_address.country, told.customer.email) == ("ES", "ana@example.com")

    def test_a_credit_slip_counts_as_given_back(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.refund(order["id"], 1250)
        told = connector.fetch_order(order["id"])

        assert told is not None
        assert (told.tenders[0].captured, told.tenders[0].refunded) == (euros("45"), euros("12.5"))

    @pytest.mark.parametrize("order_id", ["404", "1|2", "", "1]&display=full"])
    def test_none_where_the_shop_has_none(self, order_id: str, connector: Connector) -> None:
        assert connector.fetch_order(order_id) is None

    @pytest.mark.parametrize(
        ("mode", "refused"),
        [
            ("html", HttpError),
            ("schema_break", MalformedPayload),
            ("error_before", HttpError),
            ("unauthorized", AccessLost),
        ],
    )
    def test_never_half_an_order(
        self, mode: str, refused: type[Exception], fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        fake.mode(mode, times=None)

        with pytest.raises(refused):
            connector.fetch_order(order["id"])


class PrestaChangesTest:
    def test_every_order_of_one_second_is_told(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connectors, "PAGE", 3)
        at = 1_790_000_000.25
        seeded = [fake.order(placed=at, updated=at)["id"] for _ in range(5)]

        first = connector.changed_orders(LONG_AGO)
        second = connector.changed_orders(LONG_AGO, first.cursor)
        third = connector.changed_orders(LONG_AGO, second.cursor)

        assert [len(page.orders) for page in (first, second, third)] == [3, 3, 2]
        assert (second.cursor, third.cursor) == ("2026-09-21 16:13:19|3", "")
        told = {each.external_id for page in (first, second, third) for each in page.orders}
        assert told == set(seeded)

    def test_since_is_included(self, fake: FakeShop, connector: Connector) -> None:
        moment = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
        order = fake.order(updated=moment.timestamp())
        told = connector.changed_orders(moment).orders

        assert [(each.external_id, each.platform_updated_at) for each in told] == [
            (order["id"], moment)
        ]
        assert connector.changed_orders(moment + timedelta(seconds=1)).orders == ()

    def test_the_hour_that_comes_twice_is_read_twice(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        """02:50 in summer time, then 02:10 in winter time, twenty minutes later."""
        since = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
        order = fake.order(updated=(since + timedelta(minutes=20)).timestamp())

        told = connector.changed_orders(since).orders
        assert [each.external_id for each in told] == [order["id"]]

    def test_one_that_cannot_be_read_is_named(self, fake: FakeShop, connector: Connector) -> None:
        whole, broken = fake.order(), fake.order(currency="QQQ")
        page = connector.changed_orders(LONG_AGO)

        assert [each.external_id for each in page.orders] == [whole["id"]]
        assert [(each.external_id, each.code) for each in page.unreadable] == [
            (broken["id"], "malformed_payload")
        ]


class PrestaCancellationTest:
    def test_once_and_never_after_it_was_sent(self, fake: FakeShop, connector: Connector) -> None:
        order, sent = fake.order(), fake.order()
        fake.fulfil(sent["id"])
        connector.cancel_order(order["id"], "unwound")
        connector.cancel_order(order["id"], "unwound")

        assert len(fake.effects("cancel")) == 1
        assert fake.rows("orders")[0]["notes"] == ["unwound"]
        with pytest.raises(Declined, match="already_sent"):
            connector.cancel_order(sent["id"], "unwound")
        with pytest.raises(Declined, match="order_not_found"):
            connector.cancel_order("404", "unwound")

    def test_a_shop_that_does_not_say_which_state_it_is(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(choices, "CANCELLED", "PS_HIDDEN")

        with pytest.raises(Declined, match="cancelled_state_unknown"):
            connector.cancel_order(fake.order()["id"], "unwound")


class PrestaStockTest:
    def move(self, reference: str = "unit-1", **named: Any) -> asking.StockMove:
        return asking.StockMove(variant_id="v1", quantity=2, reference=reference, **named)

    def test_once_for_each_reference(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant()
        order = fake.order()
        for reference in ("unit-1", "unit-1", "unit-2", "unit-1"):
            connector.restock(self.move(reference, order_id=order["id"]))

        assert fake.stock() == 14
        assert fake.rows("orders")[0]["notes"] == []

    def test_what_was_written_unheard_is_not_written_again(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        """The same figure twice is the same stock."""
        fake.variant()
        fake.mode("reset_after", times=3, effect="stock")
        with pytest.raises(HttpError):
            connector.restock(self.move())
        connector.restock(self.move())

        assert fake.stock() == 12

    def test_what_was_noted_and_not_written_is_written(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        fake.variant()
        fake.mode("reset_before", times=3, effect="stock")
        with pytest.raises(HttpError):
            connector.restock(self.move())
        connector.restock(self.move())

        assert fake.stock() == 12

    def test_a_variant_that_is_gone(self, connector: Connector) -> None:
        for gone in ("v404", "product-404"):
            move = asking.StockMove(variant_id=gone, quantity=1, reference="unit-1")
            with pytest.raises(Declined, match="variant_not_found"):
                connector.restock(move)

    def test_variants_by_page(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(goods, "SIZE", 1)
        fake.variant()
        fake.variant(id="v2", product_id="p2", title="Mug / Blue", available=3)
        first = connector.list_variants()
        second = connector.list_variants(cursor=first.cursor)

        assert first.variants[0] == asking.VariantFacts(
            variant_id="v1",
            product_id="p1",
            title="Tee",
            price=euros("25"),
            sku="TEE-M",
            available=10,
        )
        assert (second.variants[0].variant_id, second.variants[0].available) == ("v2", 3)
        assert connector.list_variants("p2").variants == second.variants
        assert connector.list_variants(cursor=second.cursor).variants == ()


class PrestaCreditTest:
    def credit(self, **named: Any) -> asking.CreditOrder:
        given = {"customer_id": "9", "email": "ana@example.com", "reference": "credit-1"}
        return asking.CreditOrder(**{"amount": euros("30"), **given, **named})

    def test_one_voucher_for_a_reference(self, fake: FakeShop, connector: Connector) -> None:
        expires = datetime(2027, 1, 1, tzinfo=UTC)
        first = connector.create_credit(self.credit(expires_at=expires))
        second = connector.create_credit(self.credit())
        other = connector.create_credit(self.credit(reference="credit-2"))

        assert first == second
        assert (first.amount, len(first.code)) == (euros("30"), 16)
        assert first.code != other.code
        assert [row["expires"] for row in fake.rows("credits")] == [
            "2027-01-01 00:00:00",
            "2099-12-31 23:59:59",
        ]

    def test_void_unless_it_is_used(self, fake: FakeShop, connector: Connector) -> None:
        void = connector.create_credit(self.credit())
        used = connector.create_credit(self.credit(reference="credit-2"))
        connector.void_credit(void.id)
        connector.void_credit(void.id)
        fake.spend(used.id, 100)

        with pytest.raises(Declined, match="credit_used"):
            connector.void_credit(used.id)
        assert [row["is_void"] for row in fake.rows("credits")] == [True, False]

    def test_a_currency_that_the_shop_has_not(self, connector: Connector) -> None:
        with pytest.raises(Declined, match="wrong_currency"):
            connector.create_credit(self.credit(amount=Money.of("30", "USD")))


class PrestaNoteTest:
    def test_one_thread_of_the_order_keeps_them(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        connector.add_note(order["id"], "Return <R-1> & more\x00", ("returned",))
        connector.add_note(order["id"], "", ("refunded",))

        assert fake.rows("orders")[0]["notes"] == ["Return <R-1> & more #returned", "#refunded"]
        assert len(fake.rows("threads")) == 1

    def test_a_refused_note_says_the_shops_code(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.mode("refuse", operation="POST customer_threads", code="90")
        fake.mode("refuse", effect="note", code="90")

        with pytest.raises(Declined, match="error_90"):
            connector.add_note(order["id"], "Return R-1")


class PrestaFulfilmentTest:
    def test_a_parcel_with_its_number(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        before = connector.fulfilments(order["id"])
        fake.fulfil(order["id"], tracking_number="PQ1")
        (parcel,) = connector.fulfilments(order["id"])

        assert before == ()
        assert (parcel.status, parcel.tracking_number) == (Fulfilment.Status.SENT, "PQ1")
        assert [each.quantity for each in parcel.lines] == [2]


class PrestaNotOfferedTest:
    def test_what_the_platform_has_no_way_for(self, connector: Connector) -> None:
        lines = (UnitsOf(line_id="1", quantity=1),)
        question = asking.RefundQuestion(order_id="1", lines=lines, currency="EUR")
        refund = RefundOrder(order_id="1", payment_id="p", amount=euros("1"), reference="r")
        ret = asking.ReturnOrder(order_id="1", lines=lines, reference="r")
        move = asking.StockMove(variant_id="v1", quantity=1, reference="r")
        exchange = asking.ExchangeOrder(
            origin_id="1", lines=(), address=Address(), email="", reference="r"
        )
        calls: list[Callable[[], object]] = [
            lambda: connector.max_refundable("1", "p"),
            lambda: connector.create_refund(refund),
            lambda: connector.find_refund(refund),
            lambda: connector.calculate_refund(question),
            lambda: connector.open_return(ret),
            lambda: connector.approve_return("1"),
            lambda: connector.decline_return("1", "late"),
            lambda: connector.close_return("1"),
            lambda: connector.reserve_stock(move),
            lambda: connector.create_exchange_order(exchange),
            lambda: connector.register_webhooks("u"),
            lambda: connector.check_webhooks("u"),
            lambda: connector.remove_webhooks("u"),
        ]
        for call in calls:
            with pytest.raises(NotOffered) as refused:
                call()
            assert refused.value.why

    def test_a_slip_moves_no_money_so_refunds_are_not_offered(self) -> None:
        assert not Connector.can(Capability.REFUNDS)
        assert not Connector.helper.refund_moves_money

    def test_the_number_that_a_shopper_types(self) -> None:
        assert Connector.helper.numbers_of(" #xkbknabjk ") == ("XKBKNABJK", "XKBKNABJK")
        assert Connector.helper.numbers_of("0012") == ("0012", "12")
