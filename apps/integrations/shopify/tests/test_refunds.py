import pytest

from apps.core.http import OutcomeUnknown
from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.connectors import Declined
from apps.integrations.dtos import UnitsOf
from apps.integrations.shopify.connectors import Connector
from apps.integrations.shopify.tests.asked import euros, refund_of
from fakes.shops.control import FakeShop


class RefundTest:
    def test_an_order_is_read_and_partly_given_back(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        told = connector.fetch_order(order["id"])
        assert told is not None
        assert told.total == euros("45")
        line = UnitsOf(line_id=told.lines[0].external_id, quantity=1)
        asked = refund_of(order, euros("10"), lines=(line,))
        assert connector.max_refundable(asked.order_id, asked.payment_id) == euros("45")
        made = connector.create_refund(asked)

        assert (made.amount, made.is_done) == (euros("10"), True)
        assert connector.create_refund(asked) == made
        assert connector.find_refund(asked) == made
        assert connector.max_refundable(asked.order_id, asked.payment_id) == euros("35")
        assert len(fake.effects("refund", "pay-1")) == 1
        (row,) = fake.rows("refunds")
        assert row["lines"] == [{"line_id": line.line_id, "quantity": 1}]

    def test_an_answer_that_is_lost(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        asked = refund_of(order, euros("10"))
        fake.mode("reset_after", operation="create_refund")
        with pytest.raises(OutcomeUnknown):
            connector.create_refund(asked)
        found = connector.find_refund(asked)

        assert found is not None
        assert connector.create_refund(asked) == found
        assert found.amount == euros("10")
        assert len(fake.effects("refund")) == 1

    def test_nothing_of_a_reference(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.refund(order["id"], 500, note="by hand")

        assert connector.find_refund(refund_of(order, euros("5"))) is None
        assert connector.find_refund(refund_of({**order, "id": "9"}, euros("5"))) is None

    def test_more_than_is_left(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        connector.create_refund(refund_of(order, euros("40")))

        with pytest.raises(Declined, match="above_platform_maximum"):
            connector.create_refund(refund_of(order, euros("5.01"), "pay-2"))
        assert connector.create_refund(refund_of(order, euros("5"), "pay-3")).amount == euros("5")

    def test_another_payment_or_currency_or_order(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()

        with pytest.raises(Declined, match="above_platform_maximum"):
            connector.create_refund(refund_of(order, euros("1"), payment_id="77"))
        with pytest.raises(Declined, match="other_currency"):
            connector.create_refund(refund_of(order, Money.of("1", "USD")))
        with pytest.raises(Declined, match="not_found"):
            connector.create_refund(refund_of({**order, "id": "9"}, euros("1")))

    def test_the_one_payment_of_a_webhooks_order_is_all_of_them(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        tenders = [{"id": "1", "captured": 1500}, {"id": "2", "captured": 3000}]
        order = fake.order(tenders=tenders)
        asked = refund_of(order, euros("20"), payment_id=f"order-{order['id']}")
        assert connector.max_refundable(order["id"], asked.payment_id) == euros("45")

        assert connector.create_refund(asked).amount == euros("20")
        assert [(row["payment_id"], row["amount"]) for row in fake.rows("refunds")] == [
            ("1", 1500),
            ("2", 500),
        ]
        assert connector.max_refundable(order["id"], "2") == euros("25")

    def test_a_gateway_that_takes_its_time(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.mode("refund_pending")
        asked = refund_of(order, euros("10"))
        made = connector.create_refund(asked)
        assert (made.amount, made.is_done) == (euros("10"), False)
        # What is under way is not there to be refunded again.
        assert connector.max_refundable(order["id"], asked.payment_id) == euros("35")

        fake.settle(made.id)
        found = connector.find_refund(asked)
        assert found is not None
        assert found.is_done

    def test_a_gateway_that_fails(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.mode("refund_failed")
        asked = refund_of(order, euros("10"))

        with pytest.raises(Declined, match="card_declined"):
            connector.create_refund(asked)
        with pytest.raises(Declined, match="card_declined"):
            connector.find_refund(asked)

    def test_what_the_shop_suggests(self, fake: FakeShop, connector: Connector) -> None:
        line = {"price": 1210, "quantity": 2, "tax": 420}
        order = fake.order(line, shipping=[{"total": 300}])
        unit = UnitsOf(line_id=order["lines"][0]["id"], quantity=1)
        asked = asking.RefundQuestion(
            order_id=order["id"], lines=(unit,), currency="EUR", with_shipping=True
        )

        assert connector.calculate_refund(asked) == asking.RefundSuggestion(
            amount=euros("15.10"), tax=euros("2.10"), shipping=euros("3")
        )
        with pytest.raises(Declined, match="not_found"):
            connector.calculate_refund(
                asking.RefundQuestion(order_id="9", lines=(), currency="EUR")
            )


class TwoCurrenciesTest:
    """45.00 EUR shown as 49.50 USD, at 1.1 for each euro."""

    def paid_in_dollars(self, fake: FakeShop) -> dict[str, object]:
        return dict(fake.order(presentment_currency="USD", presentment_rate="1.1"))

    def test_the_shopper_gets_their_own_currency(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = self.paid_in_dollars(fake)
        asked = refund_of(order, euros("10.01"))
        made = connector.create_refund(asked)

        # 10.01 x 1.1 = 11.011, so 11.01 dollars go out, which are 10.01 again.
        (row,) = fake.rows("refunds")
        assert row["shown"] == 1101
        assert made.amount == euros("10.01")
        assert connector.find_refund(asked) == made

    def test_all_that_is_left_is_all_in_both(self, fake: FakeShop, connector: Connector) -> None:
        order = self.paid_in_dollars(fake)
        for part, reference in (("0.05", "pay-1"), ("0.05", "pay-2"), ("44.90", "pay-3")):
            assert connector.create_refund(
                refund_of(order, euros(part), reference)
            ).amount == euros(part)

        # 0.05 x 1.1 = 0.055 is 6 cents, twice: what is left of 49.50 is 49.38.
        assert [row["shown"] for row in fake.rows("refunds")] == [6, 6, 4938]
        payment = refund_of(order, euros("1")).payment_id
        assert connector.max_refundable(str(order["id"]), payment) == euros("0")
