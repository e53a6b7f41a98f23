from dataclasses import replace
from datetime import UTC, datetime

import pytest

from apps.core.http import OutcomeUnknown
from apps.integrations import asking
from apps.integrations.connectors import Declined
from apps.integrations.dtos import Address
from apps.integrations.shopify import cards
from apps.integrations.shopify.connectors import Connector
from apps.integrations.shopify.tests.asked import euros
from fakes.shops.control import FakeShop

MOVE = asking.StockMove(variant_id="v1", quantity=2, reference="move-1")
CREDIT = asking.CreditOrder(
    amount=euros("12"), customer_id="5", email="ana@example.com", reference="credit-1"
)
EXCHANGE = asking.ExchangeOrder(
    origin_id="7",
    lines=(asking.GoodsWanted(variant_id="v1", quantity=2, price=euros("12.50")),),
    address=Address(name="Ana López", street="Calle Mayor 1", city="Bilbao", country="ES"),
    email="ana@example.com",
    reference="exchange-1",
)


class StockTest:
    def test_held_once(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant(available=3)
        connector.reserve_stock(MOVE)
        connector.reserve_stock(MOVE)

        assert fake.stock() == 1

    def test_too_few_are_put_back(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant(available=1)
        for _ in range(2):
            with pytest.raises(Declined, match="out_of_stock"):
                connector.reserve_stock(MOVE)

        assert fake.stock() == 1

    def test_back_once(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant(available=1)
        for _ in range(2):
            connector.restock(replace(MOVE, location_id="1"))

        assert fake.stock() == 3

    def test_what_nobody_counts(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant(available=None)
        connector.reserve_stock(MOVE)
        connector.restock(MOVE)

        assert fake.effects("stock") == []

    def test_no_such_variant(self, connector: Connector) -> None:
        with pytest.raises(Declined, match="not_found"):
            connector.restock(MOVE)


class CreditTest:
    def test_one_card_for_each_reference(self, fake: FakeShop, connector: Connector) -> None:
        made = connector.create_credit(CREDIT)

        assert made.amount == euros("12")
        assert len(made.code) == cards.LENGTH
        assert connector.create_credit(CREDIT) == made
        assert len(fake.rows("credits")) == 1
        assert fake.rows("credits")[0]["customer_id"] == "5"

    def test_until_a_day(self, fake: FakeShop, connector: Connector) -> None:
        connector.create_credit(
            replace(CREDIT, customer_id="", expires_at=datetime(2027, 5, 1, tzinfo=UTC))
        )

        assert fake.rows("credits")[0]["expires"] == "2027-05-01"

    def test_a_code_of_somebody_elses_card(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cards, "code_of", lambda domain, reference: "ABCDEFGHIJKLMNOP")
        connector.create_credit(CREDIT)

        with pytest.raises(Declined, match="taken"):
            connector.create_credit(replace(CREDIT, reference="credit-2"))

    def test_another_refusal(self, fake: FakeShop, connector: Connector) -> None:
        fake.mode("refuse", effect="credit")
        with pytest.raises(Declined, match="invalid"):
            connector.create_credit(CREDIT)
        made = connector.create_credit(CREDIT)
        fake.mode("refuse", effect="credit")
        with pytest.raises(Declined, match="invalid"):
            connector.void_credit(made.id)

    def test_spent_between_the_look_and_the_debit(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = connector.create_credit(CREDIT)
        whole = connector.client.read("card", id=f"gid://shopify/GiftCard/{made.id}")["giftCard"]
        fake.spend(made.id, 100)

        with pytest.raises(Declined, match="credit_used"):
            cards._empty(connector.client, whole)

    def test_voided_while_it_is_whole(self, fake: FakeShop, connector: Connector) -> None:
        made = connector.create_credit(CREDIT)
        for _ in range(2):
            connector.void_credit(made.id)

        (row,) = fake.rows("credits")
        assert (row["is_void"], row["balance"]) == (True, 0)
        assert len(fake.effects("debited")) == 1

    def test_an_emptied_card_is_still_switched_off(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        made = connector.create_credit(CREDIT)
        fake.mode("unauthorized", operation="switch_off_card")
        with pytest.raises(Declined):
            connector.void_credit(made.id)
        connector.void_credit(made.id)

        assert fake.rows("credits")[0]["is_void"] is True
        assert len(fake.effects("debited")) == 1

    def test_a_spent_one_stays(self, fake: FakeShop, connector: Connector) -> None:
        made = connector.create_credit(CREDIT)
        fake.spend(made.id, 100)

        with pytest.raises(Declined, match="credit_used"):
            connector.void_credit(made.id)
        with pytest.raises(Declined, match="not_found"):
            connector.void_credit("404")


class ExchangeTest:
    def test_placed_once_with_its_stock_taken(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant(available=3)
        made = connector.create_exchange_order(EXCHANGE)

        assert connector.create_exchange_order(EXCHANGE) == made
        assert fake.stock() == 1
        (row,) = fake.rows("orders")
        assert (row["id"], row["total"], row["is_paid"]) == (made.id, 2500, True)
        told = connector.fetch_order(made.id)
        assert told is not None
        assert told.total == euros("25")

    def test_still_to_be_paid(self, fake: FakeShop, connector: Connector) -> None:
        connector.create_exchange_order(replace(EXCHANGE, is_paid=False))

        assert fake.rows("orders")[0]["is_paid"] is False

    def test_out_of_stock(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant(available=1)

        with pytest.raises(Declined, match="out_of_stock"):
            connector.create_exchange_order(EXCHANGE)
        assert fake.rows("orders") == []

    def test_an_answer_that_is_lost(self, fake: FakeShop, connector: Connector) -> None:
        fake.mode("reset_after", effect="order")
        with pytest.raises(OutcomeUnknown):
            connector.create_exchange_order(EXCHANGE)
        connector.create_exchange_order(EXCHANGE)

        assert len(fake.rows("orders")) == 1

    def test_another_refusal(self, fake: FakeShop, connector: Connector) -> None:
        fake.mode("refuse", effect="order")

        with pytest.raises(Declined, match="invalid"):
            connector.create_exchange_order(EXCHANGE)


class CancelTest:
    def test_once(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        for _ in range(2):
            connector.cancel_order(order["id"], "changed my mind")

        assert fake.rows("orders")[0]["cancel_reason"] == "changed my mind"
        assert len(fake.effects("cancel")) == 1
        assert fake.effects("refund") == []

    def test_not_what_was_sent(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.fulfil(order["id"])

        with pytest.raises(Declined, match="already_sent"):
            connector.cancel_order(order["id"], "late")
        with pytest.raises(Declined, match="not_found"):
            connector.cancel_order("404", "late")

    def test_refused_by_the_shop(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.mode("refuse", effect="cancel")

        with pytest.raises(Declined, match="invalid"):
            connector.cancel_order(order["id"], "late")
