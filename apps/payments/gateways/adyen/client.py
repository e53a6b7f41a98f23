"""Calls to one Adyen merchant account (Checkout API v72)."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings

from apps.core import http
from apps.payments.dtos import SeenRefund, WantedRefund
from apps.payments.gateways import base
from apps.payments.gateways.adyen import mappers
from apps.payments.refusals import NoAnswer

TEST = "https://checkout-test.adyen.com"
# Another call is at work under the key.
IN_DOUBT = ("704",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """`prefix` is the one of the live endpoints that Adyen gives to each company."""

    api_key: str
    merchant_account: str
    prefix: str = ""


class Client:
    """Every call raises Refused, AccessRefused or NoAnswer; none is repeated by itself."""

    def __init__(self, access: Access, *, is_live: bool) -> None:
        self._access = access
        live = f"https://{access.prefix}-checkout-live.adyenpayments.com/checkout"
        client = http.HttpClient(
            peer="adyen",
            base_url=settings.ADYEN_API_BASE or (live if is_live else TEST),
            headers={"x-api-key": access.api_key},
            limits=base.limits(),
        )
        self._vendor = base.Vendor(client, mappers.code_of, IN_DOUBT)

    def refund(self, wanted: WantedRefund) -> SeenRefund:
        call = http.Call(
            method="POST",
            path=f"/v72/payments/{quote(wanted.source, safe='')}/refunds",
            json=mappers.asked(wanted, self._access.merchant_account),
            key=wanted.reference,
        )
        return mappers.received(self._vendor.ask(call), wanted)

    def refund_by_id(self, id: str, source: str) -> SeenRefund:  # noqa: A002
        """Adyen reads no refund back: raises NoAnswer."""
        raise NoAnswer

    def refunds_of(self, source: str) -> Iterator[SeenRefund]:
        """None can be listed."""
        return iter(())

    def check(self) -> str:
        """The merchant account; one that the key does not open raises Refused."""
        body = {"merchantAccount": self._access.merchant_account}
        self._vendor.ask(http.Call(method="POST", path="/v72/paymentMethods", json=body))
        return self._access.merchant_account
