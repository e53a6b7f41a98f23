"""The label's rules: I-27 (one live, parcels + 1 at most), I-28 (never without its fee)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from apps.core import clock
from apps.core.money import Money
from apps.core.status import IllegalTransition
from apps.deliveries import choices
from apps.deliveries.dtos import StoredLabel
from apps.deliveries.mixins.label_rules import FeeNotSettled, ReturnNotInProgress, TooManyLabels
from apps.deliveries.models import Label, Shipment
from apps.deliveries.tests.factories import LabelFactory, ParcelFactory, ShipmentFactory
from apps.orders import choices as orders_choices
from apps.orders.dtos import MethodChoice
from apps.orders.models import Return
from apps.orders.tests.factories import OrderFactory, ReturnFactory, ReturnReasonFactory

pytestmark = pytest.mark.django_db
AT = clock.now()


def stored(**changes: str) -> StoredLabel:
    facts = {"name": "labels/a.pdf", "sha256": "a" * 64, "tracking_number": "T1", **changes}
    return StoredLabel(format="pdf", size=9, expires_at=AT + timedelta(days=28), **facts)


def labelled(parcels: int = 1) -> Shipment:
    shipment = ShipmentFactory.create()
    for number in range(2, parcels + 1):
        ParcelFactory.create(shipment=shipment, number=number)
    for label in shipment.ask_labels(AT):
        shipment.issue_label(label.pk, stored(tracking_number=f"T{label.number}"), AT)
    return shipment


def kinds(shipment: Shipment) -> list[str]:
    return list(shipment.timeline.values_list("kind", flat=True))


class AskLabelsTest:
    def test_one_for_each_parcel_with_its_key_fixed(self) -> None:
        shipment = ShipmentFactory.create(ret__number="R-1")
        ParcelFactory.create(shipment=shipment, number=2)
        tail = shipment.pk.hex[-6:].upper()
        first, second = shipment.ask_labels(AT)
        assert [first.reference, second.reference] == [f"R-1-{tail}-1", f"R-1-{tail}-2"]
        assert [str(first.parcel), str(second.parcel)] == ["parcel 1", "parcel 2"]
        assert shipment.ask_labels(AT) == [first, second]

    @pytest.mark.parametrize("status", ["requested", "shipped", "accepted", "cancelled"])
    def test_only_for_a_return_in_progress(self, status: str) -> None:
        shipment = ShipmentFactory.create(ret__status=status)
        with pytest.raises(ReturnNotInProgress):
            shipment.ask_labels(AT)
        assert not shipment.labels.exists()

    def test_not_for_a_parcel_that_travels(self) -> None:
        shipment = ShipmentFactory.create(status=choices.Shipment.Status.EXCEPTION)
        with pytest.raises(IllegalTransition):
            shipment.ask_labels(AT)


def return_costing(minor: int, paid: int = 2500, **facts: object) -> Return:
    """A return under fee policy `collect`: a fee above the refund must be paid first."""
    order = OrderFactory.create(lines=[{"unit_price_minor": paid}])
    order.store.preferences.fee_over_refund = "collect"
    method = MethodChoice(code="post", name="Post", price=Money(minor, "EUR"))
    units = [{"line_item": order.lines.get(), "quantity": 1, **facts}]
    return ReturnFactory.create(order=order, method=method, lines=units)


class FeeTest:
    def test_deducted_fee_lets_the_label_be(self) -> None:
        shipment = ShipmentFactory.create(ret=return_costing(495))
        assert len(shipment.ask_labels(AT)) == 1

    def test_fee_still_to_be_collected_does_not(self) -> None:
        ret = return_costing(3000)
        assert ret.net == Money(-500, "EUR")
        shipment = ShipmentFactory.create(ret=ret)
        with pytest.raises(FeeNotSettled) as refusal:
            shipment.ask_labels(AT)
        assert refusal.value.details["due"] == {"amount": "5.00", "currency": "EUR"}
        assert not shipment.labels.exists()

    def test_waived_fee_lets_the_label_be(self) -> None:
        reason = ReturnReasonFactory.create(damaged=True)
        order = OrderFactory.create(store=reason.store, lines=[{"unit_price_minor": 100}])
        method = MethodChoice(code="post", name="Post", price=Money(3000, "EUR"))
        units = [{"line_item": order.lines.get(), "quantity": 1, "reason": reason}]
        ret = ReturnFactory.create(order=order, method=method, lines=units)
        assert len(ShipmentFactory.create(ret=ret).ask_labels(AT)) == 1

    def test_price_difference_without_a_fee_lets_the_label_be(self) -> None:
        ret = return_costing(0, exchange={"price_minor": 4000})
        assert ret.net == Money(-1500, "EUR")
        assert len(ShipmentFactory.create(ret=ret).ask_labels(AT)) == 1

    def test_checked_again_when_the_label_arrives(self) -> None:
        shipment = ShipmentFactory.create()
        [label] = shipment.ask_labels(AT)
        shipment.ret.cancel(AT)
        with pytest.raises(ReturnNotInProgress):
            shipment.issue_label(label.pk, stored(), AT)
        label.refresh_from_db()
        assert label.status == choices.Label.Status.ASKED


class IssueLabelTest:
    def test_ready_with_its_file(self) -> None:
        shipment = labelled()
        label = shipment.labels.get()
        assert shipment.status == choices.Shipment.Status.LABEL_READY
        assert shipment.label_expires_at == AT + timedelta(days=28)
        assert (label.file.name, label.made_at, shipment.tracking_number) == (
            "labels/a.pdf",
            AT,
            "T1",
        )
        event = shipment.timeline.get()
        assert event.kind == "label.ready"
        assert event.payload == {"ret": str(shipment.ret_id), "label": str(label.pk)}

    def test_second_worker_changes_nothing(self) -> None:
        shipment = labelled()
        label = shipment.labels.get()
        assert shipment.issue_label(label.pk, stored(name="labels/b.pdf"), AT) is False
        label.refresh_from_db()
        assert label.file.name == "labels/a.pdf"
        assert kinds(shipment) == ["label.ready"]

    def test_ready_when_the_last_parcel_has_its_label(self) -> None:
        shipment = ShipmentFactory.create()
        ParcelFactory.create(shipment=shipment, number=2)
        first, second = shipment.ask_labels(AT)
        shipment.issue_label(first.pk, stored(), AT)
        assert shipment.status == choices.Shipment.Status.PENDING
        shipment.issue_label(second.pk, stored(tracking_number="T2"), AT)
        assert shipment.status == choices.Shipment.Status.LABEL_READY


class FailLabelTest:
    def test_says_why_and_keeps_the_key_for_the_next_try(self) -> None:
        shipment = ShipmentFactory.create()
        [label] = shipment.ask_labels(AT)
        shipment.fail_label("bad_postcode", AT)
        label.refresh_from_db()
        assert (shipment.status, shipment.failure, label.status) == (
            "label_failed",
            "bad_postcode",
            "failed",
        )
        assert [each.reference for each in shipment.ask_labels(AT)] == [label.reference]
        shipment.issue_label(label.pk, stored(), AT)
        assert (shipment.status, shipment.failure) == ("label_ready", "")

    def test_may_fail_twice_and_leaves_other_labels_alone(self) -> None:
        shipment = ShipmentFactory.create()
        ParcelFactory.create(shipment=shipment, number=2)
        first, _ = shipment.ask_labels(AT)
        shipment.issue_label(first.pk, stored(), AT)
        shipment.fail_label("no", AT)
        shipment.fail_label("no", AT)
        assert [label.status for label in shipment.labels.all()] == ["ready", "failed"]
        assert kinds(shipment) == ["label.failed", "label.failed"]


class VoidTest:
    def test_voids_once(self) -> None:
        shipment = labelled()
        assert shipment.void(AT) is True
        assert shipment.void(AT) is False
        label = shipment.labels.get()
        assert (shipment.status, label.status, label.voided_at) == ("voided", "voided", AT)
        assert kinds(shipment) == ["label.ready", "label.voided"]

    def test_before_any_label(self) -> None:
        shipment = ShipmentFactory.create()
        assert shipment.void(AT) is True

    @pytest.mark.parametrize("status", ["in_transit", "delivered"])
    def test_not_once_it_travels(self, status: str) -> None:
        shipment = ShipmentFactory.create(status=status)
        with pytest.raises(IllegalTransition):
            shipment.void(AT)

    def test_new_label_after_voiding_and_not_a_third(self) -> None:
        shipment = labelled()
        shipment.void(AT)
        [second] = shipment.ask_labels(AT)
        shipment.issue_label(second.pk, stored(), AT)
        assert second.number == 2
        shipment.void(AT)
        with pytest.raises(TooManyLabels) as refusal:
            shipment.ask_labels(AT)
        assert refusal.value.details["limit"] == 2


class DropLabelTest:
    def test_one_parcel_gets_another(self) -> None:
        shipment = labelled(parcels=2)
        first = shipment.labels.get(number=1)
        shipment.drop_label(first.pk, AT)
        assert shipment.status == choices.Shipment.Status.PENDING
        [again] = shipment.ask_labels(AT)
        assert (again.number, again.parcel_id) == (3, first.parcel_id)

    def test_keeps_the_label_when_none_could_follow(self) -> None:
        shipment = labelled()
        shipment.drop_label(shipment.labels.get().pk, AT)
        [second] = shipment.ask_labels(AT)
        shipment.issue_label(second.pk, stored(), AT)
        with pytest.raises(TooManyLabels):
            shipment.drop_label(second.pk, AT)
        assert shipment.labels.live().get() == second

    def test_not_one_that_was_used(self) -> None:
        label = LabelFactory.create(status=choices.Label.Status.USED)
        with pytest.raises(IllegalTransition):
            label.shipment.drop_label(label.pk, AT)


class ExpireTest:
    def test_when_its_time_is_over(self) -> None:
        shipment = labelled()
        assert shipment.expire(AT + timedelta(days=27)) is False
        assert shipment.expire(AT + timedelta(days=28)) is True
        assert shipment.expire(AT + timedelta(days=28)) is False
        assert (shipment.status, shipment.labels.get().status) == ("expired", "expired")
        assert kinds(shipment) == ["label.ready", "label.expired"]

    def test_never_without_a_date(self) -> None:
        shipment = ShipmentFactory.create(status=choices.Shipment.Status.LABEL_READY)
        assert shipment.expire(AT) is False


class ConstraintsTest:
    def test_one_live_label_a_parcel(self) -> None:
        label = LabelFactory.create()
        LabelFactory.create(parcel=label.parcel, status=choices.Label.Status.VOIDED)
        with pytest.raises(IntegrityError, match="deliveries_label_one_live"):
            LabelFactory.create(parcel=label.parcel, status=choices.Label.Status.USED)

    def test_one_current_shipment_a_return(self) -> None:
        lost = ShipmentFactory.create(status=choices.Shipment.Status.LOST)
        again = ShipmentFactory.create(ret=lost.ret)
        assert list(Shipment.objects.current(lost.ret_id)) == [again]
        with pytest.raises(IntegrityError, match="deliveries_shipment_one_current"):
            ShipmentFactory.create(ret=lost.ret)

    def test_reference_is_the_merchants_own(self) -> None:
        label = LabelFactory.create()
        assert str(label) == label.reference
        assert str(label.shipment) == "return pending"
        with pytest.raises(IntegrityError, match="deliveries_label_reference"):
            LabelFactory.create(
                reference=label.reference,
                parcel=ParcelFactory.create(shipment=label.shipment, number=2),
            )

    def test_never_another_merchants_return(self, check_deferred: Callable[[], None]) -> None:
        ShipmentFactory.create(merchant=ReturnFactory.create().merchant)
        with pytest.raises(IntegrityError):
            check_deferred()


class QuerySetsTest:
    def test_printable_are_ready_and_used_in_the_order_of_parcels(self) -> None:
        shipment = labelled(parcels=2)
        printable = Label.objects.for_merchant(shipment.merchant).printable()
        assert [label.parcel.number for label in printable] == [1, 2]

    def test_with_labels_asks_four_times(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        store = labelled(parcels=2).store
        with django_assert_num_queries(4):
            [row] = Shipment.objects.for_store(store).with_labels()
            assert (len(row.labels.all()), len(row.events.all())) == (2, 0)
            assert len(row.parcels.all()) == 2
            assert row.method is not None

    def test_status_of_a_return_is_untouched(self) -> None:
        assert labelled().ret.status == orders_choices.Return.Status.IN_PROGRESS
