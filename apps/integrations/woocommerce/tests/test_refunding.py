from typing import Any

import pytest

from apps.core.http import BadStatus, HttpError
from apps.core.money import Money
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.dtos import RefundOrder, UnitsOf
from apps.integrations.woocommerce import refunding
from apps.integrations.woocommerce.connectors import Connector
from fakes.shops.control import FakeShop


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def asked(order: dict[str, Any], amount: str = "20.00", **named: Any) -> RefundOrder:
    given = {"reference": "refund:1:1", "payment_id": order["tenders"][0]["id"], **named}
    return RefundOrder(order_id=order["id"], amount=euros(amount), **given)


class WooRefundTest:
    def test_twice_under_one_reference_is_one(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()

        first = connector.create_refund(asked(order))
        second = connector.create_refund(asked(order))

        assert first == second
        assert (first.amount, first.is_done) == (euros("20.00"), True)
        assert [row["amount"] for row in fake.rows("refunds")] == [2000]

    def test_another_reference_is_another(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        connector.create_refund(asked(order))
        connector.create_refund(asked(order, reference="refund:2:1"))

        assert connector.max_refundable(order["id"], order["tenders"][0]["id"]) == euros("5.00")
        with pytest.raises(Declined, match="refused_by_the_shops_gateway"):
            connector.create_refund(asked(order, "5.01", reference="refund:3:1"))

    def test_the_units_are_told_and_not_put_back(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        fake.variant()
        line = connector.fetch_order(order["id"]).lines[0]  # type: ignore[union-attr]
        connector.create_refund(
            asked(order, lines=(UnitsOf(line_id=line.external_id, quantity=1),))
        )

        (made,) = fake.rows("refunds")
        assert made["lines"] == [{"line_id": f"{order['id']}-1", "quantity": 1}]
        assert (made["restock"], fake.stock()) == (False, 10)

    @pytest.mark.parametrize("mode", ["error_after", "reset_after"])
    def test_what_was_done_unheard_is_found(
        self, mode: str, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        fake.mode(mode, effect="refund")

        with pytest.raises(HttpError):
            connector.create_refund(asked(order))
        found = connector.find_refund(asked(order))

        assert found == connector.create_refund(asked(order))
        assert len(fake.rows("refunds")) == 1

    def test_what_was_never_asked_is_not_found(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        connector.create_refund(asked(order, reference="refund:2:1"))

        assert connector.find_refund(asked(order)) is None

    def test_the_gateways_no_is_declined(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.mode("refund_failed")

        with pytest.raises(Declined, match="refused_by_the_shops_gateway"):
            connector.create_refund(asked(order))
        assert connector.find_refund(asked(order)) is None

    def test_a_refund_that_the_gateway_has_not_confirmed_is_not_done(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        fake.mode("refund_pending")
        assert connector.create_refund(asked(order)).is_done is False

        fake.settle(fake.rows("refunds")[0]["id"])
        found = connector.find_refund(asked(order))
        assert found is not None
        assert found.is_done

    def test_a_no_that_left_a_refund_behind_is_left_to_a_person(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Cut off between the book and the gateway; a second call then hears a no."""
        order = fake.order()
        fake.settle(fake.refund(order["id"], 4000, reference="refund:1:1")["id"], "pending")
        looks = iter([None])
        find = refunding.find
        monkeypatch.setattr(refunding, "find", lambda *given: next(looks, find(*given)))

        with pytest.raises(BadStatus):
            connector.create_refund(asked(order))

    def test_a_page_of_maintenance_says_nothing_of_the_refund(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        fake.mode("html", operation="refund")
        with pytest.raises(HttpError):
            connector.create_refund(asked(order))

        fake.mode("schema_break", operation="refunds")
        with pytest.raises(HttpError):
            connector.find_refund(asked(order))

    def test_keys_that_open_no_more(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.mode("unauthorized", operation="refund")

        with pytest.raises(AccessLost):
            connector.create_refund(asked(order))
        assert fake.rows("refunds") == []

    def test_only_the_payment_of_the_order_gives_back(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        fake.refund(order["id"], 1250)
        payment = order["tenders"][0]["id"]

        assert connector.max_refundable(order["id"], payment) == euros("32.50")
        assert connector.max_refundable(order["id"], "another") == euros("0")
        with pytest.raises(Declined, match="order_not_found"):
            connector.max_refundable("404", payment)
