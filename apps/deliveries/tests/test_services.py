from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest
from django.core.files.storage import default_storage

from apps.accounts.tests.factories import LocationFactory
from apps.core import clock
from apps.core.money import Money
from apps.core.status import IllegalTransition
from apps.deliveries import choices, services
from apps.deliveries.dtos import LabelRequest, MadeLabel
from apps.deliveries.mixins.label_rules import ReturnNotInProgress, TooManyLabels
from apps.deliveries.models import Label, ReturnMethod, Shipment
from apps.deliveries.providers.base import ProviderRefused, ProviderUnavailable
from apps.deliveries.providers.own.provider import Provider
from apps.deliveries.services.label_files import store
from apps.deliveries.tests.factories import (
    CarrierAccountFactory,
    LabelFactory,
    ReturnMethodFactory,
    ShipmentFactory,
)
from apps.orders.dtos import MethodChoice
from apps.orders.models import Return
from apps.orders.tests.factories import OrderFactory, ReturnFactory

pytestmark = pytest.mark.django_db
AT = clock.now()
PDF = b"%PDF-1.4 a label"
type Answer = Callable[[LabelRequest], MadeLabel]


def opened(method: ReturnMethod | None = None, **facts: object) -> Return:
    """A return in progress that chose `method` of its own store."""
    ret = ReturnFactory.create(**facts)
    chosen = method or ReturnMethodFactory.create(store=ret.store, location__name="Almacén")
    ret.return_method_id = chosen.pk
    ret.save()
    return ret


def opened_with(**facts: object) -> Return:
    """As `opened`, with a method made of `facts`."""
    ret = ReturnFactory.create()
    ret.return_method_id = ReturnMethodFactory.create(store=ret.store, **facts).pk
    ret.save()
    return ret


def prepared(ret: Return) -> Shipment:
    shipment = services.prepare_return(ret.pk, AT)
    assert shipment is not None
    return shipment


def read(label: Label) -> str:
    with label.file.open("rb") as file:
        page = pypdfium2.PdfDocument(file.read())[0]
    return " ".join(page.get_textpage().get_text_range().split())


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], list[str]]:
    """Let the provider answer otherwise; returns the references it is asked to void."""

    def install(answer: Answer) -> list[str]:
        voided: list[str] = []
        monkeypatch.setattr(Provider, "make_label", lambda _, request: answer(request))
        monkeypatch.setattr(Provider, "void_label", lambda _, key, number: voided.append(key))
        return voided

    return install


class PrepareReturnTest:
    def test_makes_a_label_the_shopper_can_print(self) -> None:
        ret = opened(number="R-1")
        shipment = prepared(ret)
        label = services.label_of(ret)
        assert label is not None
        assert (shipment.status, label.status, label.format) == ("label_ready", "ready", "pdf")
        assert label.size == label.file.size
        assert label.expires_at == label.created_at + timedelta(days=28)
        text = read(label)
        for wanted in ("R-1", ret.order.number, "Ana López", "Calle Mayor 1", ret.merchant.name):
            assert wanted in text
        assert "2 T-shirt TS-1" in text

    def test_heard_twice_makes_one(self) -> None:
        ret = opened()
        assert prepared(ret) == prepared(ret)
        assert Label.objects.for_merchant(ret.merchant).count() == 1
        assert len(default_storage.listdir(f"labels/{ret.merchant_id}")[1]) == 1

    def test_one_label_for_each_parcel(self) -> None:
        ret = opened()
        ret.terms = {**ret.terms, "parcels": 3}
        ret.save()
        shipment = prepared(ret)
        assert [label.parcel.number for label in services.labels_of(ret)] == [1, 2, 3]
        assert "Paquete 1 de 3" in read(shipment.labels.get(number=1))

    @pytest.mark.parametrize(("parcels", "made"), [(0, 1), (99, 20)])
    def test_number_of_parcels_has_bounds(self, parcels: int, made: int) -> None:
        ret = opened_with(merchant_label=True)
        ret.terms = {**ret.terms, "parcels": parcels}
        ret.save()
        assert prepared(ret).parcels.count() == made

    def test_weight_is_spread_over_the_parcels(self) -> None:
        order = OrderFactory.create(lines__weight_grams=301)
        ret = ReturnFactory.create(order=order)
        ret.terms = {**ret.terms, "parcels": 2}
        ret.return_method_id = ReturnMethodFactory.create(store=ret.store).pk
        ret.save()
        assert [each.weight_grams for each in prepared(ret).parcels.all()] == [452, 452]

    def test_link_of_the_portal_stands_on_the_label(self) -> None:
        ret = opened(number="R-9")
        preferences = ret.store.preferences
        preferences.branding = {"portal_url": "https://shop.example/returns/"}
        preferences.save()
        assert "https://shop.example/returns/R-9" in read(prepared(ret).labels.get())

    def test_guest_gets_the_stores_language(self) -> None:
        ret = opened(order=OrderFactory.create(customer=None))
        ret.store.languages = ["de"]
        ret.store.save()
        assert "Rücksendeetikett" in read(prepared(ret).labels.get())

    @pytest.mark.parametrize("status", ["requested", "shipped", "accepted", "cancelled"])
    def test_nothing_for_a_return_that_is_not_in_progress(self, status: str) -> None:
        ret = opened(status=status)
        assert services.prepare_return(ret.pk, AT) is None
        assert services.label_of(ret) is None

    def test_nothing_for_goods_that_stay(self) -> None:
        ret = opened_with(keep=True)
        assert services.prepare_return(ret.pk, AT) is None
        assert not Shipment.objects.filter(ret=ret).exists()

    def test_no_method_no_label(self) -> None:
        ret = ReturnFactory.create()
        assert (prepared(ret).status, services.label_of(ret)) == ("pending", None)

    def test_merchants_own_label_is_waited_for(self) -> None:
        ret = opened_with(merchant_label=True)
        assert (prepared(ret).status, services.label_of(ret)) == ("pending", None)

    def test_voided_label_is_not_made_again_by_a_repeat(self) -> None:
        ret = opened()
        prepared(ret).void(AT)
        assert prepared(ret).status == choices.Shipment.Status.VOIDED
        assert services.label_of(ret) is None

    def test_goes_to_the_methods_location_else_to_the_default(self) -> None:
        ret = opened_with(location=None)
        LocationFactory.create(merchant=ret.merchant, name="A")
        street = {"street": "Muelle 7", "city": "Gijón", "company": "Logística"}
        LocationFactory.create(merchant=ret.merchant, is_default=True, address=street)
        text = read(prepared(ret).labels.get())
        assert "Logística Muelle 7 Gijón" in text

    def test_nowhere_to_go_fails_until_there_is(self) -> None:
        ret = opened_with(location=None)
        shipment = prepared(ret)
        assert (shipment.status, shipment.failure) == ("label_failed", "no_return_address")
        shipment.recipient = {"name": "Almacén"}
        shipment.save()
        assert prepared(ret).status == choices.Shipment.Status.LABEL_READY

    def test_fee_still_to_be_paid_holds_the_label_back(self) -> None:
        order = OrderFactory.create(lines=[{"unit_price_minor": 1000}])
        order.store.preferences.fee_over_refund = "collect"
        price = MethodChoice(code="post", name="Post", price=Money(1500, "EUR"))
        ret = ReturnFactory.create(order=order, method=price)
        ret.return_method_id = ReturnMethodFactory.create(store=ret.store).pk
        ret.save()
        shipment = prepared(ret)
        assert (shipment.status, shipment.failure) == ("label_failed", "label_fee_not_settled")
        assert not shipment.labels.exists()


class CarrierAnswersTest:
    def test_no_is_kept_with_its_code(self, answers: Callable[[Answer], list[str]]) -> None:
        def refuse(request: LabelRequest) -> MadeLabel:
            raise ProviderRefused("bad_postcode", "48 is no postcode")

        answers(refuse)
        shipment = prepared(opened())
        assert (shipment.status, shipment.failure) == ("label_failed", "bad_postcode")

    @pytest.mark.parametrize("content", [b"", b"<html>sorry</html>", PDF + b"x" * 10_485_760])
    def test_what_is_no_label_is_refused(
        self, answers: Callable[[Answer], list[str]], content: bytes
    ) -> None:
        answers(lambda request: MadeLabel(content, "pdf"))
        assert prepared(opened()).failure == "not_a_label"

    def test_other_formats_are_taken_as_they_are(
        self, answers: Callable[[Answer], list[str]]
    ) -> None:
        answers(lambda request: MadeLabel(b"^XA^XZ", "zpl", "T1", "https://t.example/T1", "E1"))
        label = prepared(opened()).labels.get()
        assert (label.format, label.tracking_number, label.external_id) == ("zpl", "T1", "E1")
        assert str(label.file).endswith(".zpl")

    def test_silence_leaves_the_label_asked_for_under_its_key(
        self, answers: Callable[[Answer], list[str]]
    ) -> None:
        asked: list[LabelRequest] = []

        def first_silent(request: LabelRequest) -> MadeLabel:
            asked.append(request)
            if len(asked) == 1:
                raise ProviderUnavailable
            return MadeLabel(PDF, "pdf")

        answers(first_silent)
        ret = opened()
        with pytest.raises(ProviderUnavailable):
            services.prepare_return(ret.pk, AT)
        assert services.returns_left_without_label(clock.now() + timedelta(minutes=5)) == [ret.pk]
        assert services.returns_left_without_label(AT - timedelta(minutes=5)) == []
        services.prepare_return(ret.pk, AT + timedelta(hours=1))
        assert asked[0] == asked[1]
        assert Label.objects.get(shipment__ret=ret).status == "ready"

    def test_cancelled_while_the_carrier_was_at_work(
        self, answers: Callable[[Answer], list[str]]
    ) -> None:
        ret = opened()

        def cancel_meanwhile(request: LabelRequest) -> MadeLabel:
            Return.objects.get(pk=ret.pk).cancel(AT)
            return MadeLabel(PDF, "pdf")

        voided = answers(cancel_meanwhile)
        shipment = prepared(ret)
        label = shipment.labels.get()
        assert (label.status, voided) == ("asked", [label.reference])
        assert services.release_return(ret.pk, AT) is True
        label.refresh_from_db()
        assert label.status == choices.Label.Status.VOIDED

    def test_credentials_of_the_account_are_opened_for_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[str] = []

        def look(provider: Provider, request: LabelRequest) -> MadeLabel:
            seen.append(provider.credentials["key"])
            return MadeLabel(PDF, "pdf")

        monkeypatch.setattr(Provider, "make_label", look)
        ret = ReturnFactory.create()
        account = CarrierAccountFactory.create(store=ret.store)
        account.seal({"key": "s3cret"})
        account.save()
        method = ReturnMethodFactory.create(store=ret.store, carrier=True, account=account)
        ret.return_method_id = method.pk
        ret.save()
        prepared(ret)
        assert seen == ["s3cret"]


class AttachLabelTest:
    def test_merchants_pdf_becomes_the_label(self) -> None:
        ret = opened_with(merchant_label=True, label_days=10)
        label = services.attach_label(prepared(ret), PDF, "PK123", AT)
        assert services.label_of(ret) == label
        assert (label.tracking_number, label.status) == ("PK123", "ready")
        assert label.expires_at == AT + timedelta(days=10)
        with label.file.open("rb") as file:
            assert file.read() == PDF

    def test_for_a_return_without_a_method(self) -> None:
        shipment = prepared(ReturnFactory.create())
        assert services.attach_label(shipment, PDF, "", AT).expires_at == AT + timedelta(days=28)

    def test_not_anything(self) -> None:
        with pytest.raises(services.NotALabel):
            services.attach_label(ShipmentFactory.create(), b"GIF89a", "", AT)

    def test_not_where_none_is_wanted(self) -> None:
        shipment = prepared(opened())
        with pytest.raises(services.NoLabelWanted):
            services.attach_label(shipment, PDF, "", AT)

    def test_not_for_a_cancelled_return(self) -> None:
        with pytest.raises(ReturnNotInProgress):
            services.attach_label(ShipmentFactory.create(ret__status="cancelled"), PDF, "", AT)


class StoreTest:
    def test_same_bytes_of_two_workers_are_one_file(self) -> None:
        label, made = LabelFactory.create(), MadeLabel(PDF, "pdf")
        assert store(label, made, AT) == store(label, made, AT)
        assert len(default_storage.listdir(f"labels/{label.merchant_id}")[1]) == 1


class RemakeLabelTest:
    def test_old_one_is_void_before_the_new_one_is_made(self) -> None:
        ret = opened()
        old = prepared(ret).labels.get()
        services.remake_label(old, AT)
        old.refresh_from_db()
        new = services.label_of(ret)
        assert new is not None
        assert (old.status, new.status, new.number) == ("voided", "ready", 2)
        with pytest.raises(TooManyLabels):
            services.remake_label(new, AT)
        assert services.label_of(ret) == new

    def test_none_is_lost_where_no_other_may_follow(self) -> None:
        """Found by the machine: the label was voided first, and only then was another refused."""
        ret = opened()
        label = prepared(ret).labels.get()
        ret.ship(AT)
        with pytest.raises(ReturnNotInProgress):
            services.remake_label(label, AT)
        assert services.label_of(ret) == label

    def test_expired_label_gets_a_successor(self) -> None:
        ret = opened()
        shipment = prepared(ret)
        shipment.expire(AT + timedelta(days=60))
        services.remake_label(shipment.labels.get(), AT)
        assert Shipment.objects.get(pk=shipment.pk).status == "label_ready"


class ReleaseReturnTest:
    def test_cancelled_return_voids_its_label(self, answers: Callable[[Answer], list[str]]) -> None:
        voided = answers(lambda request: MadeLabel(PDF, "pdf"))
        ret = opened()
        label = prepared(ret).labels.get()
        assert services.release_return(ret.pk, AT) is True
        assert services.release_return(ret.pk, AT) is False
        assert voided == [label.reference]
        assert services.label_of(ret) is None

    def test_nothing_to_release(self) -> None:
        assert services.release_return(ReturnFactory.create().pk, AT) is False

    def test_parcel_under_way_keeps_its_label(self) -> None:
        label = LabelFactory.create(status="used", parcel__shipment__status="in_transit")
        assert services.release_return(label.shipment.ret_id, AT) is False
        with pytest.raises(IllegalTransition):
            services.void_labels(label.shipment, AT)

    def test_carrier_that_voids_nothing_is_not_asked(
        self, answers: Callable[[Answer], list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        voided = answers(lambda request: MadeLabel(PDF, "pdf"))
        able = replace(Provider.capabilities, voids_labels=False)
        monkeypatch.setattr(Provider, "capabilities", able)
        ret = opened()
        prepared(ret)
        assert services.release_return(ret.pk, AT) is True
        assert voided == []


class EnterTrackingTest:
    def test_makes_the_shipment_it_needs(self) -> None:
        ret = ReturnFactory.create()
        shipment = services.enter_tracking(ret, "PK12345", "Correos", AT)
        assert shipment is not None
        ret.refresh_from_db()
        assert (shipment.tracking_number, ret.status) == ("PK12345", "shipped")

    def test_not_for_goods_that_stay(self) -> None:
        assert services.enter_tracking(opened_with(keep=True), "PK12345", "", AT) is None


class ExpireLabelsTest:
    def test_all_that_are_due_once(self) -> None:
        due = prepared(opened())
        other = prepared(opened_with(label_days=90))
        later = AT + timedelta(days=30)
        assert services.expire_labels(later) == 1
        assert services.expire_labels(later) == 0
        statuses = dict(Shipment.objects.values_list("pk", "status"))
        assert statuses == {due.pk: "expired", other.pk: "label_ready"}


class IsLocalTest:
    def test_own_labels_are(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ret = opened()
        assert services.is_local(ret.pk)
        assert services.is_local(ReturnFactory.create().pk)
        far = replace(Provider.capabilities, is_local=False)
        monkeypatch.setattr(Provider, "capabilities", far)
        assert not services.is_local(ret.pk)
