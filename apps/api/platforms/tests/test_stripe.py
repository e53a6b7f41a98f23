"""Stripe's webhook on its own address, signed as Stripe signs."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.api.conftest import DOMAIN
from apps.core import clock
from apps.events.models import InboxMessage
from apps.payments.tests.factories import StripeAccountFactory

BODY = json.dumps(
    {
        "id": "evt_1",
        "type": "refund.updated",
        "livemode": False,
        "data": {"object": {"id": "re_1", "object": "refund"}},
    }
).encode()


def send(path: str, secret: str = "whsec_shop", body: bytes = BODY) -> int:
    at = str(int(clock.now().timestamp()))
    signed = hmac.new(secret.encode(), f"{at}.".encode() + BODY, hashlib.sha256).hexdigest()
    client = APIClient(headers={"host": f"platforms.{DOMAIN}"})
    headers = {"stripe-signature": f"t={at},v1={signed}"}
    sent: Any = body
    answer = client.generic("POST", path, sent, "application/json", headers=headers)
    return int(answer.status_code)


@pytest.mark.django_db
class StripeWebhookTest:
    def test_is_taken_in_once(self) -> None:
        account = StripeAccountFactory.create()
        path = f"/v1/gateways/stripe/{account.pk}"

        assert [send(path), send(path)] == [202, 202]
        message = InboxMessage.objects.get()
        assert (message.source, message.event_id) == ("stripe", "evt_1")
        assert (message.merchant_id, message.account) == (account.merchant_id, str(account.pk))

    def test_is_refused(self) -> None:
        account, other = StripeAccountFactory.create_batch(2)
        other.let_speak(["whsec_of_other"])
        path = f"/v1/gateways/stripe/{account.pk}"

        assert send(path, body=BODY + b" ") == 401
        assert send(path, secret="whsec_of_other") == 401
        assert send("/v1/gateways/stripe/nobody") == 401
        assert not InboxMessage.objects.exists()
