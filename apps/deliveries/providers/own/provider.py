"""The product as its own carrier: it prints the sheet; the shopper or a shop does the carrying."""

from typing import ClassVar

from apps.core.money import Money
from apps.deliveries import choices
from apps.deliveries.dtos import (
    Capabilities,
    LabelRequest,
    MadeLabel,
    Point,
    PriceRequest,
    TrackingUpdate,
)
from apps.deliveries.providers.base import AbstractProvider, NotSupported, ProviderRefused
from apps.deliveries.providers.own.label_pdf import render
from apps.deliveries.providers.own.mappers import sheet


class Provider(AbstractProvider):
    name: ClassVar = choices.Provider.OWN
    capabilities: ClassVar = Capabilities(
        makes_labels=True, voids_labels=True, is_local=True, formats=(choices.Label.Format.PDF,)
    )

    def make_label(self, request: LabelRequest) -> MadeLabel:
        if not request.return_number.isascii() or not request.return_number:
            raise ProviderRefused("number_not_printable", request.return_number)
        return MadeLabel(content=render(sheet(request)), format=choices.Label.Format.PDF)

    def void_label(self, reference: str, tracking_number: str) -> None:
        """Nobody else knows of the label: there is nothing to call back."""

    def prices(self, request: PriceRequest) -> tuple[Money, ...]:
        raise NotSupported("prices")

    def track(self, tracking_number: str) -> tuple[TrackingUpdate, ...]:
        raise NotSupported("track")

    def drop_off_points(self, country: str, postcode: str) -> tuple[Point, ...]:
        """The store's own shops are rows of DropOffPoint."""
        raise NotSupported("drop_off_points")
