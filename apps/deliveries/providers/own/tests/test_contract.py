from dataclasses import replace

import pytest

from apps.deliveries.dtos import LabelRequest
from apps.deliveries.providers.own.provider import Provider
from apps.deliveries.providers.own.tests.samples import REQUEST
from apps.deliveries.providers.tests.contract import ProviderContractTest


class OwnContractTest(ProviderContractTest):
    __test__ = True

    @pytest.fixture
    def provider(self) -> Provider:
        return Provider()

    @pytest.fixture
    def label_request(self) -> LabelRequest:
        return REQUEST

    @pytest.fixture
    def refused_request(self) -> LabelRequest:
        return replace(REQUEST, return_number="Ñ-1")
