"""A shopper is erased: what is gone, what stays, what it waits for."""

import json
from collections.abc import Mapping
from datetime import timedelta
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.test import TestCase

from apps.accounts.models import Customer, Store
from apps.accounts.tests.factories import CustomerFactory, StoreFactory
from apps.api.merchants.tests.desk import Desk, owner_of, seat_at
from apps.api.services import erasing
from apps.api.tasks import erase_shoppers
from apps.api.tests.factories import IdempotencyRecordFactory
from apps.core import clock
from apps.deliveries.tests.factories import LabelFactory, ShipmentFactory
from apps.events.dtos import Delivery
from apps.events.services import receive
from apps.events.tests.factories import InboxMessageFactory
from apps.orders.models import ImportJob, Order, PrivacyRequest, Return
from apps.orders.modules.advances.tests.factories import AdvanceFactory
from apps.orders.modules.privacy import choices
from apps.orders.services.hearing_shops import hear
from apps.orders.services.importing import import_order
from apps.orders.services.privacy import Asked, ask
from apps.orders.tests.factories import ImportJobFactory, OrderFactory, ReturnFactory
from apps.orders.tests.races import in_parallel
from apps.orders.tests.shops import snapshot
from apps.payments.gateways.bank_transfer.models import PayoutDestination
from apps.payments.models import Payment
from apps.payments.tests.factories import (
    ManualRefundFactory,
    PayoutDestinationFactory,
)

Status = choices.PrivacyRequest.Status
EMAIL = "ana@example.com"
PATH = "/v1/privacy-requests"
LONG_AGO = timedelta(days=40)


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory.create(slug="ropa", platform="shopify", domain="main.myshopify.com")


@pytest.fixture
def desk(store: Store) -> Desk:
    return owner_of(store.merchant)


def bought(store: Store, **facts: Any) -> Order:
    customer = Customer.objects.for_merchant(store.merchant).with_email(EMAIL).first()
    if customer is None:
        customer = CustomerFactory.create(merchant=store.merchant, email=EMAIL, name="Ana Gil")
    made: Order = OrderFactory.create(
        store=store, merchant=store.merchant, customer=customer, email=EMAIL, **facts
    )
    return made


def ended(order: Order, **facts: Any) -> Return:
    """Decided so long ago that nobody is at work on it."""
    then = clock.now() - LONG_AGO
    made: Return = ReturnFactory.create(order=order, accepted=True, **facts)
    Return.objects.filter(pk=made.pk).update(decided_at=then)
    made.refresh_from_db()
    return made


def paid_of(ret: Return, **facts: Any) -> Payment:
    whose = {"merchant": ret.merchant, "store": ret.store, "order": ret.order}
    made: Payment = ManualRefundFactory.create(ret=ret, **{**whose, **facts})
    return made


def erase(desk: Desk, **more: str) -> Any:
    """Asked for, and tried by the worker that is told of it."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        told = desk.send(PATH, {"kind": "erasure", "email": EMAIL, **more}).json()
    return desk.get(f"{PATH}/{told['id']}")


def asked_of(store: Store) -> PrivacyRequest:
    wanted = Asked(
        kind=choices.PrivacyRequest.Kind.ERASURE,
        source=choices.PrivacyRequest.Source.STAFF,
        reference="r-1",
        email=EMAIL,
    )
    return ask(store.merchant, wanted, clock.now())


class ErasureTest:
    def test_what_names_her_is_gone_and_the_sums_stay(self, desk: Desk, store: Store) -> None:
        order = bought(store)
        ret = ended(order, notes=[{"text": "Ana called"}], reject_reason="Ana's dog")
        ret.lines.update(comment="It itches, Ana", images=["x"])
        shipment = ShipmentFactory.create(
            ret=ret, sender={"name": "Ana Gil", "street": "Calle 1", "country": "ES"}
        )
        label = LabelFactory.create(parcel=shipment.parcels.get())
        label.file.save("label.pdf", ContentFile(b"%PDF Ana Gil"))
        PayoutDestinationFactory.create(ret=ret)
        paid = paid_of(ret, status="succeeded", provider_ref="till-7", amount_minor=700)
        before = (order.total_minor, order.captured_minor, order.number)
        told = erase(desk, reference="ticket-7").json()

        assert (told["status"], told["why"], told["reference"]) == ("done", [], "ticket-7")
        assert told["counts"] == {
            "orders": 1,
            "addresses": 1,
            "labels": 1,
            "bank_accounts": 1,
            "photos": 0,
            "cards": 0,
            "events": 0,
            "webhooks": 0,
            "answers": 0,
            "imports": 0,
            "customers": 1,
        }
        for row in (order, ret, shipment, label, paid):
            row.refresh_from_db()
        assert (order.email, order.shipping_address.keys() - {"country"}) == ("", set())
        assert (order.total_minor, order.captured_minor, order.number) == before
        assert (ret.notes, ret.reject_reason, shipment.sender) == ([], "", {"country": "ES"})
        assert (label.file.name, paid.amount_minor) == ("", 700)
        assert not PayoutDestination.objects.exists()
        assert {(line.comment, *line.images) for line in ret.lines.all()} == {("",)}
        assert order.customer is not None
        customer = Customer.objects.get(pk=order.customer.pk)
        assert (customer.email, customer.name, customer.phone, customer.external_id) == (
            "",
            "",
            "",
            "",
        )
        # The same request again is the same request; she is nobody for a new one.
        assert erase(desk, reference="ticket-7").json()["id"] == told["id"]
        assert set(erase(desk).json()["counts"].values()) == {0}

    def test_an_open_return_or_payment_postpones_it(self, desk: Desk, store: Store) -> None:
        order = bought(store)
        ret = ReturnFactory.create(order=order, number="R77")
        paid = paid_of(ret, status="processing")
        told = erase(desk).json()

        assert told["status"] == "postponed"
        assert told["why"] == [f"payment_open:{order.number}", "return_open:R77"]
        order.refresh_from_db()
        assert order.email == EMAIL
        Return.objects.filter(pk=ret.pk).update(status="cancelled")
        assert erase_shoppers() == 1
        path = f"{PATH}/{told['id']}"
        assert desk.get(path).json()["why"] == [f"payment_open:{order.number}"]
        Payment.objects.filter(pk=paid.pk).update(status="succeeded", provider_ref="x")
        assert erase_shoppers() == 1
        assert desk.get(path).json()["status"] == "done"
        assert erase_shoppers() == 0
        order.refresh_from_db()
        assert order.email == ""
        timeline = PrivacyRequest.objects.get().timeline.values_list("kind", flat=True)
        assert list(timeline.order_by("sequence")) == [
            "privacy.asked",
            "privacy.postponed",
            "privacy.postponed",
            "privacy.done",
        ]

    def test_a_refund_that_failed_is_owed_until_another_takes_its_place(self, store: Store) -> None:
        ret = ended(bought(store))
        failed = paid_of(ret, status="failed")
        order = [ret.order]
        assert erasing.blockers(order, clock.now()) == [f"payment_open:{ret.order.number}"]
        paid_of(ret, status="succeeded", provider_ref="till", replaces=failed)
        assert erasing.blockers(order, clock.now()) == []

    def test_a_decision_of_today_is_waited_for(self, store: Store) -> None:
        ret = ReturnFactory.create(order=bought(store), accepted=True)

        assert erasing.blockers([ret.order], clock.now()) == [f"return_just_decided:{ret.number}"]
        assert erasing.blockers([ret.order], clock.now() + timedelta(days=2)) == []

    def test_raw_bodies_and_files(self, desk: Desk, store: Store) -> None:
        """What is still being read is waited for; afterwards only those about her are empty."""
        bought(store)
        of_store = {"merchant_id": store.merchant_id, "account": str(store.pk)}
        body = json.dumps({"email": EMAIL.upper()}).encode()
        told = InboxMessageFactory.create(**of_store, body=body, event_id="hers")
        other = InboxMessageFactory.create(**of_store, body=b'{"email": "bo@x.es"}')
        poison = InboxMessageFactory.create(**of_store, body=body + b" ", status="parked")
        answer = IdempotencyRecordFactory.create(merchant=store.merchant, status=201, body=body)
        job = ImportJobFactory.create(store=store)
        assert erase(desk).json()["why"] == ["import_running", "webhook_waiting"]
        told.finish(clock.now())
        ImportJob.objects.update(status="failed")
        assert erase_shoppers() == 1

        done = PrivacyRequest.objects.get()
        assert (done.status, done.why) == (Status.DONE, [])
        assert [done.counts[name] for name in ("webhooks", "answers", "imports")] == [2, 1, 1]
        for row in (told, other, poison, answer, job):
            row.refresh_from_db()
        assert [told.raw, poison.raw] == [b"", b""]
        assert other.raw == b'{"email": "bo@x.es"}'
        assert (answer.status, bytes(answer.body or b""), job.file.name) == (201, b"{}", "")
        again = Delivery(
            merchant_id=store.merchant_id,
            source=told.source,
            account=told.account,
            event_id="hers",
            topic=told.topic,
            body=body,
        )
        assert not receive(again, clock.now()).is_new

    def test_what_may_take_long_has_a_later_day(self, desk: Desk, store: Store) -> None:
        """Article 12(3): once, by two months, and somebody is told why."""
        ret = ReturnFactory.create(order=bought(store), accepted=True, number="R9")
        AdvanceFactory.create(ret=ret, merchant=ret.merchant)
        erase(desk)
        request = PrivacyRequest.objects.get()

        assert request.why == ["advance_open:R9", "return_just_decided:R9"]
        assert request.due_at - request.asked_at == timedelta(days=90)
        told = request.timeline.get(kind="privacy.postponed").payload
        assert told == {"why": request.why, "due_at": request.due_at.isoformat()}
        request.postpone(["return_open:R9"], {}, clock.now())
        assert request.due_at - request.asked_at == timedelta(days=90)

    def test_what_the_shop_tells_later_brings_nobody_back(self, store: Store) -> None:
        first = import_order(store, snapshot(1, currency=store.currency)).order
        first.anonymize(clock.now())
        again = import_order(store, snapshot(1, "30", tags=("vip", "Ana"))).order

        assert (again.pk, again.total_minor) == (first.pk, 3000)
        assert (again.email, again.tags, again.shipping_address) == ("", [], {})

    def test_only_who_may_and_only_their_own(self, desk: Desk, store: Store) -> None:
        theirs = bought(StoreFactory.create(slug="ajena"))
        told = erase(desk).json()
        theirs.refresh_from_db()

        assert (told["status"], theirs.email) == ("done", EMAIL)
        assert seat_at(store.merchant, reader=True).send(PATH, {}).status_code == 403
        assert owner_of(theirs.merchant).get(f"{PATH}/{told['id']}").status_code == 404
        listed = desk.get(f"{PATH}?status=done").json()["data"]
        assert [each["id"] for each in listed] == [told["id"]]
        assert desk.get(f"{PATH}?status=open").json()["data"] == []

    def test_staff_from_a_shell(self, store: Store) -> None:
        ReturnFactory.create(order=bought(store), number="R8")
        said = StringIO()
        call_command("erase_shopper", store.merchant.slug, EMAIL, stdout=said)

        assert said.getvalue() == "postponed return_open:R8\n"

    def test_a_broken_one_holds_up_nobody(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked_of(store)

        def broken(*_: object) -> None:
            raise OSError("no disk")

        monkeypatch.setattr(erasing, "settle", broken)
        assert erase_shoppers() == 1


class ExportTest:
    def test_handed_to_the_merchant(self, desk: Desk, store: Store) -> None:
        order = bought(store)
        ret = ended(order)
        ret.lines.update(comment="Too small")
        paid_of(ret, status="succeeded", provider_ref="till", amount_minor=700)
        made = desk.send(PATH, {"kind": "export", "email": EMAIL}).json()
        told = desk.send(f"{PATH}/{made['id']}/export").json()

        assert made["status"] == "open"
        assert (told["customer"]["name"], told["customer"]["email"]) == ("Ana Gil", EMAIL)
        assert told["orders"][0]["number"] == order.number
        assert told["orders"][0]["returns"][0]["lines"][0]["comment"] == "Too small"
        assert [each["amount_minor"] for each in told["payments"]] == [700]
        assert desk.get(f"{PATH}/{made['id']}").json()["status"] == "done"
        assert desk.send(f"{PATH}/{made['id']}/export").json() == told
        erasure = erase(desk).json()["id"]
        assert desk.send(f"{PATH}/{erasure}/export").status_code == 404

    def test_a_refused_one_is_not_handed_out(self, desk: Desk, store: Store) -> None:
        bought(store)
        made = desk.send(PATH, {"kind": "export", "email": EMAIL}).json()
        path = f"{PATH}/{made['id']}"
        assert desk.send(f"{path}/refuse", {"reason": ""}).status_code == 400
        told = desk.send(f"{path}/refuse", {"reason": "Not the shopper"}).json()

        assert (told["status"], told["refusal"]) == ("refused", "Not the shopper")
        assert desk.send(f"{path}/export").json()["code"] == "privacy_request_refused"
        assert desk.send(f"{path}/refuse", {"reason": "again"}).json()["code"] == (
            "illegal_transition"
        )
        listed = f"{PATH}?kind=export&store=ropa&ordering=due_at"
        assert desk.get(listed).json()["data"] == []
        assert len(desk.get(f"{PATH}?kind=export&ordering=due_at").json()["data"]) == 1


class PlatformTopicTest:
    def told(self, store: Store, topic: str, **body: object) -> None:
        given: Mapping[str, object] = {"shop_domain": store.domain, "shop_id": 1, **body}
        message = InboxMessageFactory.create(
            merchant_id=store.merchant_id,
            source="shopify",
            account=str(store.pk),
            topic=topic,
            body=json.dumps(given).encode(),
        )
        for _ in range(2):
            hear(message)
        message.finish(clock.now())

    def test_customers_redact(self, store: Store) -> None:
        order = bought(store, external_id="7")
        elsewhere = bought(StoreFactory.create(merchant=store.merchant, slug="otra"))
        stranger = OrderFactory.create(store=store, customer=None, external_id="8", email="b@x.es")
        who = {"id": 5, "email": EMAIL, "phone": ""}
        self.told(store, "customers/redact", customer=who, orders_to_redact=[7, 8])
        request = PrivacyRequest.objects.get()

        assert (request.source, request.store) == ("platform", store)
        assert request.due_at - request.asked_at == timedelta(days=30)
        assert erase_shoppers() == 1
        for row in (order, elsewhere, stranger, request):
            row.refresh_from_db()
        assert request.status == Status.DONE
        assert (order.email, stranger.email) == ("", "")
        # She came back since, and asks again.
        back = bought(store, external_id="9")
        self.told(store, "customers/redact", customer=who, orders_to_redact=[9])
        assert erase_shoppers() == 1
        back.refresh_from_db()
        assert back.email == ""
        # Known at another shop of the merchant too: that one did not ask.
        assert elsewhere.email == EMAIL
        assert Customer.objects.get(email=EMAIL).name == "Ana Gil"

    def test_customers_data_request(self, store: Store) -> None:
        bought(store)
        who = {"id": 5, "email": EMAIL}
        self.told(store, "customers/data_request", customer=who, data_request={"id": 9})

        request = PrivacyRequest.objects.get()
        assert (request.kind, request.status) == ("export", Status.OPEN)
        assert erase_shoppers() == 0

    def test_a_shop_of_many_goes_on_the_next_time(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bought(store)
        OrderFactory.create(store=store, customer=None, email="b@x.es")
        OrderFactory.create(store=store)
        self.told(store, "shop/redact")
        monkeypatch.setattr(erasing, "UNITS", 1)
        erase_shoppers()
        request = PrivacyRequest.objects.get()
        assert (request.status, request.why) == (Status.POSTPONED, ["more_to_come"])
        erase_shoppers()
        request.refresh_from_db()

        assert (request.status, request.counts["orders"]) == (Status.DONE, 3)
        assert not Order.objects.exclude(email="").exists()
        assert not Customer.objects.exclude(email="").exists()

    def test_shop_redact(self, store: Store) -> None:
        store.seal_credentials({"access_token": "t"})
        order = bought(store)
        waiting = ReturnFactory.create(order__store=store, number="R5")
        self.told(store, "shop/redact")
        store.refresh_from_db()
        assert not store.is_connected
        erase_shoppers()

        request = PrivacyRequest.objects.get()
        order.refresh_from_db()
        assert order.email == ""
        assert (request.status, request.why) == (Status.POSTPONED, ["return_open:R5"])
        Return.objects.filter(pk=waiting.pk).update(status="cancelled")
        erase_shoppers()
        request.refresh_from_db()
        assert (request.status, request.counts["orders"]) == (Status.DONE, 2)


@pytest.mark.django_db(transaction=True)
class ErasureRaceTest:
    """A refund is promised while she is erased: both lock the order first."""

    @pytest.fixture
    def ret(self) -> Return:
        return ended(bought(StoreFactory.create(slug="ropa")))

    def left(self, ret: Return) -> tuple[str, int]:
        order = Order.objects.get(pk=ret.order.pk)
        return order.email, Payment.objects.filter(order=order, status="pending").count()

    def test_the_refund_is_seen_and_waited_for(self, ret: Return) -> None:
        request, ready = asked_of(ret.store), Barrier(2, timeout=20)

        def promise() -> None:
            with transaction.atomic():
                Order.objects.select_for_update(no_key=True).get(pk=ret.order.pk)
                ready.wait()
                paid_of(ret, status="pending", amount_minor=700)

        def erase() -> None:
            ready.wait()
            erasing.settle(request, clock.now())

        in_parallel(lambda act: act(), [promise, erase])
        assert self.left(ret) == (EMAIL, 1)
        assert PrivacyRequest.objects.get().status == Status.POSTPONED

    def test_without_the_lock_she_is_erased_under_it(self, ret: Return) -> None:
        looked, promised = Barrier(2, timeout=20), Barrier(2, timeout=20)

        def promise() -> None:
            looked.wait()
            paid_of(ret, status="pending", amount_minor=700)
            promised.wait()

        def erase() -> None:
            why = erasing.blockers([ret.order], clock.now())
            looked.wait()
            promised.wait()
            assert not why
            ret.order.anonymize(clock.now())

        in_parallel(lambda act: act(), [promise, erase])
        assert self.left(ret) == ("", 1)
