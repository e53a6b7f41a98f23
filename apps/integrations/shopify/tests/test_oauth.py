import http.client
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from pytest_django import Settings

from apps.core import clock
from apps.core.http import HttpError
from apps.integrations import asking
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.shopify import oauth
from apps.integrations.shopify.connectors import Connector
from apps.integrations.shopify.tests.asked import KeptSecrets
from apps.integrations.shopify.tests.conftest import DOMAIN
from apps.integrations.shopify.tokens import Tokens
from fakes.shopify.oauth import CLIENT, SECRET, permanent, signature
from fakes.shops.control import FakeShop

BACK = "https://platforms.example/v1/shopify/installed"


@dataclass(frozen=True)
class Browser:
    """Goes to the shop, where the merchant says yes, and brings back what Shopify sends."""

    fake: FakeShop

    def visit(self, url: str) -> dict[str, str]:
        parts = urlsplit(url)
        peer = http.client.HTTPConnection(parts.netloc)
        peer.request("GET", f"{parts.path}?{parts.query}")
        location = peer.getresponse().headers["Location"]
        peer.close()
        return dict(parse_qsl(urlsplit(location).query))


def signed(**params: str) -> dict[str, str]:
    return {**params, "hmac": signature(params)}


def soon(**later: float) -> datetime:
    return clock.now() + timedelta(**later)


def asked_at(fake: FakeShop) -> str:
    return oauth.authorize_url(DOMAIN, "a-state", BACK)


class InstallTest:
    def test_from_the_first_click_to_the_first_call(self, fake: FakeShop) -> None:
        query = parse_qs(urlsplit(asked_at(fake)).query)
        came_back = Browser(fake).visit(asked_at(fake))

        assert (query["client_id"], query["redirect_uri"]) == ([CLIENT], [BACK])
        assert came_back["state"] == "a-state"
        made = Connector.connect(f"https://{DOMAIN}/", came_back)
        assert made.facts.domain == DOMAIN
        assert {"access_token", "refresh_token", "expires_at"} <= made.secrets.keys()
        assert "returns" in made.secrets["scope"]
        # A code is good for once.
        with pytest.raises(AccessLost):
            Connector.connect(DOMAIN, came_back)

    def test_a_scope_that_was_taken_away(self, fake: FakeShop) -> None:
        less = asked_at(fake).replace("write_orders%2C", "")
        without_credit = asked_at(fake).replace("%2Cread_store_credit_accounts", "")

        with pytest.raises(Declined, match="scopes_missing"):
            Connector.connect(DOMAIN, Browser(fake).visit(less))
        made = Connector.connect(DOMAIN, Browser(fake).visit(without_credit))
        assert "read_store_credit_accounts" not in made.secrets["scope"]
        assert "write_store_credit_account_transactions" in made.secrets["scope"]

    @pytest.mark.parametrize(
        "typed",
        [
            "shop.example",
            "a.myshopify.com.evil.example",
            "-a.myshopify.com",
            "a.myshopify.com/x",
            "a@b.myshopify.com",
            "",
        ],
    )
    def test_only_shops_of_shopify(self, fake: FakeShop, typed: str) -> None:
        with pytest.raises(Declined, match="not_a_shopify_domain"):
            Connector.connect(typed, {"code": "1"})

    def test_what_comes_back_is_shopifys(self, fake: FakeShop, settings: Settings) -> None:
        now = clock.now()
        stamp = str(int(now.timestamp()))
        good = signed(code="1", shop=DOMAIN, state="s", timestamp=stamp)
        oauth.assert_from_shopify(good, now)
        settings.SHOPIFY_CLIENT_SECRETS = ("the-new-one", SECRET)
        oauth.assert_from_shopify(good, now)

        for bad in ({**good, "shop": "other.myshopify.com"}, {**good, "hmac": ""}):
            with pytest.raises(Declined, match="signature_refused"):
                oauth.assert_from_shopify(bad, now)
        for late in (now + timedelta(minutes=6), now - timedelta(minutes=6)):
            with pytest.raises(Declined, match="too_old"):
                oauth.assert_from_shopify(good, late)
        with pytest.raises(Declined, match="too_old"):
            oauth.assert_from_shopify(signed(timestamp="x"), now)
        settings.SHOPIFY_CLIENT_SECRETS = ("",)
        with pytest.raises(Declined, match="signature_refused"):
            oauth.assert_from_shopify(good, now)

    def test_of_another_shop(self, fake: FakeShop) -> None:
        stamp = str(int(clock.now().timestamp()))
        grant = signed(code="1", shop="other.myshopify.com", timestamp=stamp)

        with pytest.raises(Declined, match="other_shop"):
            Connector.connect(DOMAIN, grant)


class OwnAppTest:
    def test_by_a_token(self, fake: FakeShop) -> None:
        grant = {"access_token": permanent("main"), "client_id": "c", "client_secret": "s"}
        made = Connector.connect(DOMAIN, grant)

        assert made.secrets == grant
        assert Connector.connect(DOMAIN, {"access_token": permanent("main")}).facts == made.facts

    def test_by_its_client(self, fake: FakeShop) -> None:
        made = Connector.connect(DOMAIN, {"client_id": CLIENT, "client_secret": SECRET})

        assert made.secrets["client_secret"] == SECRET
        secrets = KeptSecrets(**made.secrets)
        first = made.secrets["access_token"]
        assert Tokens(DOMAIN, made.secrets, secrets).instead_of(first) != first

    @pytest.mark.parametrize("grant", [{}, {"access_token": ""}, {"client_secret": "s"}])
    def test_by_nothing(self, fake: FakeShop, grant: dict[str, str]) -> None:
        with pytest.raises(Declined, match="grant_incomplete"):
            Connector.connect(DOMAIN, grant)

    def test_a_wrong_one(self, fake: FakeShop) -> None:
        with pytest.raises(AccessLost):
            Connector.connect(DOMAIN, {"access_token": "shpat_wrong"})

    def test_without_an_app_of_ours(self, fake: FakeShop, settings: Settings) -> None:
        settings.SHOPIFY_CLIENT_SECRETS = ()

        with pytest.raises(Declined, match="no_shopify_app"):
            oauth.from_code(DOMAIN, "1", clock.now())

    def test_an_answer_without_a_token(self, fake: FakeShop) -> None:
        fake.mode("html", operation="access_token")
        with pytest.raises(HttpError):
            oauth.from_own_app(DOMAIN, {"client_id": CLIENT, "client_secret": SECRET}, soon())
        fake.mode("error_before", operation="access_token")
        with pytest.raises(HttpError):
            oauth.from_own_app(DOMAIN, {"client_id": CLIENT, "client_secret": SECRET}, soon())


class TokensTest:
    def installed(self, fake: FakeShop) -> KeptSecrets:
        came_back = Browser(fake).visit(asked_at(fake))
        return KeptSecrets(**Connector.connect(DOMAIN, came_back).secrets)

    def connector(self, secrets: KeptSecrets) -> Connector:
        shop = asking.Shop(store_id="s", domain=DOMAIN, currency="EUR", secrets=dict(secrets.kept))
        return Connector(shop, secrets)

    def test_renewed_before_it_expires(self, fake: FakeShop) -> None:
        secrets = self.installed(fake)
        first = secrets.kept["access_token"]
        connector = self.connector(secrets)
        connector.verify_credentials()
        assert secrets.renewals == 0
        with clock.moved(timedelta(minutes=58, seconds=30)):
            connector.verify_credentials()

        assert secrets.renewals == 1
        assert secrets.kept["access_token"] != first

    def test_renewed_where_it_is_refused(self, fake: FakeShop) -> None:
        secrets = self.installed(fake)
        connector = self.connector(secrets)
        fake.vendor("expire")
        connector.verify_credentials()

        assert secrets.renewals == 1

    def test_what_another_has_renewed_is_taken(self, fake: FakeShop) -> None:
        """The refresh token is dead after its first use: a second one would lose the shop."""
        secrets = self.installed(fake)
        one, other = self.connector(secrets), self.connector(secrets)
        fake.vendor("expire")
        one.verify_credentials()
        other.verify_credentials()

        assert secrets.renewals == 1

    def test_a_dead_refresh_token_is_the_end(self, fake: FakeShop) -> None:
        secrets = self.installed(fake)
        stale = KeptSecrets(**secrets.kept)
        fake.vendor("expire")
        self.connector(secrets).verify_credentials()

        with pytest.raises(AccessLost):
            self.connector(stale).verify_credentials()

    def test_nothing_to_renew_it_by(self, fake: FakeShop) -> None:
        with pytest.raises(AccessLost):
            Tokens(DOMAIN, {}, None).current()
        with pytest.raises(AccessLost):
            Tokens(DOMAIN, {}, KeptSecrets()).current()
