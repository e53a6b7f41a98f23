"""Every route on every other host, and under hosts that nobody knows (F-25), from the router."""

import re

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django_hosts.resolvers import get_host_patterns
from rest_framework.test import APIClient

from apps.api.common import route_checks
from apps.api.common.views import ApiView
from apps.api.conftest import DOMAIN, ClientOf
from apps.api.tests.test_every_route import EVERY, NAMES
from apps.api.tests.test_sweeps import call, own_path
from apps.api.tests.worlds import World
from apps.users.tests.factories import ApiKeyFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
# A value that fits each converter.
FITTING = {"uuid": "01a2144e-efb0-75ed-8f35-36db49f308df", "int": "1"}
API_HOSTS = tuple(NAMES)
# Each host has one of its own.
EVERYWHERE = ("v1/schema",)
LOGIN = ("/v1/auth/", "/v1/account/")


def name_of(host: str) -> str:
    return f"{NAMES[host]}.{DOMAIN}" if host in NAMES else "localhost"


def paths(host: str) -> list[str]:
    """Every address of the host that is its own, allauth's and the admin's among them."""
    shared = {route for route, _ in route_checks.routes("config.urls.health")}
    return [
        "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda match: FITTING.get(match[1], "x"), plain(route))
        for route, _ in route_checks.routes(f"config.urls.{host}")
        if route not in shared
    ]


def plain(route: str) -> str:
    """The admin's few regular expressions as the simplest path they match."""
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).strip("^$").removesuffix("\\Z")


def routed(host: str, path: str) -> bool:
    try:
        resolve(path, f"config.urls.{host}")
    except Resolver404:
        return False
    return True


def answers_at(other: str, path: str) -> tuple[int, ...]:
    """404; where the other host has the same address, 401 to this host's credential or 405.
    Of platforms every two words are an address, of a vendor that there is not."""
    if not routed(other, path):
        return (404,)
    return (401, 404, 405) if other == "platforms" else (401, 405)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(ApiView, "check_throttles", lambda view, request: None)
    return World.build("swept")


class HostSweepTest:
    @pytest.mark.parametrize("host", API_HOSTS)
    def test_a_route_answers_on_its_own_host_only(self, host: str, world: World) -> None:
        wrong = {}
        mine = [each for each in EVERY if each.host == host and each.route not in EVERYWHERE]
        for other in API_HOSTS:
            client = world.client(host, at=other)
            for each in mine if other != host else ():
                path = each.path if host == "platforms" else own_path(each, world)
                status = call(client, each, path)[0]
                if status not in answers_at(other, path):
                    wrong[f"{each.method} {other} {path}"] = status
        assert wrong == {}

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_the_login_of_merchants_is_nowhere_else(self, method: str) -> None:
        logins = [path for path in paths("merchants") if path.startswith(LOGIN)]
        assert len(logins) > 10
        for other in (*API_HOSTS[1:], "health"):
            client = APIClient(headers={"host": name_of(other)})
            for path in logins:
                status = getattr(client, method)(path, {}).status_code
                assert status in answers_at(other, path), (other, path)

    @pytest.mark.parametrize("host", [*API_HOSTS, "health"])
    def test_the_admin_is_nowhere_else(self, host: str) -> None:
        assert [path for path in paths("admin") if routed(host, path)] == []
        client = Client(headers={"host": name_of(host)})
        client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
        for path in ("/", "/login/", "/orders/order/", "/admin/", "/admin/login/"):
            assert client.get(path).status_code == 404, path

    def test_the_admin_serves_no_route_of_the_api(self) -> None:
        host = f"admin.{DOMAIN}"
        staff, nobody = Client(headers={"host": host}), Client(headers={"host": host})
        staff.force_login(UserFactory.create(is_staff=True, is_superuser=True))
        every = {path for host in API_HOSTS for path in paths(host)}

        assert {staff.get(path).status_code for path in every} == {404}
        assert nobody.get("/v1/orders")["Location"] == "/login/?next=/v1/orders"

    def test_every_host_is_swept(self) -> None:
        assert {host.name for host in get_host_patterns()} == {*API_HOSTS, "admin", "health"}


class UnknownHostTest:
    @pytest.fixture
    def client(self, client_of: ClientOf) -> APIClient:
        """With a key that opens the public host."""
        return client_of(ApiKeyFactory.create())

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            f"evil.{DOMAIN}",
            DOMAIN,
            f"x.api.{DOMAIN}",
            f"api.{DOMAIN}.evil.example",
            "api.evil.example",
            f"api.{DOMAIN}@evil.example",
            f"api.{DOMAIN},evil.example",
            "169.254.169.254",
            "[::1]",
            "",
        ],
    )
    def test_it_reaches_nothing(self, host: str, client: APIClient) -> None:
        client.defaults["HTTP_HOST"] = host
        answers = {client.get(path).status_code for path in ("/v1/orders", "/", "/v1/schema")}

        assert answers in ({400}, {404})

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:8000"])
    def test_the_machine_itself_sees_health_only(self, host: str, client: APIClient) -> None:
        client.defaults["HTTP_HOST"] = host
        every = {path for each in (*API_HOSTS, "admin") for path in paths(each)}

        assert {path for path in every if routed("health", path)} == set()
        assert client.get("/v1/orders").status_code == 404
        assert client.get("/health/live").status_code == 200

    def test_a_forwarded_host_is_not_believed(self, client: APIClient) -> None:
        for header in ("x-forwarded-host", "x-host", "forwarded", "x-original-host"):
            own = client.get("/v1/orders", headers={header: "evil.example"})
            stray = client.get("/v1/orders", headers={"host": "localhost", header: f"api.{DOMAIN}"})
            assert (own.status_code, stray.status_code) == (200, 404)

    def test_case_and_port_do_not_matter(self, client: APIClient) -> None:
        for host in (f"API.{DOMAIN.upper()}", f"api.{DOMAIN}:8000"):
            client.defaults["HTTP_HOST"] = host
            assert client.get("/v1/orders").status_code == 200
