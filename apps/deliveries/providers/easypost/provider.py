"""Labels of many carriers through EasyPost: looked up by our reference before any is bought."""

from collections import Counter
from functools import cached_property
from typing import Any, ClassVar, override

from apps.core.money import Money
from apps.deliveries import choices
from apps.deliveries.dtos import (
    Capabilities,
    LabelRequest,
    MadeLabel,
    ParcelNews,
    Point,
    PriceRequest,
    TrackingUpdate,
)
from apps.deliveries.providers.base import AbstractProvider, NotSupported, ProviderRefused
from apps.deliveries.providers.easypost import mappers
from apps.deliveries.providers.easypost.choices import BOUGHT_ALREADY
from apps.deliveries.providers.easypost.client import Client


class Provider(AbstractProvider):
    """Credentials: `api_key`, `webhook_secret`; and `carrier_account` and `service` to have no
    other carrier's rate than that one's, where the cheapest would be taken."""

    name: ClassVar = choices.Provider.EASYPOST
    capabilities: ClassVar = Capabilities(
        makes_labels=True,
        voids_labels=True,
        tracks=True,
        quotes_prices=True,
        hears_webhooks=True,
        formats=(choices.Label.Format.PDF,),
    )

    @cached_property
    def client(self) -> Client:
        return Client(self.credentials.get("api_key", ""), self.account)

    def make_label(self, request: LabelRequest) -> MadeLabel:
        shipment = self.client.find(request.reference)
        if shipment is None:
            shipment = self.client.create(mappers.shipment(request, self._carrier_account))
        if not mappers.is_bought(shipment):
            shipment = self._bought(shipment)
        number, url = mappers.tracking_of(shipment)
        return MadeLabel(
            content=self.client.label(mappers.label_url(shipment)),
            format=choices.Label.Format.PDF,
            tracking_number=number,
            tracking_url=url,
            external_id=mappers.id_of(shipment),
        )

    def _bought(self, shipment: Any) -> Any:
        """Another worker may have been faster: then theirs is ours."""
        id, rate = mappers.id_of(shipment), mappers.rate_of(shipment, self._service)  # noqa: A001
        try:
            return self.client.buy(id, rate)
        except ProviderRefused as refusal:
            if refusal.code != BOUGHT_ALREADY:
                raise
            return self.client.find(id)

    def void_label(self, reference: str, tracking_number: str) -> None:
        shipment = self.client.find(reference)
        if shipment is None or not mappers.is_bought(shipment) or mappers.is_void(shipment):
            return
        if not mappers.is_void(self.client.refund(mappers.id_of(shipment))):
            raise ProviderRefused("label_not_refunded", reference)

    def prices(self, request: PriceRequest) -> tuple[Money, ...]:
        """Of the services that take every parcel."""
        asked = [
            mappers.question(request.sender, request.recipient, grams, self._carrier_account)
            for grams in request.weights_grams
        ]
        rates = [mappers.prices(self.client.create(each)) for each in asked]
        offered = Counter(service for each in rates for service in each)
        able = [service for service, count in offered.items() if count == len(rates)]
        totals = [self._total([each[service] for each in rates]) for service in able]
        return tuple(sorted(totals, key=lambda total: total.amount))

    def track(self, tracking_number: str) -> tuple[TrackingUpdate, ...]:
        trackers = self.client.trackers(tracking_number).get("trackers") or []
        return mappers.updates(trackers[0]) if trackers else ()

    def drop_off_points(self, country: str, postcode: str) -> tuple[Point, ...]:
        raise NotSupported("drop_off_points")

    @classmethod
    @override
    def heard(cls, body: bytes) -> ParcelNews | None:
        return mappers.news(mappers.event_of(body))

    @property
    def _carrier_account(self) -> str:
        return self.credentials.get("carrier_account", "")

    @property
    def _service(self) -> str:
        return self.credentials.get("service", "")

    def _total(self, each: list[Money]) -> Money:
        return sum(each[1:], each[0])
