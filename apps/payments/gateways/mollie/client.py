"""Calls to one Mollie profile (API v2)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings

from apps.core import http
from apps.payments.dtos import BalanceReport, Movement, SeenRefund, WantedRefund
from apps.payments.gateways import base
from apps.payments.gateways.mollie import balance, mappers
from apps.payments.refusals import AccessRefused

BASE = "https://api.mollie.com"
PAGE = "250"


class Client:
    """Every call raises Refused, AccessRefused or NoAnswer; none is repeated by itself.

    Balances are the organization's: no key of a profile opens them, `organization_token` does.
    """

    def __init__(self, api_key: str, organization_token: str = "", *, is_live: bool = True) -> None:
        self._vendor = _vendor(api_key)
        self._organization = _vendor(organization_token) if organization_token else None
        self._mode = {} if is_live else {"testmode": "true"}

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
        for row in _rows(self._vendor, _refunds(source), "refunds"):
            yield mappers.seen(row, source)

    def report(self, since: datetime, until: datetime) -> BalanceReport:
        """Of every balance, newest first; AccessRefused without a token of the organization."""
        if self._organization is None:
            raise AccessRefused("no_organization_token")
        lines = self._lines(self._organization, since)
        return base.read_report(until, lines, balance.movements_of)

    def refund_of(self, movement: Movement) -> SeenRefund:
        return self.refund_by_id(movement.refund, movement.source)

    def check(self) -> str:
        """The profile's id; a key that is not known raises Refused."""
        return str(self._get("/v2/profiles/me")["id"])

    def _get(self, path: str) -> Any:
        return self._vendor.ask(http.Call(method="GET", path=path))

    def _lines(self, vendor: base.Vendor, since: datetime) -> Iterator[tuple[str, Any]]:
        for found in _rows(vendor, "/v2/balances", "balances", **self._mode):
            path = f"/v2/balances/{quote(str(found['id']), safe='')}/transactions"
            for row in _rows(vendor, path, "balance_transactions", **self._mode):
                if balance.is_before(row, since):
                    break
                yield balance.name_of(row), row


def _vendor(token: str) -> base.Vendor:
    client = http.HttpClient(
        peer="mollie",
        base_url=settings.MOLLIE_API_BASE or BASE,
        headers={"Authorization": f"Bearer {token}"},
        limits=base.limits(),
    )
    return base.Vendor(client, mappers.code_of)


def _rows(vendor: base.Vendor, path: str, name: str, **params: str) -> Iterator[Any]:
    """Of all pages, each asked for when it is come to."""
    after: dict[str, str] = {}
    while True:
        asked = {"limit": PAGE, **params, **after}
        told = vendor.ask(http.Call(method="GET", path=path, params=asked))
        rows, following = mappers.page(told, name)
        yield from rows
        if not rows or not following:
            return
        after = {"from": following}


def _refunds(payment: str) -> str:
    return f"/v2/payments/{quote(payment, safe='')}/refunds"
