"""What every provider must hold to. Subclass it in the provider's tests as `<Name>ContractTest`
with `__test__ = True` and give the three fixtures; a carrier with a network is asked over real
HTTP, at its fake."""

import pytest

from apps.deliveries import choices
from apps.deliveries.dtos import LabelRequest, PriceRequest
from apps.deliveries.providers.base import AbstractProvider, NotSupported, ProviderRefused

STARTS = {choices.Label.Format.PDF: b"%PDF-", choices.Label.Format.PNG: b"\x89PNG"}


class ProviderContractTest:
    __test__ = False

    @pytest.fixture
    def provider(self) -> AbstractProvider:
        raise NotImplementedError

    @pytest.fixture
    def label_request(self) -> LabelRequest:
        raise NotImplementedError

    @pytest.fixture
    def refused_request(self) -> LabelRequest:
        """One that this carrier says no to."""
        raise NotImplementedError

    def test_promises_formats_exactly_when_it_makes_labels(
        self, provider: AbstractProvider
    ) -> None:
        formats = provider.capabilities.formats
        assert bool(formats) == provider.capabilities.makes_labels
        assert set(formats) <= set(choices.Label.Format.values)

    def test_makes_a_label_in_a_promised_format(
        self, provider: AbstractProvider, label_request: LabelRequest
    ) -> None:
        made = provider.make_label(label_request)
        assert made.format in provider.capabilities.formats
        assert made.content.startswith(STARTS.get(choices.Label.Format(made.format), b""))
        assert 0 < len(made.content) < 10 * 1024 * 1024

    def test_same_reference_gives_the_same_label(
        self, provider: AbstractProvider, label_request: LabelRequest
    ) -> None:
        assert provider.make_label(label_request) == provider.make_label(label_request)

    def test_says_no_with_a_code(
        self, provider: AbstractProvider, refused_request: LabelRequest
    ) -> None:
        with pytest.raises(ProviderRefused) as refusal:
            provider.make_label(refused_request)
        assert refusal.value.code

    def test_voids_twice_without_a_word(
        self, provider: AbstractProvider, label_request: LabelRequest
    ) -> None:
        made = provider.make_label(label_request)
        if not provider.capabilities.voids_labels:
            with pytest.raises(NotSupported):
                provider.void_label(label_request.reference, made.tracking_number)
            return
        provider.void_label(label_request.reference, made.tracking_number)
        provider.void_label(label_request.reference, made.tracking_number)
        assert provider.capabilities.voids_labels

    def test_refuses_what_it_does_not_promise(
        self, provider: AbstractProvider, label_request: LabelRequest
    ) -> None:
        asked = PriceRequest(label_request.sender, label_request.recipient, (500,))
        able = provider.capabilities
        calls = (
            (able.quotes_prices, lambda: provider.prices(asked)),
            (able.tracks, lambda: provider.track("UNKNOWN-1")),
            (able.lists_drop_off_points, lambda: provider.drop_off_points("ES", "48001")),
        )
        for promised, call in calls:
            if promised:
                assert isinstance(call(), tuple)
            else:
                with pytest.raises(NotSupported):
                    call()
