"""Returns, exchanges, stock, credit and notes at the shop."""

import pytest

from apps.core.http import HttpError
from apps.integrations import asking
from apps.integrations.choices import Capability, Return
from apps.integrations.connectors import AbstractConnector, Declined
from apps.integrations.dtos import Address
from apps.integrations.tests.contract_base import Contract, euros, needs
from fakes.shops.control import FakeShop
from fakes.shops.figures import Row

Status = Return.Status


def exchange(order: Row, reference: str = "exchange:1") -> asking.ExchangeOrder:
    """One tee in another size."""
    wanted = asking.GoodsWanted(
        variant_id="2", quantity=1, price=euros(2500), title="Tee / L", sku="TEE-L"
    )
    return asking.ExchangeOrder(
        origin_id=order["id"],
        lines=(wanted,),
        address=Address(
            name="Ana López", street="Calle Mayor 1", postcode="48001", city="Bilbao", country="ES"
        ),
        email="ana@example.com",
        reference=reference,
    )


def by_api(fake: FakeShop) -> list[Row]:
    return [each for each in fake.effects("order") if each["by"] == "api"]


class ReturnsAtShopContractTest(Contract):
    def opened(
        self, fake: FakeShop, connector: AbstractConnector, order: Row, *, is_request: bool = False
    ) -> asking.PlatformReturn:
        fake.fulfil(order["id"])
        return connector.open_return(self.return_of(order, is_request=is_request))

    def return_of(self, order: Row, *, is_request: bool = False) -> asking.ReturnOrder:
        return asking.ReturnOrder(
            order_id=order["id"],
            lines=self.units(order),
            reference="return:1",
            is_request=is_request,
        )

    @needs(Capability.RETURNS)
    def test_a_return_is_opened_once_and_closed(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        first = self.opened(fake, connector, order)
        again = connector.open_return(self.return_of(order))
        closed = connector.close_return(first.id)

        assert (first.status, again.id, closed.status) == (Status.OPEN, first.id, Status.CLOSED)
        assert connector.close_return(first.id).status == Status.CLOSED
        assert len(fake.effects("return")) == 1
        assert [each["status"] for each in fake.rows("returns")] == ["closed"]

    @needs(Capability.RETURNS)
    def test_a_return_whose_answer_was_lost_is_found(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.mode("reset_after", effect="return")
        with pytest.raises(HttpError):
            self.opened(fake, connector, order)

        found = connector.open_return(self.return_of(order))
        assert [found.id] == [each["id"] for each in fake.rows("returns")]

    @needs(Capability.RETURN_REQUESTS)
    def test_a_request_is_approved(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        asked = self.opened(fake, connector, order, is_request=True)

        assert asked.status == Status.REQUESTED
        assert connector.approve_return(asked.id).status == Status.OPEN

    @needs(Capability.RETURN_REQUESTS)
    def test_a_request_is_declined(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        asked = self.opened(fake, connector, order, is_request=True)

        assert connector.decline_return(asked.id, "Too late").status == Status.DECLINED
        assert [each["status"] for each in fake.rows("returns")] == ["declined"]


class GoodsContractTest(Contract):
    @needs(Capability.EXCHANGES)
    def test_an_exchange_is_placed_once_and_takes_its_goods(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.variant(id="2", available=3)
        first = connector.create_exchange_order(exchange(order))
        again = connector.create_exchange_order(exchange(order))

        assert (again.id, first.number != "") == (first.id, True)
        assert len(by_api(fake)) == 1
        assert fake.stock("2") == 2

    @needs(Capability.EXCHANGES)
    def test_an_exchange_without_goods_is_declined_as_such(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.variant(id="2", available=0)

        with pytest.raises(Declined) as declined:
            connector.create_exchange_order(exchange(order))
        assert declined.value.code == "out_of_stock"
        assert by_api(fake) == []

    @needs(Capability.EXCHANGES)
    def test_an_exchange_whose_answer_was_lost_is_found(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.variant(id="2", available=3)
        fake.mode("reset_after", effect="order")
        with pytest.raises(HttpError):
            connector.create_exchange_order(exchange(order))

        found = connector.create_exchange_order(exchange(order))
        assert [found.id] == [each["body"]["id"] for each in by_api(fake)]

    @needs(Capability.CANCELLATIONS)
    def test_an_order_is_cancelled_once(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        connector.cancel_order(order["id"], "Never mind")
        connector.cancel_order(order["id"], "Never mind")

        assert fake.rows("orders")[0]["cancelled"] is not None
        assert len(fake.effects("cancel")) == 1

    @needs(Capability.CANCELLATIONS)
    def test_an_order_that_was_sent_is_not_cancelled(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.fulfil(order["id"])

        with pytest.raises(Declined):
            connector.cancel_order(order["id"], "Never mind")
        assert fake.effects("cancel") == []

    @needs(Capability.RESERVATIONS)
    def test_goods_are_held_while_there_are_any(
        self, fake: FakeShop, connector: AbstractConnector
    ) -> None:
        fake.variant(id="2", available=3)
        connector.reserve_stock(asking.StockMove(variant_id="2", quantity=2, reference="hold:1"))
        left = fake.stock("2")

        with pytest.raises(Declined) as declined:
            connector.reserve_stock(
                asking.StockMove(variant_id="2", quantity=2, reference="hold:2")
            )
        assert (left, fake.stock("2"), declined.value.code) == (1, 1, "out_of_stock")

    @needs(Capability.RESTOCKS)
    def test_goods_come_back_once_for_each_reference(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        fake.variant(id="2", available=3)
        for reference in ("restock:1", "restock:1", "restock:2"):
            connector.restock(
                asking.StockMove(
                    variant_id="2", quantity=2, reference=reference, order_id=order["id"]
                )
            )

        assert fake.stock("2") == 7

    @needs(Capability.VARIANTS)
    def test_variants_come_page_by_page_with_their_stock(
        self, fake: FakeShop, connector: AbstractConnector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.small_pages(fake, monkeypatch)
        for id_, product, available in (("1", "10", 4), ("2", "10", 0), ("3", "30", None)):
            fake.variant(id=id_, product_id=product, available=available)
        page = connector.list_variants()
        found = [*page.variants]
        while page.cursor:
            page = connector.list_variants(cursor=page.cursor)
            found += page.variants

        assert {each.variant_id: each.available for each in found} == {"1": 4, "2": 0, "3": None}
        assert {each.price for each in found} == {euros(2500)}

    @needs(Capability.VARIANTS)
    def test_variants_of_one_product(self, fake: FakeShop, connector: AbstractConnector) -> None:
        for id_, product in (("1", "10"), ("2", "10"), ("3", "30")):
            fake.variant(id=id_, product_id=product)

        found = connector.list_variants("10").variants
        assert sorted(each.variant_id for each in found) == ["1", "2"]


class CreditContractTest(Contract):
    CREDIT = asking.CreditOrder(
        amount=euros(2000), customer_id="", email="ana@example.com", reference="credit:1"
    )

    @needs(Capability.CREDIT)
    def test_credit_is_given_once_and_taken_away(
        self, fake: FakeShop, connector: AbstractConnector
    ) -> None:
        first = connector.create_credit(self.CREDIT)
        again = connector.create_credit(self.CREDIT)
        connector.void_credit(first.id)
        connector.void_credit(first.id)

        assert (first.amount, again.id) == (euros(2000), first.id)
        assert len(fake.effects("credit")) == 1
        assert [(each["amount"], each["balance"]) for each in fake.rows("credits")] == [(2000, 0)]

    @needs(Capability.CREDIT)
    def test_credit_of_which_some_is_spent_stays(
        self, fake: FakeShop, connector: AbstractConnector
    ) -> None:
        made = connector.create_credit(self.CREDIT)
        (row,) = fake.rows("credits")
        fake.spend(row["id"], 500)

        with pytest.raises(Declined) as declined:
            connector.void_credit(made.id)
        assert declined.value.code == "credit_used"
        assert fake.rows("credits")[0]["balance"] == 1500

    @needs(Capability.NOTES)
    def test_a_note_stands_at_the_order(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        connector.add_note(order["id"], "Return R-1 was accepted", ("returned",))

        (row,) = fake.rows("orders")
        assert any("Return R-1 was accepted" in each for each in row["notes"])
        assert row["total"] == 5000
