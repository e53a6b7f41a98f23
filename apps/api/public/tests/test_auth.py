from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.api.conftest import DOMAIN, ClientOf
from apps.api.public.auth import is_allowed_from
from apps.core import clock
from apps.users.models import ApiKey
from apps.users.tests.factories import SECRET, ApiKeyFactory


@pytest.mark.django_db
@pytest.mark.usefixtures("test_routes")
class ApiKeyTest:
    def status(self, client_of: ClientOf, **named: Any) -> int:
        return client_of(ApiKeyFactory.create(**named)).post("/v1/echo", {}).status_code

    def test_a_live_key_opens(self, client_of: ClientOf) -> None:
        response = client_of(ApiKeyFactory.create()).post("/v1/echo", {"do": "sing"})

        assert response.json() == {"do": "sing", "notes": [], "actor": "api"}

    def test_an_issued_key_opens(self) -> None:
        key = ApiKeyFactory.create()
        _, text = ApiKey.issue(key.merchant, "till", "test", ["returns:write"])
        client = APIClient(headers={"host": f"api.{DOMAIN}", "authorization": f"Bearer {text}"})

        assert client.post("/v1/echo", {}).status_code == 200

    @pytest.mark.parametrize(
        "named",
        [
            {"revoked_at": clock.now()},
            {"expires_at": clock.now() - timedelta(seconds=1)},
            {"merchant__status": "closed"},
            {"allowed_ips": ["10.0.0.0/8"]},
        ],
    )
    def test_a_key_that_is_over_or_not_from_here_is_refused(
        self, named: dict[str, Any], client_of: ClientOf
    ) -> None:
        assert self.status(client_of, **named) == 401

    @pytest.mark.parametrize(
        "named",
        [
            {"expires_at": clock.now() + timedelta(days=1)},
            {"allowed_ips": ["10.0.0.0/8", "127.0.0.1"]},
            {"merchant__status": "paused"},
        ],
    )
    def test_a_key_in_its_life_and_place_opens(
        self, named: dict[str, Any], client_of: ClientOf
    ) -> None:
        assert self.status(client_of, **named) == 200

    @pytest.mark.parametrize(
        "header",
        [
            "Bearer",
            "Basic x",
            "Bearer rv_live_00000000",
            "Bearer rv_live_99999999_" + SECRET,
            "Bearer rv_live_99999999_" + "s" * 500,
            "Bearer rv_live_\x00_x",
            "Bearer rv_live_ñ_x",
        ],
    )
    def test_nonsense_is_one_401(self, header: str, anonymous: APIClient) -> None:
        response = anonymous.post("/v1/echo", {}, headers={"authorization": header})

        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="api"'
        assert response.json()["code"] == "authentication_failed"

    def test_a_wrong_secret_is_refused(self, anonymous: APIClient) -> None:
        key = ApiKeyFactory.create()
        header = {"authorization": f"Bearer {key.prefix}_{'x' * 43}"}

        assert anonymous.post("/v1/echo", {}, headers=header).status_code == 401

    def test_without_a_key_is_not_authenticated(self, anonymous: APIClient) -> None:
        response = anonymous.post("/v1/echo", {})

        assert response.status_code == 401
        assert response.json()["code"] == "not_authenticated"

    def test_the_scope_decides(self, client_of: ClientOf) -> None:
        reader = ApiKeyFactory.create(scopes=["read"])
        writer = ApiKeyFactory.create(scopes=["returns:write"])

        assert client_of(reader).post("/v1/echo", {}).status_code == 403
        assert client_of(reader).get("/v1/customers").status_code == 200
        assert client_of(writer).get("/v1/customers").status_code == 403

    def test_use_is_noted_once_a_minute(
        self, client_of: ClientOf, django_assert_num_queries: Any
    ) -> None:
        key = ApiKeyFactory.create()
        client = client_of(key)
        with django_assert_num_queries(2):
            client.post("/v1/echo", {})
        key.refresh_from_db()
        first = key.last_used_at
        with django_assert_num_queries(1):
            client.post("/v1/echo", {})
        key.refresh_from_db()

        assert first is not None
        assert key.last_used_at == first


class AllowedAddressTest:
    @pytest.mark.parametrize(
        ("allowed", "ip", "welcome"),
        [
            ([], "", True),
            (["10.0.0.1"], "10.0.0.1", True),
            (["10.0.0.0/8"], "10.255.0.1", True),
            (["10.0.0.0/8"], "11.0.0.1", False),
            (["2001:db8::/32"], "2001:db8::1", True),
            (["2001:db8::/32"], "10.0.0.1", False),
            (["10.0.0.1"], "nobody", False),
        ],
    )
    def test_addresses_and_networks(self, allowed: list[str], ip: str, welcome: bool) -> None:
        assert is_allowed_from(allowed, ip) is welcome
