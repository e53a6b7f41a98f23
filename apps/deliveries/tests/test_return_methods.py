import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Location
from apps.accounts.tests.factories import LocationFactory, StoreFactory
from apps.core.money import Money
from apps.deliveries import choices
from apps.deliveries.dtos import Capabilities
from apps.deliveries.models import CarrierAccount, DropOffPoint, ReturnMethod
from apps.deliveries.providers.own.provider import Provider
from apps.deliveries.tests.factories import (
    CarrierAccountFactory,
    DropOffPointFactory,
    ReturnMethodFactory,
    ReturnMethodPriceFactory,
)
from apps.orders.models import Order
from apps.orders.tests.factories import OrderFactory, ReturnFactory

pytestmark = pytest.mark.django_db


def order_in(country: str = "ES", postcode: str = "48001") -> Order:
    return OrderFactory.create(shipping_address={"country": country, "postcode": postcode})


def price(method: ReturnMethod, regions: list[str], minor: int, outcome: str = "any") -> None:
    ReturnMethodPriceFactory.create(
        method=method, regions=regions, price_minor=minor, outcome=outcome
    )


class PricesTest:
    @pytest.mark.parametrize(
        ("country", "postcode", "outcome", "minor"),
        [
            ("JP", "100", "refund", 1500),
            ("FR", "75001", "refund", 900),
            ("ES", "48001", "refund", 495),
            ("ES", "48001", "exchange", 0),
            ("ES", "48001", "store_credit", 295),
            ("ES", "07001", "exchange", 695),
        ],
    )
    def test_closest_region_then_the_named_outcome(
        self, country: str, postcode: str, outcome: str, minor: int
    ) -> None:
        order = order_in(country, postcode)
        method = ReturnMethodFactory.create(store=order.store, price=None)
        price(method, ["*"], 1500)
        price(method, ["EU"], 900)
        price(method, ["ES", "PT"], 495)
        price(method, ["ES"], 0, "exchange")
        price(method, ["ES"], 295, "store_credit")
        price(method, ["ES-07"], 695)
        [offer] = ReturnMethod.objects.for_order(order, outcome)
        assert offer.is_offered
        assert offer.choice.price == Money(minor, "EUR")

    def test_equal_rows_give_the_cheaper(self) -> None:
        order = order_in()
        method = ReturnMethodFactory.create(store=order.store, price__price_minor=500)
        price(method, ["*"], 300)
        [offer] = ReturnMethod.objects.for_order(order, "refund")
        assert offer.choice.price == Money(300, "EUR")

    def test_price_is_never_negative(self) -> None:
        with pytest.raises(IntegrityError, match="deliveries_methodprice_positive"):
            ReturnMethodPriceFactory.create(price_minor=-1)

    def test_says_itself_in_words(self) -> None:
        row = ReturnMethodPriceFactory.create(price_minor=295)
        assert str(row) == "* any: 2.95 EUR"


class OffersTest:
    def test_choice_is_what_orders_takes(self) -> None:
        order = order_in()
        method = ReturnMethodFactory.create(
            store=order.store, code="post", is_per_parcel=True, price__price_minor=295
        )
        [offer] = ReturnMethod.objects.for_order(order, "refund", "es")
        choice = offer.choice
        assert (choice.id, choice.code, choice.name) == (method.pk, "post", "Envíalo tú")
        assert (choice.kind, choice.per_parcel, choice.keeps_goods) == ("own_label", True, False)

    @pytest.mark.parametrize(
        ("names", "name"), [({"en": "Post"}, "Post"), ({"de": "Post"}, "post"), ({}, "post")]
    )
    def test_name_falls_back_to_english_then_code(self, names: dict[str, str], name: str) -> None:
        assert ReturnMethodFactory.build(code="post", names=names).name("es") == name

    def test_only_active_methods_of_the_store_in_their_order(self) -> None:
        order = order_in()
        ReturnMethodFactory.create(store=order.store, code="b", position=2)
        ReturnMethodFactory.create(store=order.store, code="a", position=2)
        ReturnMethodFactory.create(store=order.store, code="c", position=1)
        ReturnMethodFactory.create(store=order.store, is_active=False)
        ReturnMethodFactory.create(store=StoreFactory.create(merchant=order.merchant))
        ReturnMethodFactory.create(store=order.store).delete()
        offers = ReturnMethod.objects.for_order(order, "refund")
        assert [offer.choice.code for offer in offers] == ["c", "a", "b"]

    def test_two_queries_whatever_the_number_of_methods(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        order = order_in()
        ReturnMethodFactory.create_batch(5, store=order.store)
        with django_assert_num_queries(2):
            assert len(ReturnMethod.objects.for_order(order, "refund")) == 5


def refusal(order: Order) -> str:
    [offer] = ReturnMethod.objects.for_order(order, "refund")
    assert offer.is_offered == (not offer.refusal)
    return str(offer.refusal)


class RefusalsTest:
    def test_no_price_for_the_region(self) -> None:
        order = order_in("JP")
        ReturnMethodFactory.create(store=order.store, price__regions=["EU"])
        assert refusal(order) == "not_priced"

    def test_priced_in_another_currency(self) -> None:
        order = order_in()
        ReturnMethodFactory.create(store=order.store, price__currency="USD")
        assert refusal(order) == "other_currency"

    def test_no_location_takes_returns(self) -> None:
        order = order_in()
        LocationFactory.create(merchant=order.merchant, accepts_returns=False)
        LocationFactory.create()
        LocationFactory.create(merchant=order.merchant).delete()
        ReturnMethodFactory.create(store=order.store, location=None)
        assert refusal(order) == "no_address"
        LocationFactory.create(merchant=order.merchant)
        assert refusal(order) == ""
        assert Location.objects.for_merchant(order.merchant).count() == 2

    def test_kept_goods_need_no_location(self) -> None:
        order = order_in()
        ReturnMethodFactory.create(store=order.store, keep=True)
        assert refusal(order) == ""

    def test_no_shop_in_the_country(self) -> None:
        order = order_in("FR", "75001")
        ReturnMethodFactory.create(store=order.store, drop_off=True)
        DropOffPointFactory.create(store=order.store)
        french = {"country": "FR", "postcode": "75002"}
        DropOffPointFactory.create(store=order.store, address=french, is_active=False)
        assert refusal(order) == "no_drop_off_point"
        DropOffPointFactory.create(store=order.store, address=french)
        assert refusal(order) == ""

    def test_carrier_needs_an_account_at_work(self) -> None:
        order = order_in()
        method = ReturnMethodFactory.create(store=order.store, carrier=True)
        assert refusal(order) == ""
        CarrierAccount.objects.update(is_active=False)
        assert refusal(order) == "no_account"
        ReturnMethod.objects.filter(pk=method.pk).update(account=None)
        assert refusal(order) == "no_account"

    def test_carrier_does_not_serve_the_country(self, monkeypatch: pytest.MonkeyPatch) -> None:
        order = order_in()
        ReturnMethodFactory.create(store=order.store, carrier=True)
        french = Capabilities(countries=frozenset({"FR"}))
        monkeypatch.setattr(Provider, "capabilities", french)
        assert refusal(order) == "country_not_served"


class ChosenMethodTest:
    def test_stays_the_shoppers_after_deletion(self) -> None:
        ret = ReturnFactory.create()
        method = ReturnMethodFactory.create(store=ret.store)
        ret.return_method_id = method.pk
        method.delete()
        assert ReturnMethod.objects.chosen_for(ret) == method

    def test_never_another_merchants(self) -> None:
        ret = ReturnFactory.create(return_method_id=ReturnMethodFactory.create().pk)
        assert ReturnMethod.objects.chosen_for(ret) is None

    def test_code_is_free_again_after_deletion(self) -> None:
        method = ReturnMethodFactory.create(code="post")
        method.delete()
        again = ReturnMethodFactory.create(code="post", store=method.store)
        assert str(again) == "post"
        with pytest.raises(IntegrityError, match="deliveries_returnmethod_code"):
            ReturnMethodFactory.create(code="post", store=method.store)


class CarrierAccountTest:
    def test_credentials_open_for_their_own_row_only(self) -> None:
        account = CarrierAccountFactory.create(name="Post")
        assert account.unseal() == {}
        account.seal({"key": "s3cret"})
        account.save()
        account.refresh_from_db()
        assert account.unseal() == {"key": "s3cret"}
        assert "s3cret" not in f"{account.credentials!r}{account}"

    def test_usable_while_active_and_there(self) -> None:
        account = CarrierAccountFactory.create()
        assert account.is_usable
        account.delete()
        assert not account.is_usable

    def test_method_takes_its_provider(self) -> None:
        assert ReturnMethodFactory.create(carrier=True).provider == choices.Provider.OWN
        assert ReturnMethodFactory.create().provider == choices.Provider.OWN


class DropOffPointTest:
    def test_nearest_first_by_postcode(self) -> None:
        store = StoreFactory.create()
        for name, postcode in (("far", "28001"), ("near", "48009"), ("next", "48 001")):
            address = {"country": "ES", "postcode": postcode}
            DropOffPointFactory.create(store=store, name=name, address=address)
        DropOffPointFactory.create(store=store, address={"country": "FR", "postcode": "48001"})
        points = DropOffPoint.objects.for_store(store).nearest("ES", "48001")
        assert [str(point) for point in points] == ["next", "near", "far"]
