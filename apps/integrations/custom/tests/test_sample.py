"""The server that docs/custom-platform.md shows to merchants, started and asked for real."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from apps.core import clock
from apps.core.money import Money
from apps.integrations import asking, signing
from apps.integrations.choices import Capability
from apps.integrations.conftest import Heard
from apps.integrations.connectors import AccessLost, Declined, NotOffered
from apps.integrations.custom.client import Client
from apps.integrations.custom.connectors import Connector
from apps.integrations.dtos import RefundOrder

ROOT = Path(__file__).resolve().parents[4]
SECRET = signing.new_secret()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    command = [sys.executable, "samples/custom_shop.py", "--port", "0", "--secret", SECRET]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture
def connector(address: str) -> Connector:
    made = Connector.connect("", {"url": address, "secret": SECRET})
    shop = asking.Shop(store_id="1", domain=made.facts.domain, currency="EUR", secrets=made.secrets)
    return Connector(shop)


def refund(minor: int, reference: str) -> RefundOrder:
    return RefundOrder(
        order_id="1001", payment_id="p1", amount=Money(minor, "EUR"), reference=reference
    )


class SampleTest:
    def test_it_offers_what_it_can_and_nothing_else(self, connector: Connector) -> None:
        assert connector.offers == {
            Capability.ORDERS,
            Capability.CHANGES,
            Capability.REFUNDS,
            Capability.WEBHOOKS,
        }
        with pytest.raises(NotOffered):
            connector.add_note("1001", "Hello")

    def test_its_order_adds_up(self, connector: Connector) -> None:
        order = connector.fetch_order("1001")

        assert order is not None
        assert order.total == Money(5000, "EUR")
        assert order.lines[0].total + order.shipping[0].total == order.total
        assert connector.fetch_order("9999") is None

    def test_it_refunds_once_tells_of_it_and_counts_it(
        self, connector: Connector, hooks_heard: Heard
    ) -> None:
        since = clock.now() - timedelta(minutes=1)
        url = f"http://{hooks_heard.address}/v1/custom/1"
        registered = connector.register_webhooks(url)
        again = connector.register_webhooks(url)
        first = connector.create_refund(refund(1750, "refund:1:0"))
        second = connector.create_refund(refund(1750, "refund:1:0"))

        headers, body = hooks_heard.next()
        secret = connector.shop.secrets["webhook_secret"]
        now = int(clock.now().timestamp())
        assert (first, connector.find_refund(refund(1750, "refund:1:0"))) == (second, first)
        assert connector.max_refundable("1001", "p1") == Money(3250, "EUR")
        assert [each.external_id for each in connector.changed_orders(since).orders] == ["1001"]
        assert len(registered) == len(again) == 6
        assert signing.is_signed([secret], headers, body, now)
        assert json.loads(body)["data"] == {"order_id": "1001"}
        connector.remove_webhooks(url)
        assert connector.check_webhooks(url) == ()

    def test_it_refuses_more_than_was_paid_and_finds_nothing_that_it_did_not_make(
        self, connector: Connector
    ) -> None:
        with pytest.raises(Declined, match="above_maximum"):
            connector.create_refund(refund(5001, "refund:2:0"))
        assert connector.find_refund(refund(5001, "refund:2:0")) is None

    def test_it_believes_nobody_else_and_nothing_old(
        self, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(AccessLost):
            Client(address, signing.new_secret()).ask("shop.get", {})
        long_ago = clock.now() - timedelta(minutes=6)
        monkeypatch.setattr(clock, "now", lambda: long_ago)
        with pytest.raises(AccessLost):
            Client(address, SECRET).ask("shop.get", {})

    def test_what_it_does_not_know_is_not_offered(self, address: str) -> None:
        with pytest.raises(NotOffered):
            Client(address, SECRET).ask("order.note", {})
