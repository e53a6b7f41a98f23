"""Shops that are connected from their platform's side, at fakes that are processes of their own."""

import http.client
import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.api.conftest import DOMAIN
from apps.api.merchants.tests.desk import Desk, owner_of
from apps.api.platforms.installs import COOKIE
from apps.core import clock
from apps.integrations.conftest import Heard, StartShop
from apps.integrations.models import Installation
from apps.integrations.shopify import bucket
from apps.integrations.tasks import purge_installations
from fakes.bigcommerce import apps as big_apps
from fakes.bigcommerce.vendor import HASH
from fakes.shopify import schema
from fakes.shopify.oauth import CLIENT, SECRET, signature
from fakes.shops.control import FakeShop

pytestmark = pytest.mark.django_db
SHOP = "main.myshopify.com"
PLENTY = {"level": 1_000_000, "most": 1_000_000, "rate": 1_000_000}


@pytest.fixture
def store() -> Store:
    return StoreFactory.create(slug="ropa", name="Ropa", merchant__name="Norte", currency="EUR")


@pytest.fixture
def desk(store: Store) -> Desk:
    return owner_of(store.merchant)


@pytest.fixture
def browser() -> APIClient:
    return APIClient(headers={"host": f"platforms.{DOMAIN}"})


def link_of(page: Any) -> str:
    found = re.search(r'href="([^"]+)"', page.content.decode())
    assert found is not None
    return unescape(found[1])


def code_of(page: Any) -> tuple[int, str]:
    found = re.search(r"<code>([^<]+)</code>", page.content.decode())
    return page.status_code, found[1] if found else ""


def redirected(url: str) -> str:
    """Where the platform sends the browser back to."""
    parts = urlsplit(url)
    peer = http.client.HTTPConnection(parts.netloc)
    peer.request("GET", f"{parts.path}?{parts.query}")
    location = peer.getresponse().headers["Location"]
    peer.close()
    return str(location)


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def begin(desk: Desk, platform: str, domain: str = "") -> Any:
    body = {"platform": platform, "domain": domain}
    return desk.send("/v1/stores/ropa/connection/install", body)


def is_connected(store: Store) -> bool:
    return Store.objects.get(pk=store.pk).is_connected


class ShopifyInstallTest:
    @pytest.fixture(autouse=True)
    def fake(self, settings: Settings, start_shop: StartShop) -> FakeShop:
        try:
            schema.fetched()
        except schema.SchemaMissing as missing:
            pytest.skip(f"no schema of Shopify: {missing}")
        fake = start_shop("fakes.shopify")
        fake.vendor("points", **PLENTY)
        bucket.client(settings.LIMITER_URL).delete(f"{bucket.PREFIX}{SHOP}")
        settings.SHOPIFY_API_BASE = f"{fake.address}/{{shop}}"
        settings.SHOPIFY_CLIENT_ID, settings.SHOPIFY_CLIENT_SECRETS = CLIENT, (SECRET,)
        return fake

    def begun(self, desk: Desk, browser: APIClient) -> str:
        """The way back from Shopify, where the merchant has said yes."""
        url = begin(desk, "shopify", SHOP).json()["url"]
        return path_of(redirected(link_of(browser.get(path_of(url)))))

    def test_begun_at_the_dashboard(self, desk: Desk, browser: APIClient, store: Store) -> None:
        url = begin(desk, "shopify", f"https://{SHOP}/").json()["url"]
        asks = browser.get(path_of(url))
        cookie = asks.cookies[COOKIE]
        back = path_of(redirected(link_of(asks)))
        done = browser.get(back)

        assert "Ropa of Norte" in asks.content.decode()
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        assert "default-src 'none'" in asks["Content-Security-Policy"]
        assert (done.status_code, done.cookies[COOKIE].value) == (200, "")
        store.refresh_from_db()
        kept = store.open_credentials()
        assert (store.platform, store.domain) == ("shopify", SHOP)
        assert {"access_token", "refresh_token", "expires_at"} <= kept.keys()
        assert kept["access_token"] not in done.content.decode()
        # The same address again, by a browser that kept its cookie.
        browser.cookies[COOKIE] = cookie.value
        assert code_of(browser.get(back)) == (403, "install_refused: state_used_up")
        store.refresh_from_db()
        assert store.open_credentials() == kept

    def test_what_is_refused_changes_nothing(
        self, desk: Desk, browser: APIClient, store: Store, fake: FakeShop
    ) -> None:
        back = self.begun(desk, browser)
        mine, query = browser.cookies[COOKIE].value, dict(parse_qsl(urlsplit(back).query))
        theirs = owner_of(StoreFactory.create(slug="ajena", currency="EUR").merchant)
        stolen = APIClient(headers={"host": f"platforms.{DOMAIN}"})
        their_url = theirs.send(
            "/v1/stores/ajena/connection/install", {"platform": "shopify", "domain": SHOP}
        ).json()["url"]
        stolen.get(path_of(their_url))

        def answered(cookie: str, **changed: str) -> str:
            browser.cookies[COOKIE] = cookie
            params = {**query, **changed}
            if "hmac" not in changed:
                params.pop("hmac")
                params["hmac"] = signature(params)
            return code_of(browser.get("/v1/installs/shopify/callback", params))[1]

        assert {
            "forged": answered(mine, hmac="0" * 64),
            "no hmac": answered(mine, hmac=""),
            "no cookie": answered(""),
            "the state of another merchant": answered(stolen.cookies[COOKIE].value),
            "a made up state": answered("x", state="x"),
            "another shop": answered(mine, shop="other.myshopify.com"),
            "no shop of Shopify": answered(mine, shop="main.myshopify.com.evil.example"),
            "denied": answered(mine, code=""),
            "an hour old": answered(mine, timestamp=str(int(query["timestamp"]) - 3600)),
            "a code of nobody": answered(mine, code="0"),
        } == {
            "forged": "install_refused: signature_refused",
            "no hmac": "install_refused: signature_refused",
            "no cookie": "install_refused: state_differs",
            "the state of another merchant": "install_refused: state_differs",
            "a made up state": "install_refused: state_refused",
            "another shop": "install_refused: other_shop",
            "no shop of Shopify": "install_refused: not_a_shopify_domain",
            "denied": "install_refused: denied",
            "an hour old": "install_refused: too_old",
            "a code of nobody": "connection_refused: access_lost",
        }
        assert not is_connected(store)
        assert not Installation.objects.exists()

    def test_less_than_was_asked_for_is_refused(
        self, desk: Desk, browser: APIClient, store: Store
    ) -> None:
        asks = browser.get(path_of(begin(desk, "shopify", SHOP).json()["url"]))
        less = link_of(asks).replace("write_orders%2C", "")
        answer = browser.get(path_of(redirected(less)))

        assert code_of(answer) == (409, "connection_refused: scopes_missing")
        assert not is_connected(store)

    def test_begun_at_shopify_and_claimed(
        self, desk: Desk, browser: APIClient, store: Store
    ) -> None:
        came = {"shop": SHOP, "host": "aG9z", "timestamp": str(int(clock.now().timestamp()))}
        signed = {**came, "hmac": signature(came)}
        forged = browser.get("/v1/installs/shopify/app", {**came, "hmac": "1"})
        asks = browser.get("/v1/installs/shopify/app", signed)
        landed = browser.get(path_of(redirected(link_of(asks))))
        home, _, claim = link_of(landed).partition("/claim#")

        assert code_of(forged) == (403, "install_refused: signature_refused")
        assert home == "https://dashboard.reveni.example"
        waiting = Installation.objects.get()
        assert claim not in (str(waiting.secrets), waiting.claim_hash)
        path, body = "/v1/stores/ropa/connection/claim", {"claim": claim}
        assert desk.send(path, {"claim": "guessed"}).json()["code"] == "claim_refused"
        # Of another currency: it can still be claimed by the right store.
        StoreFactory.create(merchant=store.merchant, slug="otra", currency="USD")
        wrong = desk.send("/v1/stores/otra/connection/claim", body)
        assert wrong.json()["code"] == "currency_differs"
        made = desk.send(path, body)
        assert (made.status_code, made.json()["domain"]) == (200, SHOP)
        assert desk.send(path, body).json()["code"] == "claim_refused"
        waiting.refresh_from_db()
        assert (waiting.store, waiting.secrets) == (store, None)
        store.refresh_from_db()
        assert "refresh_token" in store.open_credentials()
        # Whoever opens our app in the shop's admin now is not asked again.
        opened = browser.get("/v1/installs/shopify/app", signed)
        assert link_of(opened) == "https://dashboard.reveni.example"

    def test_claimed_by_nobody(self, desk: Desk, browser: APIClient) -> None:
        came = {"shop": SHOP, "timestamp": str(int(clock.now().timestamp()))}
        for _ in range(2):
            asks = browser.get("/v1/installs/shopify/app", {**came, "hmac": signature(came)})
            landed = browser.get(path_of(redirected(link_of(asks))))
        claim = link_of(landed).partition("#")[2]

        assert Installation.objects.count() == 1
        assert purge_installations() == 0
        with clock.moved(timedelta(minutes=31)):
            late = desk.send("/v1/stores/ropa/connection/claim", {"claim": claim})
            assert late.json()["code"] == "claim_refused"
            assert purge_installations() == 1

    def test_only_who_may_begins(self, desk: Desk, browser: APIClient, store: Store) -> None:
        StoreFactory.create(merchant=store.merchant, slug="otra", platform="magento")
        path = "/v1/stores/otra/connection/install"
        body = {"platform": "shopify", "domain": SHOP}

        assert desk.send(path, body).json()["code"] == "platform_differs"
        assert begin(desk, "shopify", "shop.example").json()["code"] == "install_refused"
        assert begin(desk, "prestashop", "shop.example").json()["code"] == "install_not_offered"
        assert code_of(browser.get("/v1/installs/shopify/begin", {"ticket": "x"})) == (
            403,
            "install_refused: ticket_refused",
        )
        assert browser.get("/v1/installs/shopify/nothing").status_code == 404
        assert browser.get("/v1/installs/nobody/app").status_code == 404


class WooInstallTest:
    def test_keys_that_the_shop_sends(
        self,
        desk: Desk,
        browser: APIClient,
        store: Store,
        start_shop: StartShop,
        hooks_heard: Heard,
        settings: Settings,
    ) -> None:
        fake = start_shop("fakes.woocommerce")
        settings.PLATFORMS_URL = f"http://{hooks_heard.address}"
        hooks_heard.answer(200)
        url = begin(desk, "woocommerce", fake.address).json()["url"]
        back = redirected(url)
        _, body = hooks_heard.next()

        def post(sent: Any) -> Any:
            return browser.generic(
                "POST", "/v1/installs/woocommerce/keys", sent, "application/json"
            )

        forged = post(body.replace(b'"user_id": "', b'"user_id": "x'))
        assert (forged.status_code, forged.json()["code"]) == (403, "install_refused")
        assert not is_connected(store)
        assert post(body).status_code == 200
        store.refresh_from_db()
        kept = store.open_credentials()
        assert kept["consumer_key"].startswith("ck_")
        assert store.domain == fake.address
        replayed = post(body)
        assert replayed.json()["details"]["reason"] == "grant_used_up"
        store.refresh_from_db()
        assert store.open_credentials() == kept
        assert "Thank you" in browser.get(path_of(back)).content.decode()

    def test_the_owner_says_no(
        self, desk: Desk, browser: APIClient, store: Store, start_shop: StartShop
    ) -> None:
        fake = start_shop("fakes.woocommerce")
        fake.vendor("denies")
        back = redirected(begin(desk, "woocommerce", fake.address).json()["url"])

        assert "not connected" in browser.get(path_of(back)).content.decode()
        assert not is_connected(store)


class BigInstallTest:
    @pytest.fixture(autouse=True)
    def fake(self, settings: Settings, start_shop: StartShop) -> FakeShop:
        fake = start_shop("fakes.bigcommerce")
        settings.BIGCOMMERCE_API_BASE = settings.BIGCOMMERCE_LOGIN_BASE = fake.address
        settings.BIGCOMMERCE_CLIENT_ID = big_apps.CLIENT
        settings.BIGCOMMERCE_CLIENT_SECRET = big_apps.SECRET
        return fake

    def signed(self, browser: APIClient, step: str, payload: str) -> Any:
        return browser.get(f"/v1/installs/bigcommerce/{step}", {"signed_payload_jwt": payload})

    def test_installed_claimed_opened_and_taken_away(
        self, desk: Desk, browser: APIClient, store: Store, fake: FakeShop
    ) -> None:
        landed = browser.get("/v1/installs/bigcommerce/auth", fake.vendor("code"))
        claim = link_of(landed).partition("#")[2]
        made = desk.send("/v1/stores/ropa/connection/claim", {"claim": claim})
        assert (made.status_code, made.json()["platform"]) == (200, "bigcommerce")
        store.refresh_from_db()
        assert store.open_credentials()["store_hash"] == HASH
        # Installed again, as for new scopes: the store takes the new token over.
        again = browser.get("/v1/installs/bigcommerce/auth", fake.vendor("code"))
        assert link_of(again) == "https://dashboard.reveni.example"
        for step in ("load", "remove_user"):
            assert self.signed(browser, step, big_apps.payload(HASH)).status_code == 200
        assert self.signed(browser, "uninstall", big_apps.payload("other")).status_code == 200
        assert is_connected(store)
        assert self.signed(browser, "uninstall", big_apps.payload(HASH)).status_code == 200
        assert not is_connected(store)

    def test_what_is_refused_changes_nothing(
        self, browser: APIClient, fake: FakeShop, settings: Settings
    ) -> None:
        good = fake.vendor("code")

        def auth(**changed: str) -> str:
            return code_of(browser.get("/v1/installs/bigcommerce/auth", {**good, **changed}))[1]

        def load(payload: str) -> str:
            return code_of(self.signed(browser, "load", payload))[1]

        assert auth(code="") == "install_refused: denied"
        assert auth(code="guessed") == "install_refused: code_refused"
        assert auth(context="stores/other") == "install_refused: other_shop"
        assert auth() == "install_refused: code_refused"
        less = fake.vendor("code", scope="store_v2_products")
        assert auth(**less) == "install_refused: scopes_missing"
        fake.mode("html")
        assert auth(**fake.vendor("code")) == "shop_unreachable"
        fake.mode("error_before")
        assert auth(**fake.vendor("code")) == "shop_unreachable"
        refused = "install_refused: signature_refused"
        assert load(big_apps.payload(HASH, "another-secret-of-32-bytes-or-more")) == refused
        assert load(big_apps.payload(HASH, aud="another app")) == refused
        assert load(big_apps.payload(HASH, iss="somebody")) == refused
        assert load(big_apps.payload(HASH, exp=1_700_000_000)) == refused
        assert load("nothing") == refused
        settings.BIGCOMMERCE_CLIENT_SECRET = ""
        assert load(big_apps.payload(HASH)) == "install_refused: no_bigcommerce_app"
        assert auth(code="1") == "install_refused: no_bigcommerce_app"
        assert not Installation.objects.exists()
