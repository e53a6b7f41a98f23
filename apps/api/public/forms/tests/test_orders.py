from typing import Any

import pytest

from apps.api.public.forms.orders import BulkForm, OrderForm, OrdersPage
from apps.api.public.tests.orders import euros, line, order
from apps.core.money import Money
from apps.integrations.dtos import OrderSnapshot


def judged(**named: Any) -> OrderSnapshot:
    return OrderForm(data=order(**named)).judged().snapshot


def refused(body: dict[str, Any]) -> Any:
    form = OrderForm(data=body)
    assert not form.is_valid()
    return form.errors


class OrderFormTest:
    def test_the_least_that_makes_an_order(self) -> None:
        told = OrderForm(data=order()).judged()

        assert told.store == ""
        assert told.snapshot.total == Money.of("20", "EUR")
        assert told.snapshot.lines[0].total == Money.of("20", "EUR")
        assert told.snapshot.lines[0].tax == Money.zero("EUR")
        assert told.snapshot.placed_at.isoformat() == "2026-03-02T08:05:00+00:00"
        assert told.snapshot.tenders == ()

    def test_all_that_can_be_told(self) -> None:
        told = judged(
            store="casa",
            tax_included=False,
            lines=[
                line(
                    discounts=[{"label": "Sale", "amount": euros("2.50")}],
                    taxes=[{"title": "VAT", "rate": "0.21", "amount": euros("3.68")}],
                    fulfilled_quantity=1,
                    sku="MUG",
                    is_final_sale=True,
                    origin_country="ES",
                )
            ],
            shipping=[{"title": "Post", "total": euros("5.00")}],
            duties=euros("1.00"),
            payments=[{"external_id": "p", "kind": "card", "captured": euros("27.18")}],
            customer={"email": "Ana@Shop.example"},
            shipping_address={"country": "ES", "postcode": "48001"},
            updated_at="2026-03-03T08:05:00Z",
            tags=["vip"],
        )

        assert told.lines[0].total == Money.of("17.50", "EUR")
        assert told.lines[0].tax == Money.of("3.68", "EUR")
        assert told.shipping[0].tax == Money.zero("EUR")
        assert told.tenders[0].refunded == Money.zero("EUR")
        assert told.customer.email == "ana@shop.example"
        assert told.shipping_address.postcode == "48001"
        assert told.platform_updated_at is not None
        assert told.tags == ("vip",)

    def test_a_total_told_wins_over_one_worked_out(self) -> None:
        told = judged(lines=[line(total=euros("19.99"), tax=euros("3.47"))])

        assert told.lines[0].total == Money.of("19.99", "EUR")

    @pytest.mark.parametrize(
        ("named", "field"),
        [
            ({"colour": "red"}, "colour"),
            ({"external_id": ""}, "external_id"),
            ({"external_id": 7}, "external_id"),
            ({"currency": "XXX"}, "currency"),
            ({"placed_at": "2026-03-02T08:05:00"}, "placed_at"),
            ({"placed_at": "yesterday"}, "placed_at"),
            ({"total": euros("20.001")}, "total"),
            ({"total": euros("20")}, "total"),
            ({"total": {"amount": 20, "currency": "EUR"}}, "total"),
            ({"total": euros("-1.00")}, "total"),
            ({"total": "20.00"}, "total"),
            ({"lines": []}, "lines"),
            ({"lines": [line()] * 501}, "lines"),
            ({"lines": [line(quantity=0)]}, "lines"),
            ({"lines": [line(quantity=-1)]}, "lines"),
            ({"lines": [line(quantity=1.5)]}, "lines"),
            ({"lines": [line(quantity="1")]}, "lines"),
            ({"lines": [line(quantity=True)]}, "lines"),
            ({"lines": [line(quantity=100_001)]}, "lines"),
            ({"lines": [line(unit_price=euros("-1.00"))]}, "lines"),
            ({"lines": [line(fulfilled_quantity=3)]}, "lines"),
            ({"lines": [line(title="x" * 256)]}, "lines"),
            ({"lines": [line(title="a\u0007b")]}, "lines"),
            ({"lines": [line(colour="red")]}, "lines"),
            ({"lines": [line(discounts=[{"label": "x", "amount": euros("20.01")}])]}, "lines"),
            ({"lines": [line(total={"amount": "20.00", "currency": "USD"})]}, "lines"),
            ({"lines": [line(1), line(1)]}, "lines"),
            (
                {"lines": [line(taxes=[{"title": "x", "rate": "21", "amount": euros("1.00")}])]},
                "lines",
            ),
            ({"lines": [line(unit_price={"amount": "1.00", "currency": "USD"})]}, "currency"),
            ({"total": {"amount": "20.00", "currency": "USD"}}, "currency"),
            ({"duties": {"amount": "1.00", "currency": "USD"}}, "currency"),
            ({"customer": {"email": "no mail"}}, "customer"),
            ({"shipping_address": {"country": "Spain"}}, "shipping_address"),
            (
                {"payments": [{"external_id": "p", "kind": "shell", "captured": euros("1.00")}]},
                "payments",
            ),
            ({"tags": ["x" * 61]}, "tags"),
            ({"tags": "vip"}, "tags"),
        ],
    )
    def test_what_is_refused(self, named: dict[str, Any], field: str) -> None:
        assert field in refused(order(**named))

    def test_two_payments_of_one_id(self) -> None:
        paid = {"external_id": "p", "kind": "card", "captured": euros("10.00")}
        errors = refused(order(payments=[paid, paid]))

        assert errors["lines"][0].code == "duplicate_id"

    def test_of_a_payment_both_sums_have_the_orders_currency(self) -> None:
        dollars = {"amount": "1.00", "currency": "USD"}
        paid = {"external_id": "p", "kind": "card", "captured": dollars}

        assert refused(order(payments=[paid]))["currency"][0].code == "currency_mismatch"


class BulkFormTest:
    @pytest.mark.parametrize("orders", [[], [order()] * 101, "x", None])
    def test_one_to_a_hundred(self, orders: Any) -> None:
        assert not BulkForm(data={"orders": orders}).is_valid()

    def test_bodies_are_judged_later(self) -> None:
        judged: object = BulkForm(data={"orders": [1, {"x": 2}]}).judged()

        assert judged == (1, {"x": 2})


class OrdersPageTest:
    def test_filters(self) -> None:
        form = OrdersPage(data={"number": "#1001", "ordering": "placed_at"})

        assert form.judged().number == "#1001"
        assert form.page.ordering.descending is False

    @pytest.mark.parametrize("query", [{"ordering": "email"}, {"colour": "x"}, {"cursor": "zz"}])
    def test_what_is_refused(self, query: dict[str, str]) -> None:
        form = OrdersPage(data=query)
        with pytest.raises(Exception, match=r"(?i)cursor|one of|known"):
            form.judged()
