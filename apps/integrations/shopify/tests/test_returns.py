from dataclasses import replace

import pytest

from apps.core.http import OutcomeUnknown
from apps.integrations import asking, choices
from apps.integrations.connectors import Declined
from apps.integrations.dtos import UnitsOf
from apps.integrations.shopify.connectors import Connector
from apps.integrations.shopify.tests.asked import Row
from fakes.shops.control import FakeShop

Status = choices.Return.Status


def asked(order: Row, quantity: int = 1, reference: str = "ret-1") -> asking.ReturnOrder:
    units = UnitsOf(line_id=order["lines"][0]["id"], quantity=quantity, reason="too small")
    return asking.ReturnOrder(
        order_id=order["id"], lines=(units,), reference=reference, note="x" * 400
    )


class OpenTest:
    def test_once_for_each_reference(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.fulfil(order["id"])
        made = connector.open_return(asked(order))

        assert made.status == Status.OPEN
        assert connector.open_return(asked(order)) == made
        assert len(fake.effects("return", "ret-1")) == 1
        assert fake.rows("returns")[0]["lines"][0]["note"].startswith("too small x")

    def test_units_of_two_parcels(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        line = order["lines"][0]["id"]
        for _ in range(2):
            fake.fulfil(order["id"], lines=[{"line_id": line, "quantity": 1}])
        connector.open_return(asked(order, 2))

        (row,) = fake.rows("returns")
        assert [each["quantity"] for each in row["lines"]] == [1, 1]

    def test_only_what_was_sent_and_is_not_on_its_way_back(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        with pytest.raises(Declined, match="not_returnable"):
            connector.open_return(asked(order))
        fake.fulfil(order["id"])
        connector.open_return(asked(order, 2))

        with pytest.raises(Declined, match="not_returnable"):
            connector.open_return(asked(order, 1, "ret-2"))

    def test_of_no_order(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()

        with pytest.raises(Declined, match="not_found"):
            connector.open_return(replace(asked(order), order_id="404"))

    def test_an_answer_that_is_lost(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.fulfil(order["id"])
        fake.mode("reset_after", effect="return")
        with pytest.raises(OutcomeUnknown):
            connector.open_return(asked(order))

        assert connector.open_return(asked(order)).status == Status.OPEN
        assert len(fake.rows("returns")) == 1


class TurnTest:
    def test_a_request_is_approved(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.fulfil(order["id"])
        request = connector.open_return(replace(asked(order), is_request=True))
        assert request.status == Status.REQUESTED
        assert connector.open_return(replace(asked(order), is_request=True)) == request

        for _ in range(2):
            assert connector.approve_return(request.id).status == Status.OPEN

    def test_a_request_is_declined(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.fulfil(order["id"])
        request = connector.open_return(replace(asked(order), is_request=True))

        for _ in range(2):
            assert connector.decline_return(request.id, "worn").status == Status.DECLINED
        assert fake.rows("returns")[0]["decline_note"] == "worn"
        with pytest.raises(Declined, match="invalid"):
            connector.close_return(request.id)

    def test_closing_books_what_came_back(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.fulfil(order["id"])
        made = connector.open_return(asked(order, 2))

        for _ in range(2):
            assert connector.close_return(made.id).status == Status.CLOSED
        assert fake.rows("returns")[0]["lines"][0]["processed"] == 2
        assert len(fake.effects("processed")) == 1
        assert fake.effects("refund") == []

    def test_of_none(self, connector: Connector) -> None:
        with pytest.raises(Declined, match="not_found"):
            connector.approve_return("404")


class LabelTest:
    def test_once_for_each_parcel(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.fulfil(order["id"])
        made = connector.open_return(asked(order))
        first = connector.attach_label(made.id, "T1", "https://labels.example/1.pdf")

        assert connector.attach_label(made.id, "T1") == first
        assert connector.attach_label(made.id, "T2") != first
        assert [row["number"] for row in fake.rows("deliveries")] == ["T1", "T2"]

    def test_nothing_comes_back(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.fulfil(order["id"])
        made = connector.open_return(asked(order))
        connector.close_return(made.id)

        with pytest.raises(Declined, match="nothing_on_its_way_back"):
            connector.attach_label(made.id, "T1")
        with pytest.raises(Declined, match="not_found"):
            connector.attach_label("404", "T1")
