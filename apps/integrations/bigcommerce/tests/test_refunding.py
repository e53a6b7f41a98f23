"""Quotes and refunds that the fake does not make."""

from typing import Any, override

import orjson
import pytest

from apps.core.http import Unreadable
from apps.core.money import Money
from apps.integrations.bigcommerce import refunding
from apps.integrations.connectors import Declined
from apps.integrations.dtos import RefundOrder, RefundReceipt, UnitsOf


class Told:
    """A client that answers what it was told to, and keeps what it was asked."""

    def __init__(self, quote: dict[str, Any], refund: dict[str, Any] | None = None) -> None:
        self.answers = [{"data": quote}, {"data": refund or {}}]
        self.asked: list[Any] = []

    def listed(self, path: str, params: dict[str, str]) -> list[Any]:
        return []

    def post(self, path: str, body: Any) -> Any:
        self.asked.append(body)
        return self.answers.pop(0)


def method(provider: str, **named: Any) -> list[dict[str, Any]]:
    return [{"provider_id": provider, "amount": 17.5, "offline": False, **named}]


def made(*payments: dict[str, Any]) -> dict[str, Any]:
    return {"id": 3, "total_amount": 17.5, "items": [], "payments": list(payments)}


ONE = (UnitsOf(line_id="70", quantity=1),)


def create(client: Any, payment_id: str = "pay", units: tuple[UnitsOf, ...] = ONE) -> RefundReceipt:
    order = RefundOrder(
        order_id="7",
        payment_id=payment_id,
        amount=Money.of("17.50", "EUR"),
        reference="refund:1:1",
        lines=units,
    )
    return refunding.create(client, order)


class BigQuoteTest:
    QUOTE = {"total_refund_amount": 35, "total_refund_tax_amount": 7}

    def test_our_sum_stands_with_its_share_of_the_tax(self) -> None:
        """Half of what the shop has worked out for the units, so half of the tax."""
        quote = {**self.QUOTE, "refund_methods": [method("braintree")]}
        client = Told(quote, made({"amount": 17.5}))
        receipt = create(client)
        _, body = client.asked

        assert receipt == RefundReceipt(id="3", amount=Money.of("17.50", "EUR"))
        override = orjson.dumps(body["merchant_calculated_override"])
        assert override == b'{"total_amount":17.50,"total_tax":3.50}'
        assert body["items"] == [
            {"item_type": "PRODUCT", "item_id": 70, "quantity": 1, "reason": "refund:1:1"}
        ]

    def test_more_units_than_is_left_go_as_a_sum(self) -> None:
        """Somebody at the shop gave a part back before: the units cost more than the rest."""

        class Strict(Told):
            @override
            def post(self, path: str, body: Any) -> Any:
                answer = super().post(path, body)
                if body["items"][0]["item_type"] == "PRODUCT":
                    self.answers.insert(0, answer)
                    raise Declined("above_maximum")
                return answer

        quote = {"total_refund_amount": 17.5, "refund_methods": [method("braintree")]}
        client = Strict(quote, made({"amount": 17.5}))
        receipt = create(client)

        assert receipt.amount == Money.of("17.50", "EUR")
        _, asked, body = client.asked
        assert orjson.dumps(asked["items"]) == (
            b'[{"item_type":"ORDER","item_id":7,"amount":17.50,"reason":"refund:1:1"}]'
        )
        assert (body["items"], "merchant_calculated_override" in body) == (asked["items"], False)

    def test_a_sum_that_is_refused_is_refused(self) -> None:
        class Closed(Told):
            @override
            def post(self, path: str, body: Any) -> Any:
                self.asked.append(body)
                raise Declined("above_maximum")

        client = Closed({})
        with pytest.raises(Declined):
            create(client)
        with pytest.raises(Declined):
            create(client, units=())
        assert len(client.asked) == 3

    @pytest.mark.parametrize(
        ("methods", "payment_id"),
        [
            ([], "pay"),
            ([method("custom", offline=True)], "pay"),
            ([method("storecredit")], "pay"),
            ([method("braintree") + method("storecredit")], "pay"),
            ([method("braintree")], "storecredit-7"),
        ],
    )
    def test_no_provider_that_gives_it_all_back(
        self, methods: list[list[dict[str, Any]]], payment_id: str
    ) -> None:
        client = Told({**self.QUOTE, "refund_methods": methods})

        with pytest.raises(Declined, match="no_way_back_to_the_payment"):
            create(client, payment_id)
        assert len(client.asked) == 1

    def test_a_refund_declined_in_part_is_left_to_a_person(self) -> None:
        quote = {**self.QUOTE, "refund_methods": [method("braintree")]}
        parts = ({"amount": 10, "is_declined": False}, {"amount": 7.5, "is_declined": True})

        with pytest.raises(Unreadable):
            create(Told(quote, made(*parts)))
