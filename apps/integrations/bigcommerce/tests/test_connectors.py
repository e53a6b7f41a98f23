from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.core.http import BadStatus, HttpError
from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.bigcommerce.connectors import Connector
from apps.integrations.bigcommerce.tests.conftest import SECRETS
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.dtos import Address, RefundOrder, UnitsOf
from fakes.shops.control import FakeShop

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def asked(order: dict[str, Any], amount: str = "20.00", **named: Any) -> RefundOrder:
    given = {"reference": "refund:1:1", "payment_id": order["tenders"][0]["id"], **named}
    return RefundOrder(order_id=order["id"], amount=euros(amount), **given)


class BigConnectionTest:
    def test_the_stores_own_account(self, fake: FakeShop) -> None:
        made = Connector.connect("", {**SECRETS, "else": "dropped"})

        assert made.secrets == SECRETS
        assert made.facts == asking.ShopFacts(
            name="Tees", domain="tees.example.com", currency="EUR", time_zone="Europe/Madrid"
        )

    @pytest.mark.parametrize(
        ("wrong", "refused"),
        [
            ({"access_token": "other"}, AccessLost),
            ({"store_hash": "other/../abc123"}, AccessLost),
            ({"client_secret": ""}, Declined),
        ],
    )
    def test_what_opens_nothing(
        self, wrong: dict[str, str], refused: type[Exception], fake: FakeShop
    ) -> None:
        with pytest.raises(refused):
            Connector.connect("", {**SECRETS, **wrong})


class BigRefundTest:
    def test_twice_under_one_reference_is_one(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()

        assert connector.create_refund(asked(order)) == connector.create_refund(asked(order))
        assert len(fake.effects("refund")) == 1

    def test_201_with_is_declined_is_a_no(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.mode("refund_failed")
        payment = order["tenders"][0]["id"]

        with pytest.raises(Declined, match="declined_by_the_shops_gateway"):
            connector.create_refund(asked(order))
        with pytest.raises(Declined, match="declined_by_the_shops_gateway"):
            connector.find_refund(asked(order))
        assert connector.max_refundable(order["id"], payment) == euros("45")

    def test_store_credit_goes_back_to_store_credit(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order(
            tenders=[
                {"id": "pay", "captured": 2500},
                {"id": "wallet", "captured": 2000, "kind": "credit"},
            ]
        )
        wallet = f"storecredit-{order['id']}"
        connector.create_refund(asked(order, payment_id=wallet))
        told = connector.fetch_order(order["id"])

        assert told is not None
        assert [
            (each.external_id, each.kind, each.captured, each.refunded) for each in told.tenders
        ] == [
            ("pay", "card", euros("25"), euros("0")),
            (wallet, "credit", euros("20"), euros("20")),
        ]
        assert connector.max_refundable(order["id"], wallet) == euros("0")
        assert fake.rows("refunds")[0]["payment_id"] == "wallet"

    def test_an_order_that_is_not_there(self, connector: Connector) -> None:
        with pytest.raises(Declined, match="order_not_found"):
            connector.max_refundable("404", "pay")

    def test_the_shop_is_asked_about_shipping_too(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order(shipping=[{"total": 495}])
        units = (UnitsOf(line_id=order["lines"][0]["id"], quantity=2),)
        told = connector.calculate_refund(
            asking.RefundQuestion(
                order_id=order["id"], lines=units, currency="EUR", with_shipping=True
            )
        )

        assert told == asking.RefundSuggestion(
            amount=euros("49.95"), tax=euros("0"), shipping=euros("4.95")
        )


class BigQuotaTest:
    def test_a_spent_quota_is_waited_for_even_by_a_refund(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        fake.mode("rate_limit", times=2, operation="refund")

        assert connector.create_refund(asked(order)).amount == euros("20")
        assert len(fake.effects("refund")) == 1

    def test_not_for_ever(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("apps.core.http._pause", lambda error, attempt: 0)
        order = fake.order()
        fake.mode("rate_limit", times=None)

        with pytest.raises(BadStatus) as refused:
            connector.create_refund(asked(order))
        assert refused.value.status == 429


class BigExchangeTest:
    def wanted(self, origin: dict[str, Any], **named: Any) -> asking.ExchangeOrder:
        goods = asking.GoodsWanted(variant_id="v1", quantity=2, price=euros("25"))
        given: dict[str, Any] = {
            "origin_id": origin["id"],
            "lines": (goods,),
            "address": Address(name="Ana López", street="Calle Mayor 1", country="ES"),
            "email": "ana@example.com",
            "reference": "exchange-1",
        }
        return asking.ExchangeOrder(**{**given, **named})

    def test_what_is_to_be_paid_yet_awaits_it(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant(available=None)
        connector.create_exchange_order(self.wanted(fake.order(), is_paid=False))

        assert fake.rows("orders")[1]["is_paid"] is False

    def test_a_variant_that_is_gone(self, fake: FakeShop, connector: Connector) -> None:
        with pytest.raises(Declined, match="variant_not_found"):
            connector.create_exchange_order(self.wanted(fake.order()))


class BigStockTest:
    MOVE = asking.StockMove(variant_id="v1", quantity=2, reference="unit-1")

    def test_where_the_answer_was_lost_a_person_looks(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        """What is added is added again by a second call, and nothing says whether it was."""
        fake.variant()
        fake.mode("reset_after", effect="stock")

        for _ in range(2):
            with pytest.raises(HttpError):
                connector.restock(self.MOVE)
        assert fake.stock() == 12

    def test_what_was_refused_may_be_asked_again(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        fake.variant()
        fake.mode("refuse", effect="stock", code="location_not_found")

        with pytest.raises(Declined, match="location_not_found"):
            connector.restock(self.MOVE)
        connector.restock(self.MOVE)
        connector.restock(self.MOVE)
        assert fake.stock() == 12

    def test_a_refused_mark_is_no_move(self, fake: FakeShop, connector: Connector) -> None:
        fake.variant()
        fake.mode("refuse", operation="mark", code="forbidden_namespace")

        with pytest.raises(Declined, match="forbidden_namespace"):
            connector.restock(self.MOVE)
        assert fake.stock() == 10

    def test_a_variant_that_is_gone(self, connector: Connector) -> None:
        with pytest.raises(Declined, match="variant_not_found"):
            connector.restock(self.MOVE)

    def test_no_variants_at_all(self, connector: Connector) -> None:
        assert connector.list_variants() == asking.VariantPage(variants=())


class BigCreditTest:
    def test_a_certificate_with_an_end(self, fake: FakeShop, connector: Connector) -> None:
        made = connector.create_credit(
            asking.CreditOrder(
                amount=euros("30"),
                customer_id="",
                email="ana@example.com",
                reference="credit-1",
                expires_at=datetime(2027, 1, 1, tzinfo=UTC),
            )
        )

        assert len(made.code) == 16
        assert fake.rows("credits")[0]["expires"] == "Fri, 01 Jan 2027 00:00:00 +0000"


class BigNoteTest:
    def test_what_the_staff_wrote_stays(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order(notes=["Call first"])
        connector.add_note(order["id"], "Return R-1", ("returned",))

        assert fake.rows("orders")[0]["notes"] == ["Call first", "Return R-1 #returned"]


class BigErrorTest:
    @pytest.mark.parametrize(
        "ask",
        [
            lambda connector: connector.changed_orders(LONG_AGO),
            lambda connector: connector.list_variants(),
            lambda connector: connector.check_webhooks("https://x.example"),
        ],
    )
    def test_a_list_of_another_shape(
        self,
        ask: Callable[[Connector], object],
        connector: Connector,
        fake: FakeShop,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(
            "apps.integrations.bigcommerce.client._read", lambda answer: {"data": "none"}
        )

        with pytest.raises(HttpError):
            ask(connector)
