"""Labels bought over HTTP from the fake carrier, through the services and the tasks."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.core.ids import uuid7
from apps.deliveries import choices, services, tasks
from apps.deliveries.models import CarrierAccount, Label, Shipment
from apps.deliveries.providers.base import ProviderUnavailable
from apps.deliveries.providers.easypost.tests.samples import KEY, SECRET
from apps.deliveries.providers.easypost.webhooks import accept
from apps.deliveries.services.hearing import LabelNotWrittenYet
from apps.deliveries.services.reconciliation import voids_never_told
from apps.deliveries.signals.webhooks import hear_carrier
from apps.deliveries.tests.factories import CarrierAccountFactory, ReturnMethodFactory
from apps.events.models import InboxMessage
from apps.events.tests.factories import InboxMessageFactory
from apps.orders.models import Return
from apps.orders.tests.factories import ReturnFactory
from fakes.carrier.control import Carrier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carrier")]
AT = clock.now()
SOON = AT + timedelta(minutes=3)
HOUR = timedelta(hours=1)
BUYING = {"path": "/v2/shipments/shp"}


@pytest.fixture
def account() -> CarrierAccount:
    account = CarrierAccountFactory.create(provider=choices.Provider.EASYPOST)
    account.seal({"api_key": KEY, "webhook_secret": SECRET})
    account.save()
    return account


@pytest.fixture
def ret(account: CarrierAccount) -> Return:
    """In progress, to travel with the carrier; 500 g."""
    ret = ReturnFactory.create(order__store=account.store)
    method = ReturnMethodFactory.create(
        store=account.store, type=choices.ReturnMethod.Type.CARRIER, account=account
    )
    ret.return_method_id = method.pk
    ret.save()
    return ret


def shipment_of(ret: Return) -> Shipment:
    return Shipment.objects.get(ret=ret)


def label_of(ret: Return) -> Label:
    return Label.objects.get(shipment__ret=ret)


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hmac-signature": f"hmac-sha256-hex={digest}"}


class BuyTest:
    def test_the_task_buys_a_label(self, ret: Return, carrier: Carrier) -> None:
        tasks.prepare_now_or_later(ret.pk)

        label = label_of(ret)
        (bought,) = carrier.labels(label.reference)
        assert (label.status, label.external_id) == ("ready", bought["body"]["id"])
        assert label.tracking_number == shipment_of(ret).tracking_number != ""
        with label.file.open("rb") as file:
            assert file.read().startswith(b"%PDF-")

    @pytest.mark.parametrize(
        "mode", ["hang_after", "reset_after", "error_after", "error_before", "rate_limit"]
    )
    def test_one_label_is_bought_whatever_became_of_the_answer(
        self, mode: str, ret: Return, carrier: Carrier
    ) -> None:
        carrier.mode(mode, match=BUYING, seconds=1.2)
        with pytest.raises(ProviderUnavailable):
            services.prepare_return(ret.pk, AT)
        assert label_of(ret).status == "asked"
        services.prepare_return(ret.pk, AT)

        label = label_of(ret)
        assert label.status == "ready"
        assert len(carrier.labels(label.reference)) == 1

    def test_while_one_worker_asks_no_other_does(self, ret: Return, carrier: Carrier) -> None:
        shipment = services.start_shipment(ret.pk, AT)
        assert shipment is not None
        (label,) = shipment.ask_labels(AT)
        assert shipment.hold_label(label.pk, SOON, AT)
        services.prepare_return(ret.pk, AT)
        assert not carrier.labels(label.reference)

        services.prepare_return(ret.pk, SOON)
        assert len(carrier.labels(label.reference)) == 1
        assert not shipment.hold_label(label.pk, SOON + timedelta(minutes=2), SOON)

    def test_a_no_is_told_to_the_staff_and_may_be_asked_again(
        self, ret: Return, carrier: Carrier
    ) -> None:
        carrier.mode("refuse", status=402, code="PAYMENT.REQUIRED", match=BUYING)
        services.prepare_return(ret.pk, AT)

        shipment = shipment_of(ret)
        assert (shipment.status, shipment.failure) == ("label_failed", "PAYMENT.REQUIRED")
        ret.refresh_from_db()
        assert ret.label_failed_at == AT
        services.prepare_return(ret.pk, AT)
        assert label_of(ret).status == "ready"

    def test_a_file_that_is_no_label_is_not_handed_out(self, ret: Return, carrier: Carrier) -> None:
        carrier.mode("label_broken")
        services.prepare_return(ret.pk, AT)
        assert shipment_of(ret).failure == "not_a_label"

        services.prepare_return(ret.pk, AT)
        label = label_of(ret)
        assert (label.status, len(carrier.labels(label.reference))) == ("ready", 1)


class VoidTest:
    def test_a_cancelled_return_gets_the_price_back(self, ret: Return, carrier: Carrier) -> None:
        services.prepare_return(ret.pk, AT)
        assert services.release_return(ret.pk, AT)
        assert not services.release_return(ret.pk, AT)

        label = label_of(ret)
        assert (label.status, label.void_told_at) == ("voided", AT)
        assert len(carrier.labels(label.reference, "label.submitted")) == 1

    def test_a_carrier_that_is_away_is_told_later(self, ret: Return, carrier: Carrier) -> None:
        services.prepare_return(ret.pk, AT)
        carrier.mode("error_before", times=None)
        with pytest.raises(ProviderUnavailable):
            services.release_return(ret.pk, AT)
        carrier.clear_modes()
        assert services.returns_left_with_void_label(AT - timedelta(seconds=1)) == []
        assert services.returns_left_with_void_label(SOON) == [ret.pk]

        tasks.tell_of_voids(str(ret.pk))
        assert len(carrier.labels(label_of(ret).reference, "label.submitted")) == 1
        assert services.returns_left_with_void_label(SOON) == []

    def test_the_sweeper_tells_what_was_left(
        self, ret: Return, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        services.prepare_return(ret.pk, AT)
        shipment_of(ret).void(AT)
        monkeypatch.setattr(tasks, "MISSING_AFTER", timedelta())

        assert tasks.make_missing_labels() == 1
        assert len(carrier.labels(label_of(ret).reference, "label.submitted")) == 1

    def test_staff_see_it_when_nobody_ever_told(self, ret: Return) -> None:
        services.prepare_return(ret.pk, AT)
        shipment_of(ret).void(AT)

        (found,) = voids_never_told.found(AT + timedelta(hours=7))
        assert found.subject == str(label_of(ret).pk)
        assert voids_never_told.found(AT + timedelta(hours=5)) == []

    def test_one_bought_without_an_answer_goes_back_too(
        self, ret: Return, carrier: Carrier
    ) -> None:
        carrier.mode("reset_after", match=BUYING)
        with pytest.raises(ProviderUnavailable):
            services.prepare_return(ret.pk, AT)
        services.release_return(ret.pk, AT)

        label = label_of(ret)
        assert (label.status, label.made_at) == ("voided", None)
        assert len(carrier.labels(label.reference, "label.submitted")) == 1

    def test_cancelled_while_the_carrier_worked(self, ret: Return, carrier: Carrier) -> None:
        shipment = services.start_shipment(ret.pk, AT)
        assert shipment is not None
        (label,) = shipment.ask_labels(AT)
        shipment.hold_label(label.pk, SOON, AT)
        services.release_return(ret.pk, AT)
        assert label_of(ret).void_told_at is None

        services.prepare_return(ret.pk, SOON)
        assert label_of(ret).void_told_at == SOON

    def test_a_used_label_is_not_given_back_and_that_is_no_error(
        self, ret: Return, carrier: Carrier, caplog: pytest.LogCaptureFixture
    ) -> None:
        services.prepare_return(ret.pk, AT)
        carrier.scan(label_of(ret).tracking_number)

        assert services.release_return(ret.pk, AT)
        assert "is not void at its carrier" in caplog.text
        assert label_of(ret).void_told_at == AT


class AcceptTest:
    BODY = json.dumps(
        {"id": "evt_1", "mode": "production", "description": "tracker.updated", "result": {}}
    ).encode()

    def test_its_own_secret_for_its_own_mode(self, account: CarrierAccount) -> None:
        delivery = accept(str(account.pk), signed(self.BODY), self.BODY, AT)

        assert delivery is not None
        assert (delivery.source, delivery.account) == ("easypost", str(account.pk))
        assert (delivery.event_id, delivery.environment) == ("evt_1", "live")
        assert delivery.merchant_id == account.merchant_id

    @pytest.mark.parametrize(
        ("headers", "body"),
        [
            ({}, BODY),
            ({"x-hmac-signature": ""}, BODY),
            ({"x-hmac-signature": "hmac-sha256-hex="}, BODY),
            ({"x-hmac-signature": "ñ" * 100_000}, BODY),
            (signed(BODY, "somebody else's"), BODY),
            (signed(BODY, ""), BODY),
            (signed(BODY), BODY + b" "),
            (signed(BODY), json.dumps(json.loads(BODY), indent=1).encode()),
            (signed(b"[]"), b"[]"),
            (signed(b'{"id": "e", "mode": "test"}'), b'{"id": "e", "mode": "test"}'),
            (signed(b'{"id": "e"}'), b'{"id": "e"}'),
        ],
    )
    def test_nothing_else(
        self, headers: dict[str, str], body: bytes, account: CarrierAccount
    ) -> None:
        assert accept(str(account.pk), headers, body, AT) is None

    def test_no_account_no_secret(self, account: CarrierAccount) -> None:
        for token in ("nobody", str(uuid7())):
            assert accept(token, signed(self.BODY), self.BODY, AT) is None
        account.seal({"api_key": KEY})
        account.save()
        assert accept(str(account.pk), signed(self.BODY, ""), self.BODY, AT) is None
        account.is_active = False
        account.save()
        assert accept(str(account.pk), signed(self.BODY), self.BODY, AT) is None

    def test_a_secret_beyond_ascii_is_decomposed_first(self, account: CarrierAccount) -> None:
        account.seal({"webhook_secret": "caf\u00e9"})
        account.save()

        assert accept(str(account.pk), signed(self.BODY, "cafe\u0301"), self.BODY, AT)


class HearTest:
    def heard(self, account: CarrierAccount, event: Any) -> None:
        message: InboxMessage = InboxMessageFactory.create(
            source="easypost",
            account=str(account.pk),
            merchant_id=account.merchant_id,
            body=json.dumps(event).encode(),
            is_thin=True,
        )
        hear_carrier(message)

    def test_a_scan_ships_the_return(
        self, account: CarrierAccount, ret: Return, carrier: Carrier
    ) -> None:
        services.prepare_return(ret.pk, AT)
        event = carrier.scan(label_of(ret).tracking_number)
        for _ in range(2):
            self.heard(account, event)

        ret.refresh_from_db()
        assert (ret.status, label_of(ret).status) == ("shipped", "used")
        assert shipment_of(ret).events.count() == 1

    def test_in_any_order_the_end_is_the_same(
        self, account: CarrierAccount, ret: Return, carrier: Carrier
    ) -> None:
        services.prepare_return(ret.pk, AT)
        number, then = label_of(ret).tracking_number, clock.now().timestamp()
        events = [
            carrier.scan(number, status, at=then + hours * 3600)
            for hours, status in enumerate(("in_transit", "out_for_delivery", "delivered"))
        ]
        for event in (events[2], events[0], events[1], events[2]):
            self.heard(account, event)

        ret.refresh_from_db()
        assert (shipment_of(ret).status, ret.status) == ("delivered", "received")
        assert shipment_of(ret).events.count() == 3

    def test_told_the_wrong_way_round_the_times_are_those_of_the_scans(
        self, account: CarrierAccount, ret: Return, carrier: Carrier
    ) -> None:
        services.prepare_return(ret.pk, AT)
        number, then = label_of(ret).tracking_number, AT.replace(microsecond=0)
        events = [
            carrier.scan(number, status, at=(then + hours * HOUR).timestamp())
            for hours, status in enumerate(("in_transit", "out_for_delivery", "return_to_sender"))
        ]
        for event in reversed(events):
            event["result"]["tracking_details"] = event["result"]["tracking_details"][-1:]
            self.heard(account, event)

        ret.refresh_from_db()
        shipment = shipment_of(ret)
        assert (shipment.status, shipment.last_event_at) == ("returned_to_sender", then + 2 * HOUR)
        assert (shipment.shipped_at, ret.shipped_at) == (then, then)
        # Nothing is under way: the shopper has it again.
        assert ret.scanned_at is None

    def test_a_scan_before_the_label_is_written_down_is_told_again(
        self, account: CarrierAccount, ret: Return, carrier: Carrier
    ) -> None:
        carrier.mode("reset_after", match=BUYING)
        with pytest.raises(ProviderUnavailable):
            services.prepare_return(ret.pk, AT)
        (bought,) = carrier.labels(label_of(ret).reference)
        event = carrier.scan(bought["body"]["tracking_code"])
        with pytest.raises(LabelNotWrittenYet):
            self.heard(account, event)
        body = json.dumps(event).encode()
        assert services.hear_carrier("easypost", account.pk, body, AT - timedelta(hours=1)) == 0

        services.prepare_return(ret.pk, AT)
        self.heard(account, event)
        assert shipment_of(ret).status == "in_transit"

    def test_what_is_no_scan_ships_nothing(
        self, account: CarrierAccount, ret: Return, carrier: Carrier
    ) -> None:
        services.prepare_return(ret.pk, AT)
        for status in ("pre_transit", "unknown", "failure", "beamed"):
            self.heard(account, carrier.scan(label_of(ret).tracking_number, status))

        ret.refresh_from_db()
        assert (ret.status, shipment_of(ret).shipped_at) == ("in_progress", None)

    def test_another_account_moves_nothing(self, ret: Return, carrier: Carrier) -> None:
        services.prepare_return(ret.pk, AT)
        event = carrier.scan(label_of(ret).tracking_number)
        other = CarrierAccountFactory.create(provider=choices.Provider.EASYPOST)
        self.heard(other, event)

        assert shipment_of(ret).status == "label_ready"

    def test_parcels_of_orders_and_other_news_are_nobodys_concern(
        self, account: CarrierAccount
    ) -> None:
        body = json.dumps({"id": "evt_1", "description": "tracker.updated", "result": {}}).encode()

        assert services.hear_carrier("easypost", account.pk, body, AT) == 0
        assert services.hear_carrier("easypost", account.pk, b"{}", AT) == 0
        assert services.hear_carrier("easypost", uuid7(), body, AT) == 0

    def test_known_by_its_number_where_the_label_was_never_written_down(
        self, account: CarrierAccount, ret: Return, carrier: Carrier
    ) -> None:
        services.prepare_return(ret.pk, AT)
        event = carrier.scan(label_of(ret).tracking_number)
        event["result"]["shipment_id"] = "shp_other"
        self.heard(account, event)

        assert shipment_of(ret).status == "in_transit"
