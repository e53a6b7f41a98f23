from apps.core.money import Money
from apps.integrations.dtos import RefundOrder, UnitsOf
from apps.integrations.shopify.connectors import Connector
from fakes.shops.control import FakeShop


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


class RefundTest:
    def test_an_order_is_read_and_partly_given_back(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        told = connector.fetch_order(order["id"])
        assert told is not None
        assert told.total == euros("45")
        asked = RefundOrder(
            order_id=told.external_id,
            payment_id=told.tenders[0].external_id,
            amount=euros("10"),
            reference="pay-1",
            lines=(UnitsOf(line_id=told.lines[0].external_id, quantity=1),),
        )
        assert connector.max_refundable(asked.order_id, asked.payment_id) == euros("45")
        made = connector.create_refund(asked)

        assert (made.amount, made.is_done) == (euros("10"), True)
        assert connector.create_refund(asked) == made
        assert connector.find_refund(asked) == made
        assert connector.max_refundable(asked.order_id, asked.payment_id) == euros("35")
        assert len(fake.effects("refund", "pay-1")) == 1
