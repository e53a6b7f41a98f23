import pytest
from django.test import Client

from apps.core import clock
from apps.deliveries import services
from apps.deliveries.models import DropOffPoint, ReturnMethod, ReturnMethodPrice, Shipment
from apps.deliveries.tests.factories import (
    CarrierAccountFactory,
    DropOffPointFactory,
    LabelFactory,
    ReturnMethodFactory,
    TrackingEventFactory,
)
from apps.orders.tests.factories import ReturnFactory
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def client(**facts: bool) -> Client:
    signed_in = Client(headers={"host": "admin.reveni.local"})
    signed_in.force_login(UserFactory.create(**facts), "django.contrib.auth.backends.ModelBackend")
    return signed_in


@pytest.fixture
def staff() -> Client:
    return client(staff=True)


def shipped() -> Shipment:
    ret = ReturnFactory.create(number="R-77")
    ret.return_method_id = ReturnMethodFactory.create(store=ret.store).pk
    ret.save()
    shipment = services.prepare_return(ret.pk, clock.now())
    assert shipment is not None
    return shipment


class ShipmentAdminTest:
    def test_list_finds_by_return_number(self, staff: Client) -> None:
        shipped()
        other = TrackingEventFactory.create().shipment
        page = staff.get("/deliveries/shipment/", {"q": "R-77"}).content.decode()
        assert "R-77" in page
        assert other.ret.number not in page

    def test_detail_shows_the_way_and_links_the_label(self, staff: Client) -> None:
        shipment = shipped()
        TrackingEventFactory.create(shipment=shipment, place="Bilbao")
        label = shipment.labels.get()
        page = staff.get(f"/deliveries/shipment/{shipment.pk}/change/").content.decode()
        link = f"/deliveries/shipment/labels/{label.pk}/"
        assert "Bilbao" in page
        assert label.reference in page
        assert f'href="{link}"' in page
        answer = staff.get(link)
        assert answer.getvalue().startswith(b"%PDF-")
        assert f"{label.reference}.pdf" in answer.headers["Content-Disposition"]

    def test_label_without_a_file_has_no_link(self, staff: Client) -> None:
        label = LabelFactory.create()
        page = staff.get(f"/deliveries/shipment/{label.shipment_id}/change/").content.decode()
        assert f"labels/{label.pk}" not in page
        assert staff.get(f"/deliveries/shipment/labels/{label.pk}/").status_code == 404

    def test_nobody_changes_anything(self, staff: Client) -> None:
        shipment = shipped()
        for path in ("add/", f"{shipment.pk}/delete/"):
            assert staff.get(f"/deliveries/shipment/{path}").status_code == 403
        change = f"/deliveries/shipment/{shipment.pk}/change/"
        assert staff.post(change, {"status": "delivered"}).status_code == 403
        shipment.refresh_from_db()
        assert shipment.status == "label_ready"

    def test_label_is_for_staff_who_may_see_shipments(self) -> None:
        label = shipped().labels.get()
        path = f"/deliveries/shipment/labels/{label.pk}/"
        assert client(is_staff=True).get(path).status_code == 403
        assert client().get(path).status_code == 302


class ConfigurationAdminTest:
    def test_prices_are_of_the_methods_merchant(self, staff: Client) -> None:
        method = ReturnMethodFactory.create(price=None)
        kept = {"regions": '["ES"]', "outcome": "any", "currency": "EUR", "price_minor": "295"}
        form = {
            "merchant": method.merchant_id,
            "store": method.store_id,
            "location": method.location_id,
            "code": method.code,
            "type": method.type,
            "names": '{"en": "Post"}',
            "label_days": 28,
            "position": 0,
            "prices-TOTAL_FORMS": 1,
            "prices-INITIAL_FORMS": 0,
            **{f"prices-0-{name}": value for name, value in kept.items()},
        }
        change = f"/deliveries/returnmethod/{method.pk}/change/"
        assert staff.post(change, form).status_code == 302
        price = ReturnMethodPrice.objects.get()
        assert (price.merchant_id, price.price_minor) == (method.merchant_id, 295)
        gone = {**form, "prices-INITIAL_FORMS": 1, "prices-0-id": price.pk, "prices-0-DELETE": "on"}
        assert staff.post(change, gone).status_code == 302
        assert not ReturnMethodPrice.objects.exists()
        assert ReturnMethod.objects.get().is_active is False

    def test_region_that_is_none_is_told(self, staff: Client) -> None:
        method = ReturnMethodFactory.create()
        price = method.prices.get()
        form = {
            "prices-TOTAL_FORMS": 1,
            "prices-INITIAL_FORMS": 1,
            "prices-0-id": price.pk,
            "prices-0-regions": '["Spain"]',
        }
        page = staff.post(f"/deliveries/returnmethod/{method.pk}/change/", form).content.decode()
        assert "is no region" in page

    def test_shops_are_edited(self, staff: Client) -> None:
        point = DropOffPointFactory.create()
        form = {
            "merchant": point.merchant_id,
            "store": point.store_id,
            "name": "Tienda Gran Vía",
            "address": '{"country": "ES"}',
            "opening_hours": "[]",
        }
        path = f"/deliveries/dropoffpoint/{point.pk}/change/"
        assert staff.post(path, form).status_code == 302
        assert DropOffPoint.objects.get().name == "Tienda Gran Vía"

    def test_credentials_are_never_shown(self, staff: Client) -> None:
        account = CarrierAccountFactory.create()
        account.seal({"key": "s3cret"})
        account.save()
        page = staff.get(f"/deliveries/carrieraccount/{account.pk}/change/").content.decode()
        assert account.name in page
        assert "credentials" not in page
        assert account.credentials is not None
        assert account.credentials.text not in page
