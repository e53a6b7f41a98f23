"""Money goes back once, whoever hears of it."""

import pytest

from apps.core.http import HttpError
from apps.integrations import asking
from apps.integrations.choices import Capability
from apps.integrations.connectors import AbstractConnector, AccessLost, Declined
from apps.integrations.dtos import RefundOrder, RefundReceipt
from apps.integrations.tests.contract_base import Contract, euros, needs, twice
from fakes.shops.control import FakeShop
from fakes.shops.figures import Row


def made_once(connector: AbstractConnector, wanted: RefundOrder) -> RefundReceipt:
    """As the product does it: a refund that may be there already is looked for."""
    return connector.find_refund(wanted) or connector.create_refund(wanted)


class RefundContractTest(Contract):
    @needs(Capability.REFUNDS)
    def test_the_most_is_what_was_paid_and_is_not_back_yet(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        payment = order["tenders"][0]["id"]
        at_first = connector.max_refundable(order["id"], payment)
        fake.refund(order["id"], 1000)

        assert at_first == euros(5000)
        assert connector.max_refundable(order["id"], payment) == euros(4000)

    @needs(Capability.REFUNDS)
    def test_a_part_is_refunded_to_the_cent(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        wanted = self.refund_of(order, 1234)
        receipt = connector.create_refund(wanted)

        assert (receipt.amount, receipt.is_done) == (euros(1234), True)
        assert [each["amount"] for each in fake.rows("refunds")] == [1234]
        assert connector.max_refundable(order["id"], wanted.payment_id) == euros(3766)
        assert connector.find_refund(wanted) == receipt

    @needs(Capability.REFUNDS)
    def test_the_amount_counts_and_not_what_the_units_cost(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        """One of the tees cost 22.50."""
        receipt = connector.create_refund(
            self.refund_of(order, 1750, lines=self.units(order, quantity=1))
        )

        (row,) = fake.rows("refunds")
        assert (receipt.amount, row["amount"]) == (euros(1750), 1750)
        assert [(each["line_id"], each["quantity"]) for each in row["lines"]] == [
            (order["lines"][0]["id"], 1)
        ]

    @needs(Capability.REFUNDS)
    def test_twice_under_one_reference_is_one(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        wanted = self.refund_of(order, 1000)

        assert made_once(connector, wanted).id == made_once(connector, wanted).id
        assert len(fake.effects("refund")) == 1

    @needs(Capability.REFUNDS)
    def test_two_references_are_two(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        first = made_once(connector, self.refund_of(order, 1000, "refund:1:0"))
        second = made_once(connector, self.refund_of(order, 1000, "refund:2:0"))

        assert first.id != second.id
        assert [each["amount"] for each in fake.rows("refunds")] == [1000, 1000]

    @needs(Capability.REFUNDS)
    @pytest.mark.parametrize("fault", ["reset_after", "error_after"])
    def test_made_and_not_heard_of_is_found_again(
        self, fake: FakeShop, connector: AbstractConnector, order: Row, fault: str
    ) -> None:
        wanted = self.refund_of(order, 1000)
        fake.mode(fault, effect="refund")

        with pytest.raises(HttpError):
            connector.create_refund(wanted)
        found = connector.find_refund(wanted)
        assert found is not None
        assert found.amount == euros(1000)
        assert len(fake.effects("refund")) == 1

    @needs(Capability.REFUNDS)
    @pytest.mark.parametrize("fault", ["reset_before", "error_before"])
    def test_that_never_arrived_is_found_nowhere_and_made_the_next_time(
        self, fake: FakeShop, connector: AbstractConnector, order: Row, fault: str
    ) -> None:
        wanted = self.refund_of(order, 1000)
        fake.mode(fault, effect="refund")

        with pytest.raises(HttpError):
            connector.create_refund(wanted)
        assert connector.find_refund(wanted) is None
        assert connector.create_refund(wanted).amount == euros(1000)
        assert len(fake.effects("refund")) == 1

    @needs(Capability.REFUNDS)
    def test_an_answer_that_cannot_be_read_is_doubt(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.mode("html", times=None)

        with pytest.raises(HttpError):
            connector.create_refund(self.refund_of(order, 1000))

    @needs(Capability.REFUNDS)
    def test_more_than_was_paid_is_declined(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        with pytest.raises(Declined) as declined:
            connector.create_refund(self.refund_of(order, 5001))

        assert declined.value.code
        assert fake.effects("refund") == []

    @needs(Capability.REFUNDS)
    def test_too_many_requests_did_nothing(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.mode("rate_limit", effect="refund", retry_after=0)

        receipt = twice(lambda: connector.create_refund(self.refund_of(order, 1000)))
        assert receipt.amount == euros(1000)
        assert len(fake.effects("refund")) == 1

    @needs(Capability.REFUNDS)
    def test_without_access_nothing_is_refunded(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.mode("unauthorized", times=None)

        with pytest.raises(AccessLost):
            connector.create_refund(self.refund_of(order, 1000))
        assert fake.effects("refund") == []

    @needs(Capability.REFUNDS)
    def test_one_that_the_shops_gateway_is_still_at_is_not_done(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        wanted = self.refund_of(order, 1000)
        fake.mode("refund_pending")
        under_way = connector.create_refund(wanted)
        fake.settle(under_way.id, "done")

        found = connector.find_refund(wanted)
        assert under_way.is_done is False
        assert found is not None
        assert found.is_done

    @needs(Capability.REFUNDS)
    def test_one_that_failed_afterwards_is_declined(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        wanted = self.refund_of(order, 1000)
        fake.mode("refund_pending")
        fake.settle(connector.create_refund(wanted).id, "failed")

        with pytest.raises(Declined):
            connector.find_refund(wanted)

    @needs(Capability.SUGGESTIONS)
    def test_the_shop_says_what_it_would_give_back_and_gives_nothing(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        question = asking.RefundQuestion(
            order_id=order["id"], lines=self.units(order), currency="EUR"
        )

        assert connector.calculate_refund(question).amount == euros(2250)
        assert fake.effects("refund") == []
