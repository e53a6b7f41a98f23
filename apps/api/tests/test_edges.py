"""Client address, limits in answers, JSON out, parser alone."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import RequestFactory
from django.utils.translation import gettext_lazy
from pytest_django import Settings
from rest_framework.exceptions import ParseError
from rest_framework.test import APIClient

from apps.api.common import limiter
from apps.api.common.client_ip import client_ip, network_of
from apps.api.common.parsers import StrictJSONParser
from apps.api.common.permissions import DenyAll
from apps.api.common.renderers import OrjsonRenderer, as_json
from apps.api.common.throttles import CredentialThrottle
from apps.api.common.views import ApiView
from apps.api.conftest import ClientOf
from apps.core.money import Money
from apps.events import actors
from apps.users.choices import ApiKey as KeyChoices
from apps.users.tests.factories import ApiKeyFactory


class ClientAddressTest:
    @pytest.mark.parametrize(
        ("proxies", "forwarded", "expected"),
        [
            (0, "", "192.0.2.9"),
            (0, "6.6.6.6", "192.0.2.9"),
            (1, "", "192.0.2.9"),
            (1, "6.6.6.6, 203.0.113.5", "203.0.113.5"),
            (2, "6.6.6.6, 203.0.113.5, 10.0.0.1", "203.0.113.5"),
            (2, "203.0.113.5", "192.0.2.9"),
            (1, "nonsense", "192.0.2.9"),
            (1, "::ffff:203.0.113.5", "203.0.113.5"),
            (1, " 2001:DB8::1 ", "2001:db8::1"),
        ],
    )
    def test_counts_hops_from_the_right(
        self, proxies: int, forwarded: str, expected: str, settings: Settings
    ) -> None:
        settings.NUM_PROXIES = proxies
        request = RequestFactory().get(
            "/", REMOTE_ADDR="192.0.2.9", headers={"x-forwarded-for": forwarded}
        )

        assert client_ip(request) == expected

    @pytest.mark.parametrize(
        ("ip", "network"),
        [
            ("203.0.113.5", "203.0.113.0/24"),
            ("2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
            ("", "unknown"),
        ],
    )
    def test_limits_count_networks(self, ip: str, network: str) -> None:
        assert network_of(ip) == network


@pytest.mark.django_db
@pytest.mark.usefixtures("test_routes")
class LimitsInAnswersTest:
    def test_every_answer_tells_the_nearest_limit(self, client_of: ClientOf) -> None:
        client = client_of(ApiKeyFactory.create())
        first = client.get("/v1/customers")
        money = client.post("/v1/local", {}, headers={"idempotency-key": "a"})

        assert first["RateLimit-Limit"] == "100"
        assert first["RateLimit-Remaining"] == "99"
        assert first["RateLimit-Reset"] == "60"
        assert (money["RateLimit-Limit"], money["RateLimit-Remaining"]) == ("30", "29")

    def test_one_too_many_is_a_429(
        self, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(CredentialThrottle, "MINUTELY", 1)
        client = client_of(ApiKeyFactory.create())
        client.get("/v1/customers")
        response = client.get("/v1/customers")

        assert response.status_code == 429
        assert response.json()["code"] == "throttled"
        assert 1 <= int(response["Retry-After"]) <= 60
        assert response["RateLimit-Remaining"] == "0"

    def test_without_valkey_reading_passes_and_money_is_held(
        self, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, settings: Settings
    ) -> None:
        settings.LIMITER_URL = "redis://127.0.0.1:1/0"
        monkeypatch.setattr(limiter, "_shared", limiter._Shared())
        monkeypatch.setattr(limiter, "_local", limiter._Local())
        client = client_of(ApiKeyFactory.create())
        reads = client.get("/v1/customers")
        pays = [
            client.post("/v1/local", {}, headers={"idempotency-key": f"k{n}"}).status_code
            for n in range(9)
        ]

        assert reads.status_code == 200
        assert "RateLimit-Limit" not in reads
        assert pays == [201] * 7 + [429] * 2

    def test_a_throttle_that_never_asked_has_nothing_to_wait_for(self) -> None:
        assert CredentialThrottle().wait() is None


class RendererTest:
    def test_exact_forms(self) -> None:
        shown = {
            "at": datetime(2026, 11, 25, 10, 30, tzinfo=UTC),
            "at_micro": datetime(2026, 11, 25, 10, 30, 0, 5, tzinfo=UTC),
            "id": UUID("01a2144e-efb0-75ed-8f35-36db49f308df"),
            "price": Money(1295, "EUR"),
            "yen": Money(500, "JPY"),
            "text": gettext_lazy("plain"),
            "scope": KeyChoices.Scope.READ,
            "tuple": (1, None, True),
            "ñ": {1: "x"},
        }

        assert as_json(shown).decode() == (
            '{"at":"2026-11-25T10:30:00Z","at_micro":"2026-11-25T10:30:00.000005Z",'
            '"id":"01a2144e-efb0-75ed-8f35-36db49f308df",'
            '"price":{"amount":"12.95","currency":"EUR"},'
            '"yen":{"amount":"500","currency":"JPY"},'
            '"text":"plain","scope":"read","tuple":[1,null,true],"ñ":{"1":"x"}}'
        )

    @pytest.mark.parametrize("value", [Decimal("1.10"), object(), b"x"])
    def test_what_has_no_exact_form_is_our_fault(self, value: Any) -> None:
        with pytest.raises(TypeError):
            as_json({"value": value})

    def test_nothing_is_no_bytes(self) -> None:
        assert OrjsonRenderer().render(None) == b""


class ParserTest:
    def test_reads_a_plain_stream(self) -> None:
        assert StrictJSONParser().parse(io.BytesIO(b'{"a": 1}')) == {"a": 1}

    def test_names_the_rule_broken(self) -> None:
        with pytest.raises(ParseError) as refused:
            StrictJSONParser().parse(io.BytesIO(b"[NaN]"), 'application/json; q=1; charset="UTF-8"')

        assert refused.value.get_codes() == "malformed_json"


class DefaultsTest:
    def test_a_view_that_says_nothing_is_closed(self) -> None:
        view = ApiView()

        assert view.permission_classes == [DenyAll]
        assert DenyAll().has_permission(None, view) is False  # type: ignore[arg-type]
        assert view.actor == actors.SYSTEM
        assert view.environment == "live"

    @pytest.mark.usefixtures("test_routes")
    def test_open_views_are_counted_by_network(self, anonymous: APIClient) -> None:
        response = anonymous.post("/v1/open-echo", {}, REMOTE_ADDR="203.0.113.77")

        assert response["RateLimit-Limit"] == "120"
