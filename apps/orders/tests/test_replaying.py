"""A credit note of the shop becomes an accepted return that pays nothing again."""

from datetime import UTC, datetime

import pytest

from apps.orders.models import Order
from apps.orders.services.picking import MoreUnitsThanLeft, UnknownLine
from apps.orders.services.replaying import replay_return
from apps.orders.tests.factories import OrderFactory, ReturnFactory
from apps.orders.tests.journeys import euros

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def order() -> Order:
    """50.00 of T-shirts, 50.00 of trousers, 5.00 of shipping; the window closed long ago."""
    order: Order = OrderFactory.create(
        with_shipping=True, placed_at=datetime(2024, 1, 2, tzinfo=UTC), lines__is_final_sale=True
    )
    return order


class ReplayTest:
    def test_what_happened_is_written_down_whatever_the_rules_say(self, order: Order) -> None:
        shirts, trousers = order.lines.all()
        ret, new = replay_return(order, {shirts.pk: 1, trousers.pk: 1}, "C-1", AT)

        assert new
        assert (ret.status, ret.refund_method, ret.filed_by) == (
            "accepted",
            "elsewhere",
            "platform",
        )
        assert (ret.requested_at, ret.received_at, ret.decided_at) == (AT, AT, AT)
        assert ret.settle().net == ret.net == euros("75")
        assert [line.returned_quantity for line in order.lines.all()] == [1, 1]

    def test_no_fee_and_no_shipping_of_ours(self, order: Order) -> None:
        preferences = order.store.preferences
        preferences.restocking_kind, preferences.restocking_fixed_minor = "fixed", 100
        preferences.save()
        units = {line.pk: line.quantity for line in order.lines.all()}

        assert replay_return(order, units, "C-1", AT)[0].net == euros("100")

    def test_twice_is_once(self, order: Order) -> None:
        trousers = order.lines.all()[1]
        first, _ = replay_return(order, {trousers.pk: 1}, "C-1", AT)
        again, new = replay_return(order, {trousers.pk: 1}, "C-1", AT)

        assert (again.pk, new) == (first.pk, False)
        assert order.returns.count() == 1

    def test_the_same_number_in_another_store_is_another(self, order: Order) -> None:
        ReturnFactory.create(external_id="C-1")
        trousers = order.lines.all()[1]

        assert replay_return(order, {trousers.pk: 1}, "C-1", AT)[1]

    def test_more_than_is_left_changes_nothing(self, order: Order) -> None:
        trousers = order.lines.all()[1]
        foreign = OrderFactory.create().lines.all()[0]
        with pytest.raises(MoreUnitsThanLeft):
            replay_return(order, {trousers.pk: 2}, "C-1", AT)
        with pytest.raises(UnknownLine):
            replay_return(order, {foreign.pk: 1}, "C-1", AT)

        assert not order.returns.exists()
