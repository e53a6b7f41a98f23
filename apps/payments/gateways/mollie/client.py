"""Calls to one Mollie profile (API v2)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings

from apps.core import http
from apps.payments.dtos import SeenRefund, WantedRefund
from apps.payments.gateways import base
from apps.payments.gateways.mollie import mappers

BASE = "https://api.mollie.com"
PAGE = "250"


class Client:
    """Every call raises Refused, AccessRefused or NoAnswer; none is repeated by itself."""

    def __init__(self, api_key: str) -> None:
        client = http.HttpClient(
            peer="mollie",
            base_url=settings.MOLLIE_API_BASE or BASE,
            headers={"Authorization": f"Bearer {api_key}"},
            limits=base.limits(),
        )
        self._vendor = base.Vendor(client, mappers.code_of)

    def refund(self, wanted: WantedRefund) -> SeenRefund:
        call = http.Call(
            method="POST",
            path=_refunds(wanted.source),
            json=mappers.asked(wanted),
            key=wanted.reference,
        )
        return mappers.seen(self._vendor.ask(call), wanted.source)

    def refund_by_id(self, id: str, source: str) -> SeenRefund:  # noqa: A002
        return mappers.seen(self._get(f"{_refunds(source)}/{quote(id, safe='')}"), source)

    def refunds_of(self, source: str) -> Iterator[SeenRefund]:
        after: dict[str, str] = {}
        while True:
            rows, following = mappers.page(self._get(_refunds(source), limit=PAGE, **after))
            for row in rows:
                yield mappers.seen(row, source)
            if not rows or not following:
                return
            after = {"from": following}

    def check(self) -> str:
        """The profile's id; a key that is not known raises Refused."""
        return str(self._get("/v2/profiles/me")["id"])

    def _get(self, path: str, **params: str) -> Any:
        return self._vendor.ask(http.Call(method="GET", path=path, params=params))


def _refunds(payment: str) -> str:
    return f"/v2/payments/{quote(payment, safe='')}/refunds"
