"""Scans in every order, and what the return hears of them."""

from datetime import timedelta
from itertools import permutations

import pytest

from apps.core import clock
from apps.core.status import IllegalTransition
from apps.deliveries import choices
from apps.deliveries.dtos import TrackingUpdate
from apps.deliveries.mixins.handing_over import NotATrackingNumber, ReturnNotTravelling
from apps.deliveries.models import Shipment
from apps.deliveries.tests.factories import (
    DropOffPointFactory,
    LabelFactory,
    ParcelFactory,
    ShipmentFactory,
    TrackingEventFactory,
)
from apps.orders.modules.advances.tests.factories import AdvancePartFactory

pytestmark = pytest.mark.django_db
AT = clock.now()
HOUR = timedelta(hours=1)


def scan(kind: str, hours: int = 0, number: str = "") -> TrackingUpdate:
    return TrackingUpdate(
        f"{kind}-{hours}-{number}", kind, AT + hours * HOUR, tracking_number=number
    )


def kinds(shipment: Shipment) -> list[str]:
    return list(shipment.timeline.values_list("kind", flat=True))


class TrackTest:
    def test_first_scan_ships_the_return_and_uses_the_label(self) -> None:
        label = LabelFactory.create(parcel__shipment__status="label_ready")
        shipment = label.shipment
        assert shipment.track(scan("picked_up")) is True
        label.refresh_from_db()
        shipment.ret.refresh_from_db()
        assert (shipment.status, shipment.shipped_at) == ("in_transit", AT)
        assert (label.status, label.used_at) == ("used", AT)
        assert (shipment.ret.status, shipment.ret.shipped_at) == ("shipped", AT)

    def test_same_scan_again_changes_nothing(self) -> None:
        shipment = ShipmentFactory.create()
        assert shipment.track(scan("in_transit")) is True
        assert shipment.track(scan("in_transit")) is False
        assert shipment.events.count() == 1
        assert kinds(shipment) == ["shipment.in_transit"]

    def test_delivered_receives_the_return(self) -> None:
        shipment = ShipmentFactory.create()
        shipment.track(scan("in_transit"))
        shipment.track(scan("delivered", 5))
        shipment.ret.refresh_from_db()
        assert (shipment.status, shipment.delivered_at) == ("delivered", AT + 5 * HOUR)
        assert (shipment.ret.status, shipment.ret.received_at) == ("received", AT + 5 * HOUR)
        assert kinds(shipment) == ["shipment.in_transit", "shipment.delivered"]

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_any_order_ends_alike(self, order: tuple[int, ...]) -> None:
        way = (scan("picked_up", 1), scan("out_for_delivery", 2), scan("delivered", 3))
        shipment = ShipmentFactory.create()
        for index in order:
            shipment.track(way[index])
        shipment.ret.refresh_from_db()
        assert (shipment.status, shipment.ret.status) == ("delivered", "received")
        assert shipment.shipped_at == AT + HOUR
        assert shipment.last_event_at == AT + 3 * HOUR
        assert [event.kind for event in shipment.events.all()] == [each.kind for each in way]

    def test_older_never_overwrites_newer(self) -> None:
        shipment = ShipmentFactory.create()
        shipment.track(scan("out_for_delivery", 5))
        shipment.track(scan("in_transit", 2))
        assert shipment.status == "out_for_delivery"
        assert shipment.shipped_at == AT + 2 * HOUR

    def test_same_minute_moves_forward_only(self) -> None:
        shipment = ShipmentFactory.create()
        shipment.track(scan("out_for_delivery"))
        shipment.track(scan("in_transit"))
        assert shipment.status == "out_for_delivery"
        shipment.track(scan("delivery_failed"))
        assert shipment.status == "exception"

    def test_delivery_counts_though_a_later_depot_scan_came_first(self) -> None:
        shipment = ShipmentFactory.create()
        shipment.track(scan("in_transit", 5))
        shipment.track(scan("delivered", 4))
        assert shipment.status == "delivered"

    @pytest.mark.parametrize("kind", ["label_made", "delayed", "cancelled", "unknown"])
    def test_words_without_a_hand_move_nothing(self, kind: str) -> None:
        shipment = ShipmentFactory.create()
        shipment.track(scan(kind))
        shipment.ret.refresh_from_db()
        assert (shipment.status, shipment.shipped_at) == ("pending", None)
        assert shipment.ret.status == "in_progress"
        assert shipment.events.get().kind == kind

    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            ("on_hold", "exception"),
            ("lost", "lost"),
            ("returned_to_sender", "returned_to_sender"),
            ("ready_for_pickup", "in_transit"),
        ],
    )
    def test_trouble_is_told(self, kind: str, status: str) -> None:
        shipment = ShipmentFactory.create()
        shipment.track(scan(kind))
        assert shipment.status == status
        assert kinds(shipment) == [f"shipment.{status}"]

    def test_lost_parcel_turns_up(self) -> None:
        shipment = ShipmentFactory.create()
        shipment.track(scan("in_transit"))
        shipment.track(scan("lost", 1))
        shipment.track(scan("delivered", 2))
        assert shipment.status == "delivered"

    def test_nothing_follows_a_delivery(self) -> None:
        shipment = ShipmentFactory.create()
        shipment.track(scan("delivered"))
        shipment.track(scan("in_transit", 1))
        shipment.track(scan("delivered", 2))
        assert (shipment.status, shipment.delivered_at) == ("delivered", AT)
        assert kinds(shipment) == ["shipment.delivered"]

    @pytest.mark.parametrize("status", ["for_review", "accepted", "cancelled", "requested"])
    def test_return_that_is_past_it_is_left_alone(self, status: str) -> None:
        shipment = ShipmentFactory.create(ret__status=status, status="voided")
        shipment.track(scan("picked_up"))
        shipment.track(scan("delivered", 1))
        shipment.ret.refresh_from_db()
        assert (shipment.status, shipment.ret.status) == ("delivered", status)

    def test_several_parcels_arrive_one_by_one(self) -> None:
        first = LabelFactory.create(tracking_number="T1")
        shipment = first.shipment
        second = ParcelFactory.create(shipment=shipment, number=2)
        LabelFactory.create(parcel=second, tracking_number="T2")
        shipment.track(scan("delivered", 1, "T1"))
        shipment.ret.refresh_from_db()
        assert (shipment.status, shipment.ret.status) == ("in_transit", "shipped")
        shipment.track(scan("delivered", 2, "T1"))
        assert shipment.status == "in_transit"
        shipment.track(scan("delivered", 3, "T2"))
        shipment.ret.refresh_from_db()
        assert (shipment.status, shipment.ret.status) == ("delivered", "received")
        assert shipment.events.filter(parcel=second).count() == 1

    def test_unknown_number_speaks_for_the_whole_shipment(self) -> None:
        shipment = ShipmentFactory.create()
        shipment.track(scan("delivered", 0, "OTHER"))
        assert shipment.status == "delivered"

    def test_long_words_of_a_carrier_fit(self) -> None:
        shipment = ShipmentFactory.create()
        shipment.track(TrackingUpdate("1", "on_hold", AT, "c" * 99, "d" * 999, "p" * 999))
        event = shipment.events.get()
        assert [len(each) for each in (event.raw_code, event.description, event.place)] == [
            60,
            300,
            120,
        ]


class SetTrackingTest:
    def test_the_shoppers_word_ships_the_return(self) -> None:
        shipment = ShipmentFactory.create(status="label_ready")
        shipment.set_tracking(" pk 4-7cd9 01 ", "Correos", AT)
        shipment.ret.refresh_from_db()
        assert (shipment.tracking_number, shipment.carrier) == ("PK47CD901", "Correos")
        assert (shipment.status, shipment.ret.status) == ("in_transit", "shipped")
        assert kinds(shipment) == ["shipment.numbered"]

    def test_only_a_scan_lets_an_advance_go(self) -> None:
        """The shopper's word ships the return; what waits for the carrier goes on waiting."""
        shipment = ShipmentFactory.create(status="label_ready", ret__instant=True)
        AdvancePartFactory.create(advance__ret=shipment.ret, rung="pay_at_scan")
        shipment.set_tracking("AAAAA1", "", AT)
        assert not shipment.ret.timeline.filter(kind="advance.released").exists()

        shipment.track(scan("in_transit", 1))
        shipment.track(scan("in_transit", 2))
        assert shipment.ret.timeline.filter(kind="advance.released").count() == 1

    def test_a_slip_of_the_pen_is_mended(self) -> None:
        shipment = ShipmentFactory.create()
        shipment.set_tracking("AAAAA1", "", AT)
        shipment.set_tracking("AAAAA2", "", AT + HOUR)
        assert (shipment.tracking_number, shipment.shipped_at) == ("AAAAA2", AT)

    @pytest.mark.parametrize("number", ["", "1234", "A" * 41, "12345;67", "\uff11" * 6])
    def test_refuses_what_is_no_number(self, number: str) -> None:
        shipment = ShipmentFactory.create()
        with pytest.raises(NotATrackingNumber):
            shipment.set_tracking(number, "Correos", AT)
        assert shipment.events.count() == 0

    @pytest.mark.parametrize("status", ["requested", "accepted", "rejected", "cancelled"])
    def test_only_while_the_return_is_open(self, status: str) -> None:
        shipment = ShipmentFactory.create(ret__status=status)
        with pytest.raises(ReturnNotTravelling):
            shipment.set_tracking("AAAAA1", "", AT)


class HandInTest:
    def test_over_the_counter(self) -> None:
        shipment = ShipmentFactory.create(method__drop_off=True)
        point = DropOffPointFactory.create(store=shipment.store, name="Tienda Bilbao")
        assert shipment.hand_in(point, AT) is True
        assert shipment.hand_in(point, AT + HOUR) is False
        shipment.ret.refresh_from_db()
        event = shipment.events.get()
        assert (event.place, event.kind, event.at) == ("Tienda Bilbao", "handed_in", AT)
        assert shipment.drop_off_point == point
        assert (shipment.status, shipment.ret.status) == ("in_transit", "shipped")
        assert kinds(shipment) == ["shipment.in_transit", "shipment.handed_in"]

    def test_at_no_shop_of_ours(self) -> None:
        shipment = ShipmentFactory.create()
        assert shipment.hand_in(None, AT) is True
        assert shipment.events.get().place == ""

    def test_not_for_a_closed_return(self) -> None:
        with pytest.raises(ReturnNotTravelling):
            ShipmentFactory.create(ret__status="cancelled").hand_in(None, AT)


class TrackingEventTest:
    def test_names_itself(self) -> None:
        event = TrackingEventFactory.create(at=AT.replace(2026, 11, 1, 9, 5))
        assert str(event) == "in_transit 2026-11-01 09:05"

    def test_shipment_moves_along_its_arrows_only(self) -> None:
        shipment = ShipmentFactory.create(status=choices.Shipment.Status.DELIVERED)
        with pytest.raises(IllegalTransition):
            shipment.become(choices.Shipment.Status.IN_TRANSIT)
