"""Webhooks as PayPal sends them, signed as its fake signs."""

from apps.payments.gateways.paypal import webhooks
from apps.payments.models import GatewayAccount
from apps.payments.tests.contract import AT
from fakes.paypal.vendor import signature

WEBHOOK = "WH-1"


def event(refund: str, kind: str = "refund") -> bytes:
    """With blanks and an order of its own, as it must be handed on."""
    return (
        f'{{ "id":"WH-2","event_type": "PAYMENT.CAPTURE.REFUNDED","resource_type":"{kind}", '
        f'"resource":{{"status":"FAILED","id":"{refund}"}} }}'
    ).encode()


def headers(body: bytes, transmission: str = "t-1", **changed: str) -> dict[str, str]:
    return {
        "paypal-auth-algo": "SHA256withRSA",
        "paypal-cert-url": "https://api.sandbox.paypal.com/v1/certs/1",
        "paypal-transmission-id": transmission,
        "paypal-transmission-sig": signature(WEBHOOK, transmission, body),
        "paypal-transmission-time": "2026-11-26T02:00:00Z",
        **{f"paypal-{name.replace('_', '-')}": value for name, value in changed.items()},
    }


def envelope_of(account: GatewayAccount, refund: str, **changed: str) -> bytes:
    """What the inbox keeps of a delivery about this refund."""
    body = event(refund)
    delivery = webhooks.accept(str(account.pk), headers(body, **changed), body, AT)
    assert delivery is not None
    return delivery.body
