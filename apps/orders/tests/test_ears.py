"""Accepted goods go back on the shelf, through real announcements."""

from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.core import clock
from apps.events.models import Event
from apps.events.signals.signals import EventSignal
from apps.orders.dtos import UnitDecision
from apps.orders.models import Return, StockLevel
from apps.orders.modules.inventory.models import RestockMovement
from apps.orders.services import clockwork, restocking
from apps.orders.tests.factories import OrderFactory, ReturnFactory, StockLevelFactory

pytestmark = pytest.mark.django_db
AT = clock.now()
LINES: list[dict[str, Any]] = [
    {"title": "T-shirt", "variant_id": "ts-m", "quantity": 2, "unit_price_minor": 2500},
    {"title": "Trousers", "variant_id": "tr-m", "quantity": 1, "unit_price_minor": 5000},
]


def received() -> tuple[Return, StockLevel, StockLevel]:
    """Two T-shirts and one pair of trousers that have arrived; ten of each on the shelf."""
    order = OrderFactory.create(lines=LINES)
    ret = ReturnFactory.create(order=order)
    ret.receive(AT)
    shirts, trousers = (
        StockLevelFactory.create(store=ret.store, variant_id=line["variant_id"]) for line in LINES
    )
    return ret, shirts, trousers


class AcceptOnReceiptTest:
    @pytest.mark.enable_signals
    @pytest.mark.parametrize(("is_on", "status"), [(True, "accepted"), (False, "received")])
    def test_what_arrives_is_accepted_where_the_store_says_so(
        self,
        is_on: bool,
        status: str,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        order = OrderFactory.create(store__preferences__auto_accept_on_receipt=is_on)
        ret = ReturnFactory.create(order=order)
        with django_capture_on_commit_callbacks(execute=True):
            ret.receive(AT)

        ret.refresh_from_db()
        assert ret.status == status

    def test_what_is_parked_is_left_to_a_person(self) -> None:
        order = OrderFactory.create(store__preferences__auto_accept_on_receipt=True)
        ret = ReturnFactory.create(order=order)
        line = ret.lines.first()
        assert line is not None
        ret.decide([UnitDecision(line.pk, "for_review")], AT)
        ret.receive(AT)

        assert not clockwork.accept_received(ret.pk, AT)
        assert ret.status == "for_review"


def decide(ret: Return, *dispositions: str) -> None:
    lines = ret.lines.order_by("line_item__position")
    units = tuple(
        UnitDecision(line.pk, "accepted", disposition=disposition)
        for line, disposition in zip(lines, dispositions, strict=True)
    )
    ret.decide(units, AT)


def on_hand(level: StockLevel) -> int:
    level.refresh_from_db()
    return level.on_hand


@pytest.mark.enable_signals
class RestockEarTest:
    def test_restocked_units_are_on_the_shelf_again(
        self, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        ret, shirts, trousers = received()
        with django_capture_on_commit_callbacks(execute=True):
            decide(ret, "restocked", "processing_required")

        assert (on_hand(shirts), on_hand(trousers)) == (12, 10)
        movement = RestockMovement.objects.get()
        accepted = Event.objects.get(kind="return.accepted")
        assert (movement.quantity, movement.at) == (2, accepted.at)

    def test_partly_accepted_returns_are_heard_too(
        self, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        ret, shirts, trousers = received()
        first, second = ret.lines.order_by("line_item__position")
        units = (
            UnitDecision(first.pk, "rejected", reason="worn", disposition="restocked"),
            UnitDecision(second.pk, "accepted", disposition="restocked"),
        )
        with django_capture_on_commit_callbacks(execute=True):
            ret.decide(units, AT)

        assert (on_hand(shirts), on_hand(trousers)) == (10, 11)

    @pytest.mark.parametrize("kind", ["return.accepted", "return.partly_accepted"])
    def test_heard_twice_restocks_once(self, kind: str) -> None:
        ret, shirts, trousers = received()
        decide(ret, "restocked", "restocked")
        event = Event(kind=kind, subject_id=ret.pk, at=AT)
        for _ in range(2):
            EventSignal.by_kind[kind].send(sender=Event, event=event)

        assert (on_hand(shirts), on_hand(trousers)) == (12, 11)
        assert RestockMovement.objects.count() == 2


class RestockReturnTest:
    def test_goods_that_were_not_in_the_parcel_are_not(self) -> None:
        ret, shirts, trousers = received()
        decide(ret, "restocked", "restocked")
        ret.lines.filter(line_item__variant_id="ts-m").update(reception="missing")

        assert restocking.restock_return(ret.pk, AT) == 1
        assert (on_hand(shirts), on_hand(trousers)) == (10, 11)

    def test_a_variant_without_stock_is_passed_by(self) -> None:
        ret, shirts, trousers = received()
        decide(ret, "restocked", "restocked")
        trousers.delete()

        assert restocking.restock_return(ret.pk, AT) == 1
        assert on_hand(shirts) == 12
