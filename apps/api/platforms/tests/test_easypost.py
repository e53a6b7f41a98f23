"""A carrier's scan on its way in: signed, taken in once, and the advance that waited for it goes.

Of 65.05 half (rounded up, 32.53) is advanced at once and 32.52 at the first scan.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.api.conftest import DOMAIN
from apps.core import clock
from apps.deliveries import services as deliveries
from apps.deliveries.models import CarrierAccount, Label
from apps.deliveries.tests.factories import CarrierAccountFactory, ReturnMethodFactory
from apps.events import services as inbox
from apps.events.models import InboxMessage
from apps.orders.models import Return
from apps.orders.tests.instant import advance_of, instant, instant_order, steps
from fakes.carrier.control import Carrier, running_carrier

pytestmark = pytest.mark.django_db
SECRET = "whsec_carrier"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    with running_carrier(tmp_path_factory.mktemp("carrier") / "log") as fake:
        yield fake


@pytest.fixture
def carrier(process: Carrier, settings: Settings) -> Carrier:
    settings.EASYPOST_API_BASE = process.address
    return process


@pytest.fixture
def ret(carrier: Carrier) -> Return:
    """Half of the advance is out; the label of the carrier is in the shopper's hands."""
    steps(("pay_now", 50))
    ret = instant(instant_order())
    account = CarrierAccountFactory.create(store=ret.store, provider="easypost")
    account.seal({"api_key": "EZAKfake", "webhook_secret": SECRET})
    account.save()
    method = ReturnMethodFactory.create(store=ret.store, type="carrier", account=account)
    ret.return_method_id = method.pk
    ret.save()
    deliveries.prepare_return(ret.pk, clock.now())
    return ret


def send(event: Any, secret: str = SECRET) -> int:
    """The answer's status; what was taken in is processed."""
    body: Any = json.dumps(event).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    client = APIClient(headers={"host": f"platforms.{DOMAIN}"})
    path = f"/v1/carriers/easypost/{CarrierAccount.objects.get().pk}"
    headers = {"x-hmac-signature": f"hmac-sha256-hex={signature}"}
    answer = client.generic("POST", path, body, "application/json", headers=headers)
    inbox.process(clock.now())
    return int(answer.status_code)


def parts(ret: Return) -> list[tuple[str, str, str]]:
    rows = advance_of(ret).parts.order_by("pk")
    return [(part.rung, f"{part.amount.amount:f}", part.status) for part in rows]


class CarrierWebhookTest:
    def test_a_scan_lets_the_rest_of_the_advance_go(self, ret: Return, carrier: Carrier) -> None:
        before = parts(ret)
        event = carrier.scan(Label.objects.get().tracking_number)
        answers = [send(event), send(event)]

        ret.refresh_from_db()
        assert answers == [202, 202]
        assert (InboxMessage.objects.get().status, ret.status) == ("done", "shipped")
        assert before[1] == ("pay_at_scan", "32.52", "waiting")
        assert parts(ret) == [
            ("pay_now", "32.53", "released"),
            ("pay_at_scan", "32.52", "released"),
        ]

    def test_a_forged_one_does_not(self, ret: Return, carrier: Carrier) -> None:
        event = carrier.scan(Label.objects.get().tracking_number)

        assert send(event, secret="somebody else's") == 401
        assert not InboxMessage.objects.exists()
        assert parts(ret)[1] == ("pay_at_scan", "32.52", "waiting")
