import json
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.core.money import Money
from apps.deliveries import choices
from apps.deliveries.providers.base import ProviderRefused, ProviderUnavailable
from apps.deliveries.providers.easypost import mappers
from apps.deliveries.providers.easypost.choices import KINDS
from apps.deliveries.providers.easypost.provider import Provider
from apps.deliveries.providers.easypost.tests.samples import REQUEST, SHOPPER, WAREHOUSE

RATES = [
    {"id": "r1", "carrier": "UPS", "service": "Standard", "rate": "10.00", "currency": "EUR"},
    {"id": "r2", "carrier": "Correos", "service": "Paq", "rate": "9.5", "currency": "EUR"},
]


class AskedTest:
    def test_addresses_are_those_of_the_way_out(self) -> None:
        asked = mappers.shipment(REQUEST, "")["shipment"]

        assert (asked["to_address"]["name"], asked["to_address"]["zip"]) == ("Ana López", "48001")
        assert asked["to_address"]["phone"] == "+34600100200"
        assert asked["from_address"]["company"] == "Tienda Año Nuevo S.L."
        assert (asked["is_return"], asked["reference"]) == (True, REQUEST.reference)
        assert "carrier_accounts" not in asked

    def test_names_the_carrier_account(self) -> None:
        asked = mappers.question(SHOPPER, WAREHOUSE, 500, "ca_1")["shipment"]

        assert asked["carrier_accounts"] == ["ca_1"]

    @pytest.mark.parametrize(
        # 28.349523125 g are an ounce: 850 / 28.35 = 29.98, 851 / 28.35 = 30.02.
        ("grams", "ounces"),
        [(0, 1), (1, 1), (100, 4), (850, 30), (851, 31)],
    )
    def test_weighs_in_ounces(self, grams: int, ounces: int) -> None:
        assert mappers.ounces(grams) == ounces


class RateTest:
    @pytest.mark.parametrize(("service", "rate"), [("", "r2"), ("Standard", "r1")])
    def test_cheapest_or_wanted(self, service: str, rate: str) -> None:
        assert mappers.rate_of({"rates": RATES}, service) == rate

    def test_none_says_what_the_carrier_said(self) -> None:
        told = {"rates": RATES, "messages": [{"message": "too heavy"}, {"message": "closed"}]}
        with pytest.raises(ProviderRefused, match="no_rate: too heavy; closed"):
            mappers.rate_of(told, "Express")

    @pytest.mark.parametrize("rates", [None, [{}], [{"id": "r", "rate": "much"}], 7])
    def test_another_shape_is_no_answer(self, rates: Any) -> None:
        with pytest.raises(ProviderUnavailable):
            mappers.rate_of({"rates": rates}, "")

    def test_prices_are_money(self) -> None:
        assert mappers.prices({"rates": RATES}) == {
            "UPS Standard": Money.of("10", "EUR"),
            "Correos Paq": Money.of("9.50", "EUR"),
        }


class LabelTest:
    def test_the_pdf_comes_before_another_file(self) -> None:
        label = {"label_url": "https://a/1.png", "label_pdf_url": "https://a/1.pdf"}

        assert mappers.label_url({"postage_label": label}) == "https://a/1.pdf"
        assert mappers.label_url({"postage_label": {"label_url": "x"}}) == "x"

    @pytest.mark.parametrize("shipment", [None, [], {}, {"postage_label": {"label_url": 7}}])
    def test_another_shape_is_no_answer(self, shipment: Any) -> None:
        with pytest.raises(ProviderUnavailable):
            mappers.label_url(shipment)

    def test_only_https_is_shown(self) -> None:
        tracker = {"public_url": "javascript:alert(1)"}

        assert mappers.tracking_of({"tracking_code": "EZ1", "tracker": tracker}) == ("EZ1", "")
        assert mappers.tracking_of({"tracking_code": "EZ1"}) == ("EZ1", "")


class TrackingTest:
    def test_every_status_has_a_meaning(self) -> None:
        assert set(KINDS.values()) <= set(choices.Tracking.Kind)
        physical = {name for name, kind in KINDS.items() if kind in choices.Tracking.PHYSICAL}
        assert physical == {
            "in_transit",
            "out_for_delivery",
            "available_for_pickup",
            "delivered",
            "return_to_sender",
        }

    def test_reads_scans(self) -> None:
        scan = {
            "status": "in_transit",
            "message": "Arrived",
            "datetime": "2026-11-20T10:00:00Z",
            "carrier_code": "IT1",
            "tracking_location": {"city": "Bilbao", "country": "ES"},
        }
        (update,) = mappers.updates({"tracking_code": "EZ1", "tracking_details": [scan]})

        assert update.at == datetime(2026, 11, 20, 10, tzinfo=UTC)
        assert (update.kind, update.raw_code) == ("in_transit", "IT1")
        assert (update.description, update.place) == ("Arrived", "Bilbao, ES")

    def test_a_scan_without_time_is_none_and_an_unknown_one_moves_nothing(self) -> None:
        details = [
            {"status": "in_transit"},
            {"status": "in_transit", "datetime": "soon"},
            {"status": "beamed", "datetime": "2026-11-20T10:00:00", "tracking_location": None},
            "scan",
        ]
        (update,) = mappers.updates({"tracking_code": "EZ1", "tracking_details": details})

        assert (update.kind, update.at.tzinfo) == ("unknown", UTC)

    def test_nothing_known_is_nothing(self) -> None:
        assert mappers.updates({"tracking_code": "EZ1"}) == mappers.updates(None) == ()


class EventTest:
    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000])
    def test_no_event(self, body: bytes) -> None:
        assert mappers.event_of(body) is None
        assert Provider.heard(body) is None

    def test_of_something_else(self) -> None:
        body = json.dumps({"id": "evt_1", "description": "refund.successful", "result": {}})

        assert Provider.heard(body.encode()) is None

    def test_of_a_parcel(self) -> None:
        result = {"shipment_id": "shp_1", "tracking_code": "EZ1"}
        event = {"id": "evt_1", "description": "tracker.updated", "result": result}
        news = Provider.heard(json.dumps(event).encode())

        assert news is not None
        assert (news.external_id, news.tracking_number, news.updates) == ("shp_1", "EZ1", ())
