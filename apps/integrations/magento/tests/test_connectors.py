from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from apps.core.http import HttpError
from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.dtos import RefundOrder, UnitsOf
from apps.integrations.magento import connectors
from apps.integrations.magento.connectors import Connector
from apps.integrations.magento.helpers import MagentoReturnsHelper
from fakes.magento.auth import SECRETS
from fakes.shops.control import FakeShop

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TOKEN = {"access_token": SECRETS["access_token"]}


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def to_refund(order: dict[str, Any], amount: str, *lines: UnitsOf, number: int = 1) -> RefundOrder:
    return RefundOrder(
        order_id=order["id"],
        payment_id=f"payment-{order['id']}",
        amount=euros(amount),
        reference=f"refund:{number}:0",
        lines=lines,
        note="Return R-1",
    )


class MagentoConnectionTest:
    def test_the_four_secrets_are_tried(self, fake: FakeShop) -> None:
        made = Connector.connect(fake.address, {**SECRETS, "colour": "red"})

        assert made.facts == asking.ShopFacts(
            name="Tees of Bilbao",
            domain=fake.address,
            currency="EUR",
            time_zone="Europe/Madrid",
        )
        assert set(made.secrets) == {*SECRETS, "voucher_secret"}

    def test_a_token_alone_opens_only_shops_that_allow_it(self, fake: FakeShop) -> None:
        with pytest.raises(AccessLost):
            Connector.connect(fake.address, TOKEN)
        fake.vendor("bearer", on=True)

        assert Connector.connect(fake.address, TOKEN).facts.currency == "EUR"
        fake.vendor("bearer", on=False)

    @pytest.mark.parametrize("name", ["consumer_secret", "access_token_secret", "access_token"])
    def test_a_wrong_secret_opens_nothing(self, name: str, fake: FakeShop) -> None:
        with pytest.raises(AccessLost):
            Connector.connect(fake.address, {**SECRETS, name: "other"})

    def test_a_view_of_its_own_has_its_own_orders(self, fake: FakeShop) -> None:
        order = fake.order()
        found = {}
        for code in ("default", "fr"):
            made = Connector.connect(fake.address, {**SECRETS, "store_code": code})
            shop = asking.Shop(
                store_id="s1", domain=fake.address, currency="EUR", secrets=made.secrets
            )
            view = Connector(shop)
            page = view.changed_orders(LONG_AGO)
            found[code] = (made.facts.name, len(page.orders), view.fetch_order(order["id"]))

        assert found["default"][:2] == ("Tees of Bilbao", 1)
        assert found["default"][2] is not None
        assert found["fr"] == ("Tees de Bilbao", 0, None)

    def test_a_view_that_is_not_there(self, fake: FakeShop) -> None:
        with pytest.raises(Declined, match="store_view_not_found"):
            Connector.connect(fake.address, {**SECRETS, "store_code": "de"})

    def test_every_attempt_has_a_signature_of_its_own(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The shop takes no nonce twice."""
        monkeypatch.setattr("apps.core.http._pause", lambda error, attempt: 0)
        order = fake.order()
        fake.mode("reset_after", operation="order")

        assert connector.fetch_order(order["id"]) is not None


class MagentoReadingTest:
    def test_every_order_of_one_second_is_told(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connectors, "PAGE", 2)
        at = datetime(2026, 3, 2, 8, 5, tzinfo=UTC).timestamp()
        seeded = {fake.order(placed=at, updated=at)["id"] for _ in range(5)}

        told, cursors = [], [""]
        for _ in range(5):
            page = connector.changed_orders(LONG_AGO, cursors[-1])
            told += [each.external_id for each in page.orders]
            cursors.append(page.cursor)
            if not page.cursor:
                break

        assert set(told) == seeded
        assert cursors[1:] == [
            "2026-03-02 08:05:00|1",
            "2026-03-02 08:05:00|2",
            "2026-03-02 08:05:00|3",
            "",
        ]

    @pytest.mark.parametrize("order_id", ["", "1/cancel", "٣", "x"])
    def test_what_is_no_number_is_no_order(self, order_id: str, connector: Connector) -> None:
        assert connector.fetch_order(order_id) is None

    def test_numbers_as_they_are_typed(self) -> None:
        helper = MagentoReturnsHelper()

        assert helper.numbers_of(" #123") == ("123", "000000123")
        assert helper.numbers_of("ES-7") == ("ES-7",)


class MagentoRefundTest:
    def test_units_of_several_lines_to_the_cent(self, fake: FakeShop, connector: Connector) -> None:
        """Three for 10.00 and three for 20.00, one of each at a time; of 10.00 that they are
        worth 2.00 are kept back first, 0.01 is added then, and the last are given as they are."""
        order = fake.order(
            {"price": 400, "quantity": 3, "discounts": [{"label": "X", "amount": 200}], "tax": 174},
            {"price": 700, "quantity": 3, "discounts": [{"label": "X", "amount": 100}], "tax": 347},
        )
        lines = [UnitsOf(line_id=each["id"], quantity=1) for each in order["lines"]]
        first = connector.create_refund(to_refund(order, "8.00", *lines))
        second = connector.create_refund(to_refund(order, "10.01", *lines, number=2))
        third = connector.create_refund(to_refund(order, "10.00", *lines, number=3))
        again = connector.create_refund(to_refund(order, "10.00", *lines, number=3))
        told = connector.fetch_order(order["id"])

        assert again == third
        assert (first.amount, second.amount, third.amount) == (
            euros("8"),
            euros("10.01"),
            euros("10"),
        )
        assert told is not None
        assert [each.refunded for each in told.lines] == [euros("10"), euros("20")]
        assert told.tenders[0].refunded == euros("28.01")

    def test_what_was_paid_to_send_stays_unless_it_is_asked_for(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order(shipping=[{"total": 500}])
        unit = UnitsOf(line_id=order["lines"][0]["id"], quantity=2)
        made = connector.create_refund(to_refund(order, "45", unit))

        assert (made.amount, fake.rows("refunds")[0]["shipping"]) == (euros("45"), 0)
        assert fake.rows("refunds")[0]["restock"] is False

    def test_units_that_are_back_already_are_not_told_again(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order(shipping=[{"total": 500}])
        unit = UnitsOf(line_id=order["lines"][0]["id"], quantity=2)
        connector.create_refund(to_refund(order, "40", unit))
        connector.create_refund(to_refund(order, "5", unit, number=2))

        assert [each["amount"] for each in fake.rows("refunds")] == [4000, 500]
        assert [each["lines"] for each in fake.rows("refunds")][1] == []

    def test_money_alone_goes_back_only_where_shipping_is_open(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        with pytest.raises(Declined, match="without products"):
            connector.create_refund(to_refund(fake.order(), "5"))
        assert fake.effects("refund") == []

    @pytest.mark.parametrize(
        ("tenders", "code"),
        [
            ([{"id": "b", "kind": "bank", "gateway": "banktransfer", "captured": 4500}], "no_way"),
            ([], "no_way"),
            ([{"id": "c", "captured": 2500}, {"id": "d", "captured": 2000}], "above_what_one"),
        ],
    )
    def test_what_the_gateway_cannot_give_back(
        self, tenders: list[dict[str, Any]], code: str, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order(tenders=tenders)
        most = connector.max_refundable(order["id"], f"payment-{order['id']}")

        with pytest.raises(Declined, match=code):
            connector.create_refund(to_refund(order, "30"))
        assert most == euros("25" if len(tenders) == 2 else "0")
        assert fake.effects("refund") == []

    def test_the_shops_own_credit_is_not_its_gateway(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()

        assert connector.max_refundable(order["id"], f"gift_cards-{order['id']}") == euros("0")

    def test_another_currency_than_the_shops(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order(currency="USD")

        with pytest.raises(Declined, match="wrong_currency"):
            connector.create_refund(to_refund(order, "5"))

    def test_the_gateways_no_leaves_nothing(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order(shipping=[{"total": 500}])
        fake.mode("refund_failed")
        wanted = to_refund(order, "5")

        with pytest.raises(Declined, match="Could not save"):
            connector.create_refund(wanted)
        assert connector.find_refund(wanted) is None

    @pytest.mark.parametrize("mode", ["refuse", "unauthorized"])
    def test_a_memo_that_cannot_be_seen_is_doubt(
        self, mode: str, fake: FakeShop, connector: Connector
    ) -> None:
        """It is made: nothing that is refused afterwards may say that nothing was done."""
        order = fake.order(shipping=[{"total": 500}])
        fake.mode(mode, operation="memo")

        with pytest.raises(HttpError):
            connector.create_refund(to_refund(order, "5"))
        assert len(fake.effects("refund")) == 1


class MagentoStockTest:
    MOVE: ClassVar[Mapping[str, Any]] = {"variant_id": "2", "quantity": 2, "reference": "restock:1"}

    @pytest.fixture(autouse=True)
    def _sources(self, fake: FakeShop) -> None:
        fake.vendor("sources", on=True)

    def test_without_sources_each_product_has_its_stock(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        fake.vendor("sources", on=False)
        for id_, available in (("2", 3), ("3", None), ("4", 0)):
            fake.variant(id=id_, product_id="10", available=available)
        order = fake.order()
        told = {each.variant_id: each.available for each in connector.list_variants("10").variants}
        for variant in ("2", "2", "3"):
            connector.restock(
                asking.StockMove(**{**self.MOVE, "variant_id": variant}, order_id=order["id"])
            )

        assert told == {"2": 3, "3": None, "4": 0}
        assert (fake.stock("2"), fake.stock("3")) == (5, None)

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"order_id": ""}, "no_order"),
            ({"variant_id": "404"}, "variant_not_found"),
            ({"location_id": "paris"}, "variant_not_found"),
        ],
    )
    def test_where_nothing_can_be_put_back(
        self, facts: dict[str, str], code: str, fake: FakeShop, connector: Connector
    ) -> None:
        fake.variant(id="2")
        move: dict[str, Any] = {**self.MOVE, "order_id": fake.order()["id"], **facts}

        with pytest.raises(Declined, match=code):
            connector.restock(asking.StockMove(**move))
        assert fake.stock("2") == 10

    def test_stock_that_moved_after_the_note_is_left_alone(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        """Noted at 3 and never written; one was sold since."""
        fake.variant(id="2", available=2)
        order = fake.order(notes=["[restock:1] stock of 2: 3 + 2"])
        connector.restock(asking.StockMove(**self.MOVE, order_id=order["id"]))

        assert fake.stock("2") == 2

    def test_one_product_without_variants(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant(id="2", product_id="10")
        (found,) = connector.list_variants(cursor="").variants
        (again,) = connector.list_variants(found.product_id).variants

        assert (again.sku, again.price, again.product_id) == ("2", euros("25"), found.product_id)


class MagentoCouponTest:
    ORDER = asking.CreditOrder(
        amount=euros("20"),
        customer_id="",
        email="ana@example.com",
        reference="credit:1",
        expires_at=datetime(2027, 1, 31, 23, tzinfo=UTC),
    )

    def test_a_rule_whose_coupon_was_never_made_is_used(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        fake.mode("error_before", effect="credit")
        with pytest.raises(HttpError):
            connector.create_credit(self.ORDER)
        made = connector.create_credit(self.ORDER)

        (rule,) = fake.rows("rules")
        assert (made.amount, len(made.code)) == (euros("20"), 16)
        assert (rule["name"], rule["to_date"], rule["website_ids"], rule["customer_group_ids"]) == (
            "credit:1",
            "2027-01-31",
            [1],
            [0, 1],
        )

    def test_another_currency_and_one_that_is_gone(self, connector: Connector) -> None:
        dollars = asking.CreditOrder(
            amount=Money.of("20", "USD"), customer_id="", email="", reference="credit:1"
        )

        with pytest.raises(Declined, match="wrong_currency"):
            connector.create_credit(dollars)
        connector.void_credit("404")


class MagentoNoteTest:
    def test_tags_are_words(self, fake: FakeShop, connector: Connector) -> None:
        connector.add_note(fake.order()["id"], "Accepted", ("returned", "late"))

        assert fake.rows("orders")[0]["notes"] == ["Accepted #returned #late"]

    def test_a_paid_order_is_not_cancelled(self, fake: FakeShop, connector: Connector) -> None:
        with pytest.raises(Declined, match="order_is_invoiced"):
            connector.cancel_order(fake.order()["id"], "Never mind")
