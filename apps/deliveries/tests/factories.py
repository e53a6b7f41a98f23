"""Methods priced everywhere in EUR, and shipments with one parcel and no label yet."""

import factory
from factory.django import DjangoModelFactory

from apps.accounts.tests.factories import ADDRESS, LocationFactory, StoreFactory
from apps.core import clock
from apps.core.ids import uuid7
from apps.deliveries import choices
from apps.deliveries.models import (
    CarrierAccount,
    DropOffPoint,
    Label,
    Parcel,
    ReturnMethod,
    ReturnMethodPrice,
    Shipment,
    TrackingEvent,
)
from apps.orders.tests.factories import ReturnFactory


class CarrierAccountFactory(DjangoModelFactory[CarrierAccount]):
    class Meta:
        model = CarrierAccount

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    provider = choices.Provider.OWN
    name = factory.Sequence(lambda n: f"Account {n}")


class ReturnMethodPriceFactory(DjangoModelFactory[ReturnMethodPrice]):
    class Meta:
        model = ReturnMethodPrice

    method = factory.SubFactory("apps.deliveries.tests.factories.ReturnMethodFactory", price=None)
    merchant = factory.SelfAttribute("method.merchant")
    regions = factory.LazyFunction(lambda: ["*"])
    currency = factory.SelfAttribute("method.store.currency")
    price_minor = 0


class ReturnMethodFactory(DjangoModelFactory[ReturnMethod]):
    """`ReturnMethodFactory.create(price__price_minor=295)`; goods go to its own location."""

    class Meta:
        model = ReturnMethod
        skip_postgeneration_save = True

    class Params:
        drop_off = factory.Trait(type=choices.ReturnMethod.Type.DROP_OFF)
        merchant_label = factory.Trait(type=choices.ReturnMethod.Type.MERCHANT_LABEL)
        carrier = factory.Trait(
            type=choices.ReturnMethod.Type.CARRIER,
            account=factory.SubFactory(
                CarrierAccountFactory, store=factory.SelfAttribute("..store")
            ),
        )
        keep = factory.Trait(keeps_goods=True, location=None)

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    location = factory.SubFactory(LocationFactory, merchant=factory.SelfAttribute("..merchant"))
    code = factory.Sequence(lambda n: f"method_{n}")
    type = choices.ReturnMethod.Type.OWN_LABEL
    names = factory.LazyFunction(lambda: {"en": "Ship it yourself", "es": "Envíalo tú"})
    price = factory.RelatedFactory(ReturnMethodPriceFactory, "method")


class DropOffPointFactory(DjangoModelFactory[DropOffPoint]):
    class Meta:
        model = DropOffPoint

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    name = factory.Sequence(lambda n: f"Shop {n}")
    address = factory.LazyFunction(lambda: dict(ADDRESS))
    opening_hours = factory.LazyFunction(lambda: ["Mon-Sat 10:00-20:00"])


class ParcelFactory(DjangoModelFactory[Parcel]):
    class Meta:
        model = Parcel

    shipment = factory.SubFactory("apps.deliveries.tests.factories.ShipmentFactory", parcel=None)
    merchant = factory.SelfAttribute("shipment.merchant")
    number = 1


class ShipmentFactory(DjangoModelFactory[Shipment]):
    class Meta:
        model = Shipment
        skip_postgeneration_save = True

    ret = factory.SubFactory(ReturnFactory)
    merchant = factory.SelfAttribute("ret.merchant")
    store = factory.SelfAttribute("ret.store")
    method = factory.SubFactory(ReturnMethodFactory, store=factory.SelfAttribute("..store"))
    provider = choices.Provider.OWN
    sender = factory.LazyFunction(lambda: {**ADDRESS, "name": "Ana López"})
    recipient = factory.LazyFunction(lambda: dict(ADDRESS))
    parcel = factory.RelatedFactory(ParcelFactory, "shipment")


class LabelFactory(DjangoModelFactory[Label]):
    """Ready, with no file."""

    class Meta:
        model = Label

    parcel = factory.SubFactory(ParcelFactory)
    shipment = factory.SelfAttribute("parcel.shipment")
    merchant = factory.SelfAttribute("shipment.merchant")
    number = factory.LazyAttribute(lambda label: label.shipment.labels.count() + 1)
    reference = factory.Sequence(lambda n: f"R1001-AAAAAA-{n}")
    status = choices.Label.Status.READY


class TrackingEventFactory(DjangoModelFactory[TrackingEvent]):
    class Meta:
        model = TrackingEvent

    shipment = factory.SubFactory(ShipmentFactory)
    merchant = factory.SelfAttribute("shipment.merchant")
    external_id = factory.LazyFunction(lambda: str(uuid7()))
    kind = choices.Tracking.Kind.IN_TRANSIT
    at = factory.LazyFunction(clock.now)
