from dataclasses import replace

import pytest

from apps.core.ids import uuid7
from apps.core.money import Money
from apps.deliveries.dtos import LabelRequest, PriceRequest
from apps.deliveries.providers.base import ProviderRefused, ProviderUnavailable
from apps.deliveries.providers.easypost.provider import Provider
from apps.deliveries.providers.easypost.tests.samples import KEY, REQUEST
from apps.deliveries.providers.tests.contract import ProviderContractTest
from fakes.carrier.control import Carrier


@pytest.fixture
def provider(carrier: Carrier) -> Provider:
    return Provider({"api_key": KEY})


@pytest.fixture
def label_request() -> LabelRequest:
    return replace(REQUEST, reference=f"R-1-{uuid7().hex}")


class EasyPostContractTest(ProviderContractTest):
    __test__ = True

    @pytest.fixture
    def provider(self, carrier: Carrier) -> Provider:
        return Provider({"api_key": KEY})

    @pytest.fixture
    def label_request(self) -> LabelRequest:
        return replace(REQUEST, reference=f"R-1-{uuid7().hex}")

    @pytest.fixture
    def refused_request(self) -> LabelRequest:
        nowhere = replace(REQUEST.sender, country="AQ")
        return replace(REQUEST, reference=f"R-1-{uuid7().hex}", sender=nowhere)


class EasyPostLabelTest:
    def test_takes_the_cheapest_rate(
        self, provider: Provider, label_request: LabelRequest, carrier: Carrier
    ) -> None:
        made = provider.make_label(label_request)

        (bought,) = carrier.labels(label_request.reference)
        assert bought["body"]["selected_rate"]["rate"] == "4.95"
        assert bought["body"]["is_return"] is True
        assert made.tracking_number == bought["body"]["tracking_code"]
        assert made.external_id == bought["body"]["id"]
        assert made.tracking_url == f"https://track.easypost.com/{made.tracking_number}"

    def test_takes_the_service_of_the_account(
        self, label_request: LabelRequest, carrier: Carrier
    ) -> None:
        settled = {"api_key": KEY, "service": "Standard", "carrier_account": "ca_1"}
        Provider(settled).make_label(label_request)

        (bought,) = carrier.labels(label_request.reference)
        assert bought["body"]["selected_rate"]["service"] == "Standard"

    @pytest.mark.parametrize("step", ["/v2/shipments", "/v2/shipments/shp"])
    @pytest.mark.parametrize(
        "mode",
        ["rate_limit", "error_before", "error_after", "reset_before", "reset_after", "other_shape"],
    )
    def test_is_bought_once_whatever_is_heard_of_it(
        self,
        mode: str,
        step: str,
        provider: Provider,
        label_request: LabelRequest,
        carrier: Carrier,
    ) -> None:
        carrier.mode(mode, match={"path": step})
        with pytest.raises(ProviderUnavailable):
            provider.make_label(label_request)
        made = provider.make_label(label_request)

        (bought,) = carrier.labels(label_request.reference)
        assert made.external_id == bought["body"]["id"]

    def test_a_time_out_after_the_effect_buys_no_second(
        self, provider: Provider, label_request: LabelRequest, carrier: Carrier
    ) -> None:
        carrier.mode("hang_after", seconds=1.2, match={"path": "/v2/shipments/shp"})
        with pytest.raises(ProviderUnavailable):
            provider.make_label(label_request)
        made = provider.make_label(label_request)

        (bought,) = carrier.labels(label_request.reference)
        assert made.tracking_number == bought["body"]["tracking_code"]

    def test_what_another_worker_bought_is_taken(
        self, provider: Provider, label_request: LabelRequest, carrier: Carrier
    ) -> None:
        first = provider.make_label(label_request)
        stale = {"id": first.external_id, "rates": [{"id": "r", "rate": "1", "service": "x"}]}

        assert provider._bought(stale)["tracking_code"] == first.tracking_number
        assert len(carrier.labels(label_request.reference)) == 1

    def test_a_refused_purchase_says_why(
        self, provider: Provider, label_request: LabelRequest, carrier: Carrier
    ) -> None:
        carrier.mode(
            "refuse", status=402, code="PAYMENT.REQUIRED", match={"path": "/v2/shipments/"}
        )
        with pytest.raises(ProviderRefused) as refusal:
            provider.make_label(label_request)

        assert refusal.value.code == "PAYMENT.REQUIRED"
        assert not carrier.labels(label_request.reference)

    def test_unknown_key_is_refused(self, label_request: LabelRequest, carrier: Carrier) -> None:
        with pytest.raises(ProviderRefused) as refusal:
            Provider({"api_key": "sk_test_1"}).make_label(label_request)

        assert refusal.value.code == "APIKEY.INACTIVE"

    def test_an_address_elsewhere_is_never_fetched(self, provider: Provider) -> None:
        for url in ("http://169.254.169.254/x", "https://evil.test/easypost.com", ""):
            with pytest.raises(ProviderRefused) as refusal:
                provider.client.label(url)
            assert refusal.value.code == "label_elsewhere"

    def test_a_file_that_does_not_come_is_asked_for_again(
        self, provider: Provider, carrier: Carrier
    ) -> None:
        with pytest.raises(ProviderUnavailable):
            provider.client.label(f"{carrier.address}/elsewhere.pdf")
        with pytest.raises(ProviderUnavailable):
            provider.client.label("http://easypost.com/labels/1.pdf")


class EasyPostVoidTest:
    def test_gives_the_price_back_once(
        self, provider: Provider, label_request: LabelRequest, carrier: Carrier
    ) -> None:
        made = provider.make_label(label_request)
        for _ in range(2):
            provider.void_label(label_request.reference, made.tracking_number)

        assert len(carrier.labels(label_request.reference, "label.submitted")) == 1

    def test_nothing_to_void_is_no_error(
        self, provider: Provider, label_request: LabelRequest, carrier: Carrier
    ) -> None:
        provider.void_label(label_request.reference, "")

        assert not carrier.labels(label_request.reference, "label.submitted")

    def test_a_scanned_label_is_not_given_back(
        self, provider: Provider, label_request: LabelRequest, carrier: Carrier
    ) -> None:
        made = provider.make_label(label_request)
        carrier.scan(made.tracking_number)
        with pytest.raises(ProviderRefused) as refusal:
            provider.void_label(label_request.reference, made.tracking_number)

        assert refusal.value.code == "label_not_refunded"


class EasyPostPriceTest:
    def test_sums_the_parcels_by_service(self, provider: Provider) -> None:
        asked = PriceRequest(REQUEST.sender, REQUEST.recipient, (500, 1_200))

        # 2 x 4.95 and 2 x 6.20.
        assert provider.prices(asked) == (Money.of("9.90", "EUR"), Money.of("12.40", "EUR"))


class EasyPostTrackTest:
    def test_tells_scans_oldest_first(
        self, provider: Provider, label_request: LabelRequest, carrier: Carrier
    ) -> None:
        made = provider.make_label(label_request)
        carrier.scan(made.tracking_number, "delivered", "Madrid", at=1_800_000_600)
        carrier.scan(made.tracking_number, "in_transit", at=1_800_000_000)

        seen = provider.track(made.tracking_number)
        assert [(each.kind, each.place) for each in seen] == [
            ("in_transit", "Bilbao, ES"),
            ("delivered", "Madrid, ES"),
        ]
        assert seen == provider.track(made.tracking_number)
