"""Settings as each entry point reads them; every module is read afresh with its own environment."""

import base64
import importlib
import sys
from types import ModuleType
from typing import Any, Protocol

import pytest
from django.core.exceptions import ImproperlyConfigured
from pydantic import ValidationError

from config.settings import env

OWN_KEY = "k1:" + base64.b64encode(bytes(range(32))).decode()
OWN = {
    "SECRET_KEY": "s" * 60,
    "FIELD_KEYS": OWN_KEY,
    "IDENTITY_KEY": "i" * 64,
    "HOST_DOMAINS": "reveni.example",
}
HOSTS = ("merchants-api", "returns-api", "customers-api", "platforms", "api", "admin")


class Read(Protocol):
    def __call__(self, name: str, **environment: str) -> Any: ...


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """A settings module, read with this environment and no other."""

    def read(name: str, **environment: str) -> ModuleType:
        for module in [each for each in sys.modules if each.startswith("config.settings")]:
            monkeypatch.delitem(sys.modules, module)
        for variable in (*OWN, "EMAIL_URL", "DB_ROLE"):
            monkeypatch.delenv(variable, raising=False)
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        return importlib.import_module(f"config.settings.{name}")

    return read


class ProductionTest:
    @pytest.mark.parametrize(
        "lacking",
        [
            {"SECRET_KEY": env.DEVELOPMENT_SECRET},
            {"SECRET_KEY": "development-only-and-public-0f1e2d3c4b5a69788796a5b4c3d2e1f0"},
            {"SECRET_KEY": "tests-only-and-public-00112233445566778899aabbccddeeff0011"},
            {"SECRET_KEY": ""},
            {"FIELD_KEYS": env.DEVELOPMENT_FIELD_KEY},
            {"FIELD_KEYS": f"{OWN_KEY},{env.DEVELOPMENT_FIELD_KEY}"},
            {"FIELD_KEYS": ""},
            {"IDENTITY_KEY": env.DEVELOPMENT_IDENTITY_KEY},
            {"IDENTITY_KEY": "tests-only-and-public-00112233445566778899aabbccddeeff0011"},
            {"IDENTITY_KEY": "short"},
        ],
    )
    def test_refuses_what_everybody_can_read(self, read: Read, lacking: dict[str, str]) -> None:
        with pytest.raises(ImproperlyConfigured):
            read("production", **{**OWN, **lacking})

    @pytest.mark.parametrize("missing", ["FIELD_KEYS", "IDENTITY_KEY", "SECRET_KEY"])
    def test_refuses_to_start_without(self, read: Read, missing: str) -> None:
        with pytest.raises(ImproperlyConfigured):
            read("production", **{name: OWN[name] for name in OWN if name != missing})

    def test_starts_with_secrets_of_its_own(self, read: Read) -> None:
        production = read("production", **OWN)

        assert (production.SECRET_KEY, production.FIELD_KEYS) == ("s" * 60, OWN_KEY)
        assert (production.DEBUG, production.SANDBOX) == (False, False)
        assert production.SILENCED_SYSTEM_CHECKS == ["security.W008"]

    def test_names_each_host_whole(self, read: Read) -> None:
        production = read("production", **OWN)

        assert [
            *(f"{name}.reveni.example" for name in HOSTS),
            "localhost",
            "127.0.0.1",
        ] == production.ALLOWED_HOSTS
        assert not any(host.startswith((".", "*")) for host in production.ALLOWED_HOSTS)
        assert (production.ROOT_URLCONF, production.DEFAULT_HOST) == (
            "config.urls.health",
            "health",
        )
        assert not getattr(production, "USE_X_FORWARDED_HOST", False)

    def test_cookies_and_transport_are_closed(self, read: Read) -> None:
        production = read("production", **OWN)

        assert production.SESSION_COOKIE_SECURE
        assert production.CSRF_COOKIE_SECURE
        assert production.SESSION_COOKIE_NAME.startswith("__Host-")
        assert production.SECURE_HSTS_SECONDS == 63_072_000
        assert production.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
        assert production.REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] == []
        assert production.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] == [
            "apps.api.common.permissions.DenyAll"
        ]

    def test_mail_goes_where_the_environment_says(self, read: Read) -> None:
        production = read("production", **OWN, EMAIL_URL="smtp://mail.example:2525")

        assert (production.EMAIL_HOST, production.EMAIL_PORT) == ("mail.example", 2525)


class LocalTest:
    def test_mails_are_files_until_a_server_is_named(self, read: Read) -> None:
        assert read("local").EMAIL_BACKEND == "apps.core.mail.OneFilePerMail"
        local = read("local", EMAIL_URL="smtp://mail:1025")

        assert local.EMAIL_BACKEND == "apps.core.mail.SentAndKept"
        assert (local.EMAIL_HOST, local.EMAIL_PORT) == ("mail", 1025)
        assert (local.SANDBOX, local.DEBUG) == (True, False)

    def test_the_shop_of_the_demo_is_known_to_machines_of_developers_only(self, read: Read) -> None:
        there = {"PORT": "8123", "SANDBOX_SHOP_PORT": "8009"}
        local = read("local", **there)

        assert local.SHOPIFY_API_BASE == "http://127.0.0.1:8009/{shop}"
        assert local.BIGCOMMERCE_API_BASE == "http://127.0.0.1:8009"
        assert local.PLATFORMS_URL == "http://platforms.reveni.localhost:8123"
        own = {"SHOPIFY_API_BASE": "https://{shop}", "PLATFORMS_URL": "https://p.example"}
        local = read("local", **there, **own)
        assert local.SHOPIFY_API_BASE == "https://{shop}"
        assert local.PLATFORMS_URL == "https://p.example"
        production = read("production", **OWN, SANDBOX_SHOP_PORT="8009")
        assert not hasattr(production, "SANDBOX_SHOP")
        assert production.BIGCOMMERCE_API_BASE == ""

    def test_both_domains_are_served(self, read: Read) -> None:
        hosts = read("local").ALLOWED_HOSTS

        assert {"api.reveni.localhost", "api.reveni.local"} <= set(hosts)
        assert len(hosts) == 2 * len(HOSTS) + 2


class MailTest:
    @pytest.mark.parametrize(
        ("url", "port", "tls", "ssl"),
        [
            ("smtp://mail.example", 25, False, False),
            ("smtp+tls://mail.example", 587, True, False),
            ("smtps://mail.example", 465, False, True),
            ("smtps://mail.example:8465", 8465, False, True),
        ],
    )
    def test_the_scheme_says_how(
        self, read: Read, url: str, port: int, tls: bool, ssl: bool
    ) -> None:
        mail = read("mail").smtp(url)

        assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"]) == ("mail.example", port)
        assert (mail["EMAIL_USE_TLS"], mail["EMAIL_USE_SSL"]) == (tls, ssl)

    def test_user_and_password_with_their_escapes(self, read: Read) -> None:
        mail = read("mail").smtp("smtp+tls://ana%40shop:p%2Fss@mail.example")

        assert (mail["EMAIL_HOST_USER"], mail["EMAIL_HOST_PASSWORD"]) == ("ana@shop", "p/ss")

    def test_another_scheme_stops_the_start(self, read: Read) -> None:
        with pytest.raises(KeyError):
            read("local", EMAIL_URL="http://mail.example")


class DatabaseTest:
    def test_what_follows_is_the_drivers_own(self, read: Read) -> None:
        url = "postgresql://db.example/shop?sslmode=verify-full&options=-c%20lock_timeout=0"
        options = read("databases", DATABASE_URL=url).DATABASES["default"]["OPTIONS"]

        assert options["sslmode"] == "verify-full"
        assert "lock_timeout=3s" in options["options"]

    def test_the_url_is_read_with_its_escapes(self, read: Read) -> None:
        url = "postgresql://ana:p%40ss@db.example:6432/shop"
        databases = read("databases", DATABASE_URL=url)
        found = databases.DATABASES["default"]

        assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("ana", "p@ss", "db.example")
        assert (found["PORT"], found["NAME"]) == ("6432", "shop")
        assert found["CONN_HEALTH_CHECKS"]
        assert not found["ATOMIC_REQUESTS"]
        assert databases.database("postgresql://", "web", 0)["PORT"] == "5432"

    @pytest.mark.parametrize(
        ("role", "limit", "pool"),
        [("web", "5s", 4), ("worker", "60s", None), ("command", "0", None)],
    )
    def test_each_role_has_its_limits(
        self, read: Read, role: str, limit: str, pool: int | None
    ) -> None:
        settings = read("databases", DB_ROLE=role)
        options = settings.DATABASES["default"]["OPTIONS"]

        assert f"statement_timeout={limit} " in options["options"]
        assert options["application_name"] == f"reveni-{role}"
        assert options.get("pool", {}).get("max_size") == pool
        # Kept from task to task by a worker; a pool does that itself.
        lives = settings.DATABASES["default"]["CONN_MAX_AGE"]
        assert lives == (None if role == "worker" else 0)
        assert (2 if role == "web" else 1_000) == settings.LOCK_SEATS

    def test_an_unknown_role_stops_the_start(self, read: Read) -> None:
        with pytest.raises(ValidationError):
            read("databases", DB_ROLE="somebody")


class CachesTest:
    def test_tls_where_the_url_says_so(self, read: Read) -> None:
        caches = read("caches", CACHE_URL="rediss://cache.example/0")

        assert (caches.CACHEOPS_REDIS["ssl"], caches.CACHEOPS_REDIS["port"]) == (True, 6379)

    def test_a_database_further(self, read: Read) -> None:
        caches = read("caches", CACHE_URL="redis://:secret@cache.example:6380/2")

        assert caches.redis_database("redis://h/3", 4) == "redis://h/7"
        assert caches.redis_database("redis://h", 1) == "redis://h/1"
        assert caches.CACHEOPS_REDIS == {
            "host": "cache.example",
            "port": 6380,
            "db": 3,
            "password": "secret",
            "ssl": False,
            "socket_timeout": 0.5,
            "socket_connect_timeout": 0.5,
        }
