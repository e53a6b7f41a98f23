"""Every vendor whose webhooks are taken in: an account of it, what it tells and how it signs."""

import base64
import hashlib
import hmac
import json
from typing import Any, ClassVar

from django.conf import settings

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.deliveries.tests.factories import CarrierAccountFactory
from apps.integrations import signing
from apps.payments.gateways.adyen.tests import telling as adyen
from apps.payments.gateways.paypal.tests import telling as paypal
from apps.payments.tests.factories import GatewayAccountFactory, StripeAccountFactory

KEY, OTHER, OLD = ("a" * 32, "b" * 32, "c" * 32)
type Headers = dict[str, str]


class Sender:
    """`signs`: every byte of the body is under the signature, or only some of its facts are."""

    family: ClassVar[str] = ""
    name: ClassVar[str] = ""
    key, other, old = KEY, OTHER, OLD
    signs_time: ClassVar[bool] = False
    signs_bytes: ClassVar[bool] = True
    # The id of a delivery is under the signature: nobody can give an old body a new one.
    signs_id: ClassVar[bool] = True
    # Several secrets hold while one is rolled over.
    rolls: ClassVar[bool] = False
    has_modes: ClassVar[bool] = False
    # Without a name each delivery is one more: it says no more than what to ask about.
    names_deliveries: ClassVar[bool] = True
    # A body that only names what changed may come again under another id.
    is_thin: ClassVar[bool] = False

    def account(self, *secrets: str) -> str:
        """The last word of its address."""
        raise NotImplementedError

    def body(self, number: int = 1, *, live: bool = False) -> bytes:
        return json.dumps({"id": number, "name": "caf\u00e9"}).encode()

    def headers(self, body: bytes, secret: str, age: int = 0, name: str = "1") -> Headers:
        raise NotImplementedError

    def path(self, token: str) -> str:
        return f"/v1/{self.family}{self.name}/{token}"


class _Shop(Sender):
    SECRET: ClassVar[str] = "webhook_secret"

    def secrets(self, secret: str) -> dict[str, str]:
        return {self.SECRET: secret}

    def account(self, *secrets: str) -> str:
        store: Store = StoreFactory.create(platform=self.name, domain="tees.example.com")
        store.seal_credentials(self.secrets(secrets[0]))
        return str(store.pk)


class Shopify(_Shop):
    name = "shopify"
    SECRET = "client_secret"
    signs_id = False

    def headers(self, body: bytes, secret: str, age: int = 0, name: str = "1") -> Headers:
        return {
            "x-shopify-hmac-sha256": _base64(secret, body),
            "x-shopify-shop-domain": "tees.example.com",
            "x-shopify-topic": "orders/updated",
            "x-shopify-webhook-id": name,
        }


class OurShopifyApp(Shopify):
    """Installed from its listing: the app's secrets are those of the settings."""

    rolls = True

    def account(self, *secrets: str) -> str:
        settings.SHOPIFY_CLIENT_SECRETS = secrets
        store: Store = StoreFactory.create(platform=self.name, domain="tees.example.com")
        store.seal_credentials({"access_token": "t"})
        return str(store.pk)


class WooCommerce(_Shop):
    name = "woocommerce"

    def headers(self, body: bytes, secret: str, age: int = 0, name: str = "1") -> Headers:
        return {"x-wc-webhook-signature": _base64(secret, body), "x-wc-webhook-topic": "order"}


class _Standard(_Shop):
    """Standard Webhooks: id and time are under the signature."""

    signs_time = True

    def headers(self, body: bytes, secret: str, age: int = 0, name: str = "1") -> Headers:
        stamp = int(clock.now().timestamp()) - age
        key = base64.b64encode(secret.encode()).decode()
        try:
            return signing.headers(key, name, stamp, body)
        except ValueError:
            made = signing.signature(b"", name, stamp, body)
            return {
                "webhook-id": name,
                "webhook-timestamp": str(stamp),
                "webhook-signature": made,
            }


class Custom(_Standard):
    name = "custom"

    def secrets(self, secret: str) -> dict[str, str]:
        return {"webhook_secret": base64.b64encode(secret.encode()).decode()}


class BigCommerce(_Standard):
    name = "bigcommerce"
    is_thin = True

    def secrets(self, secret: str) -> dict[str, str]:
        return {"client_secret": secret, "store_hash": "h1"}

    def body(self, number: int = 1, *, live: bool = False) -> bytes:
        told = {"scope": "store/order/updated", "data": {"id": number}, "producer": "stores/h1"}
        return json.dumps(told).encode()


class _Gateway(Sender):
    family = "gateways/"
    rolls = has_modes = True

    def account(self, *secrets: str) -> str:
        made = GatewayAccountFactory.create(gateway=self.name)
        made.let_speak(list(secrets))
        return str(made.pk)


class Stripe(_Gateway):
    name = "stripe"
    signs_time = True

    def account(self, *secrets: str) -> str:
        made = StripeAccountFactory.create()
        made.let_speak(list(secrets))
        return str(made.pk)

    def body(self, number: int = 1, *, live: bool = False) -> bytes:
        return json.dumps({"id": f"evt_{number}", "livemode": live, "type": "x"}).encode()

    def headers(self, body: bytes, secret: str, age: int = 0, name: str = "1") -> Headers:
        at = str(int(clock.now().timestamp()) - age)
        return {"stripe-signature": f"t={at},v1={_hex(secret, at.encode() + b'.' + body)}"}


class Adyen(_Gateway):
    """Signs eight facts of each item, inside the body."""

    name = "adyen"
    key, other, old = "aa" * 32, "bb" * 32, "cc" * 32
    signs_bytes = False
    is_thin = True

    def body(self, number: int = 1, *, live: bool = False) -> bytes:
        item: dict[str, Any] = {
            "pspReference": f"psp-{number}",
            "originalReference": "paid",
            "merchantAccountCode": "ShopECOM",
            "merchantReference": "ours",
            "amount": {"value": 100, "currency": "EUR"},
            "eventCode": "REFUND",
            "success": "true",
        }
        return adyen.body_of(adyen.signed(item, self.key), live="true" if live else "false")

    def headers(self, body: bytes, secret: str, age: int = 0, name: str = "1") -> Headers:
        return {}


class Mollie(_Gateway):
    """Its new webhooks; the classic ones are an id to ask about, and signed by nobody."""

    name = "mollie"
    has_modes = names_deliveries = False
    is_thin = True

    def body(self, number: int = 1, *, live: bool = False) -> bytes:
        return json.dumps({"entityId": f"re_{number:06}abcd", "type": "refund.failed"}).encode()

    def headers(self, body: bytes, secret: str, age: int = 0, name: str = "1") -> Headers:
        return {"x-mollie-signature": f"sha256={_hex(secret, body)}"}


class EasyPost(Sender):
    family = "carriers/"
    name = "easypost"
    has_modes = True

    def account(self, *secrets: str) -> str:
        made = CarrierAccountFactory.create(provider="easypost", is_test=True)
        made.seal({"api_key": "EZAK", "webhook_secret": secrets[0]})
        made.save()
        return str(made.pk)

    def body(self, number: int = 1, *, live: bool = False) -> bytes:
        mode = "production" if live else "test"
        return json.dumps({"id": f"evt_{number}", "mode": mode, "description": "t"}).encode()

    def headers(self, body: bytes, secret: str, age: int = 0, name: str = "1") -> Headers:
        return {"x-hmac-signature": f"hmac-sha256-hex={_hex(secret, body)}"}


class PayPal(Sender):
    """Verified by asking PayPal when it is worked on; at the door only its form is looked at."""

    family = "gateways/"
    name = "paypal"

    def account(self, *secrets: str) -> str:
        return str(GatewayAccountFactory.create(gateway="paypal").pk)

    def body(self, number: int = 1, *, live: bool = False) -> bytes:
        return paypal.event(f"R{number}")

    def headers(self, body: bytes, secret: str, age: int = 0, name: str = "1") -> Headers:
        return paypal.headers(body, name)


def _hex(secret: str, signed: bytes) -> str:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _base64(secret: str, signed: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


SIGNING = (
    Shopify(), OurShopifyApp(), WooCommerce(), Custom(), BigCommerce(), Stripe(), Adyen(),
    Mollie(), EasyPost(),
)  # fmt: skip
ALL = (*SIGNING, PayPal())
