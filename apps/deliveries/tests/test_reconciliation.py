"""Each query finds the fault planted for it, and nothing where labels end as they should."""

import json
from datetime import timedelta

import pytest

from apps.core import clock
from apps.core.tests.faults import drop, found, write
from apps.deliveries import services
from apps.deliveries.models import Label, Shipment
from apps.deliveries.tests.factories import LabelFactory, ReturnMethodFactory
from apps.orders.tests.factories import ReturnFactory

pytestmark = pytest.mark.django_db
AT = clock.now()
HOUR = timedelta(hours=1)


@pytest.fixture
def shipment() -> Shipment:
    """With one label, made now."""
    ret = ReturnFactory.create()
    ret.return_method_id = ReturnMethodFactory.create(store=ret.store).pk
    ret.save()
    shipment = services.prepare_return(ret.pk, AT)
    assert shipment is not None
    return shipment


@pytest.fixture
def label(shipment: Shipment) -> Label:
    return shipment.labels.get()


class SoundWorldTest:
    def test_nothing_is_found(self, shipment: Shipment) -> None:
        assert found() == []
        services.void_labels(shipment, AT)
        assert found() == []


class LabelsEndTest:
    @pytest.mark.parametrize(("hours", "is_found"), [(5, False), (7, True)])
    def test_ran_out_and_was_not_expired(self, label: Label, hours: int, is_found: bool) -> None:
        write(
            "UPDATE deliveries_label SET expires_at = %s WHERE id = %s",
            [AT - hours * HOUR, label.pk],
        )

        assert found() == [("I-27", str(label.pk))] * is_found

    @pytest.mark.parametrize("status", ["voided", "expired"])
    def test_outlives_its_shipment(self, label: Label, status: str) -> None:
        write(
            "UPDATE deliveries_shipment SET status = %s WHERE id = %s", [status, label.shipment_id]
        )

        assert found() == [("I-27", str(label.pk))]

    @pytest.mark.parametrize("status", ["used", "voided", "expired"])
    def test_does_not_say_when_it_ended(self, label: Label, status: str) -> None:
        write("UPDATE deliveries_label SET status = %s WHERE id = %s", [status, label.pk])

        assert found() == [("I-27", str(label.pk))]

    def test_does_not_say_when_it_was_made(self, label: Label) -> None:
        write("UPDATE deliveries_label SET made_at = NULL WHERE id = %s", [label.pk])

        assert found() == [("I-27", str(label.pk))]

    def test_two_live_labels_on_a_parcel(self, label: Label) -> None:
        drop("deliveries_label", "deliveries_label_one_live")
        LabelFactory.create(parcel=label.parcel, made_at=AT)

        assert found() == [("I-27", str(label.parcel_id))]

    @pytest.mark.parametrize(("hours", "is_found"), [(5, False), (7, True)])
    def test_return_was_cancelled(self, label: Label, hours: int, is_found: bool) -> None:
        """The ears of a test are muted, so nobody voids the label."""
        label.shipment.ret.cancel(AT - hours * HOUR)

        assert found() == [("I-38", str(label.pk))] * is_found


class LabelFeeTest:
    @pytest.mark.parametrize(
        ("kind", "amount", "net", "is_found"),
        [
            ("return_fee", "-2.95", -295, True),
            ("return_fee", "0.00", -295, False),
            ("new_goods", "-2.95", -295, False),
            ("return_fee", "-2.95", 500, False),
        ],
    )
    def test_made_before_its_fee_was_paid(
        self, label: Label, kind: str, amount: str, net: int, is_found: bool
    ) -> None:
        fee = {"kind": kind, "amount": {"amount": amount, "currency": "EUR"}, "children": []}
        fees = {"kind": "fees", "amount": fee["amount"], "children": [fee]}
        breakdown = {"tree": {"kind": "net", "amount": fee["amount"], "children": [fees]}}
        write(
            "UPDATE orders_return SET net_minor = %s, breakdown = %s WHERE id = %s",
            [net, json.dumps(breakdown), label.shipment.ret_id],
        )

        assert found() == [("I-28", str(label.pk))] * is_found
