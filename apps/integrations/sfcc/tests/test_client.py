from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import pytest

from apps.core import clock
from apps.core.http import Answer, BadStatus, HttpError, Unreadable
from apps.integrations import asking
from apps.integrations.conftest import StartShop
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.sfcc import client, tokens
from apps.integrations.sfcc.client import Client, Missing
from apps.integrations.sfcc.connectors import Connector
from apps.integrations.sfcc.tests.grants import GRANT
from fakes.shops.control import FakeShop


class Drawer:
    """Keeps what was renewed, and counts."""

    def __init__(self, kept: Mapping[str, str]) -> None:
        self.kept, self.renewals = kept, 0

    @contextmanager
    def locked(self) -> Iterator[Mapping[str, str]]:
        yield self.kept

    def keep(self, secrets: Mapping[str, str]) -> None:
        self.kept, self.renewals = secrets, self.renewals + 1


@pytest.fixture
def fake(start_shop: StartShop) -> FakeShop:
    return start_shop("fakes.sfcc")


def asked(fake: FakeShop) -> list[str]:
    return [each["operation"] for each in fake.calls()]


class SfccTokenTest:
    def test_one_serves_many_calls_of_many_workers(self, fake: FakeShop) -> None:
        drawer = Drawer(GRANT)
        for _ in range(2):
            worker = Client(fake.address, drawer.kept, drawer)
            worker.listed()
            worker.listed()

        assert asked(fake) == ["token", *["GET orders"] * 4]
        assert drawer.renewals == 1

    def test_one_that_died_early_is_renewed_and_the_call_made_again(self, fake: FakeShop) -> None:
        drawer = Drawer(GRANT)
        worker = Client(fake.address, GRANT, drawer)
        worker.listed()
        fake.vendor("expire")

        assert worker.listed() == []
        assert asked(fake)[2:] == ["GET orders", "token", "GET orders"]

    def test_one_that_somebody_else_has_renewed_is_taken(self, fake: FakeShop) -> None:
        drawer = Drawer(GRANT)
        first, second = (Client(fake.address, GRANT, drawer) for _ in range(2))
        first.listed()
        second.listed()

        assert asked(fake) == ["token", "GET orders", "GET orders"]

    def test_a_new_one_that_opens_nothing_either(self, fake: FakeShop) -> None:
        fake.mode("unauthorized", times=2, operation="GET orders")

        with pytest.raises(AccessLost):
            Client(fake.address, GRANT, None).listed()
        assert asked(fake) == ["token", "GET orders", "token", "GET orders"]

    def test_one_about_to_die_does_not_set_out(
        self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        worker = Client(fake.address, GRANT, None)
        worker.listed()
        now = clock.now()
        # Of 1,799 seconds, two minutes ahead.
        monkeypatch.setattr("apps.core.clock.now", lambda: now + timedelta(seconds=1_680))
        worker.listed()

        assert asked(fake) == ["token", "GET orders", "token", "GET orders"]

    @pytest.mark.parametrize(
        "wrong", [{"client_secret": "guess"}, {"organization_id": "f_ecom_aaaa_001"}]
    )
    def test_account_manager_says_no(self, fake: FakeShop, wrong: dict[str, str]) -> None:
        with pytest.raises(AccessLost):
            Client(fake.address, {**GRANT, **wrong}, None).listed()

    def test_no_answer_of_account_manager_is_no_refusal(
        self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("apps.core.http._pause", lambda error, attempt: 0)
        worker = Client(fake.address, GRANT, None)
        for mode in ("error_before", "html", "schema_break"):
            fake.mode(mode, operation="token")
            with pytest.raises(HttpError):
                worker.listed()

    def test_a_page_of_something_on_the_way_is_no_refusal(self) -> None:
        page = Answer("sfcc-accounts", 403, {}, b"<html>firewall</html>")

        assert not tokens._is_told(page)


class SfccErrorTest:
    @pytest.mark.parametrize(
        ("status", "body", "verdict", "code"),
        [
            (404, b'{"type":"https://x/order-not-found"}', Missing, "order_not_found"),
            (400, b'{"title":"Unknown Property"}', Declined, "unknown_property"),
            (403, b'{"title":"Forbidden"}', AccessLost, "access_lost"),
            (404, b"<html>", BadStatus, ""),
            (400, b"[]", BadStatus, ""),
            (504, b'{"title":"Gateway timeout"}', BadStatus, ""),
        ],
    )  # fmt: skip
    def test_only_what_salesforce_itself_refused_is_declined(
        self, status: int, body: bytes, verdict: type[Exception], code: str
    ) -> None:
        found = client._verdict(BadStatus("sfcc", Answer("sfcc", status, {}, body)))

        assert type(found) is verdict
        assert getattr(found, "code", "") == code

    def test_a_list_of_another_shape(self, fake: FakeShop) -> None:
        fake.mode("schema_break", operation="GET orders")

        with pytest.raises(Unreadable):
            Client(fake.address, GRANT, None).listed()

    @pytest.mark.parametrize("code", ["", "evil.example/", "a.b", "KV7"])
    def test_a_short_code_names_no_other_host(self, code: str) -> None:
        with pytest.raises(Declined, match="short_code_wrong"):
            Client("shop.example", {**GRANT, "short_code": code}, None)

    def test_the_host_of_the_shop(self) -> None:
        found = Client("shop.example", GRANT, None)

        assert found._http.base_url == "https://kv7kzm78.api.commercecloud.salesforce.com"


class SfccConnectorTest:
    def connector(self, fake: FakeShop) -> Connector:
        shop = asking.Shop(store_id="s", domain=fake.address, currency="EUR", secrets=GRANT)
        return Connector(shop)

    def test_a_grant_with_a_gap(self) -> None:
        for name in GRANT:
            with pytest.raises(Declined, match="credentials_incomplete"):
                Connector.connect("shop.example", {**GRANT, name: " "})

    def test_an_order_that_never_was_is_not_cancelled(
        self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order = fake.order()
        connector = self.connector(fake)
        told = {"status": "failed", "shippingStatus": "not_shipped"}
        monkeypatch.setattr(connector._client, "order", lambda number: told)

        with pytest.raises(Declined, match="order_is_failed"):
            connector.cancel_order(order["id"], "Never mind")

    def test_a_shop_that_keeps_no_notes_cancels_all_the_same(self, fake: FakeShop) -> None:
        order = fake.order()
        fake.mode("refuse", operation="PATCH orders", code="unknown-property")
        self.connector(fake).cancel_order(order["id"], "Never mind")

        assert len(fake.effects("cancel")) == 1
        assert fake.rows("orders")[0]["notes"] == []

    def test_the_numbers_that_a_shopper_types(self) -> None:
        assert Connector.helper.numbers_of(" #1207 ") == ("1207", "00001207")
        assert Connector.helper.numbers_of("EU-12") == ("EU-12",)
