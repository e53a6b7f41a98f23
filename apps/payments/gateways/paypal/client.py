"""Calls to one PayPal account: a token is fetched first and kept in memory while it lives."""

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings

from apps.core import http
from apps.payments.dtos import BalanceReport, Movement, SeenRefund, WantedRefund
from apps.payments.gateways import base
from apps.payments.gateways.paypal import balance, mappers
from apps.payments.refusals import AccessRefused, NoAnswer, Refused

LIVE, TEST = "https://api-m.paypal.com", "https://api-m.sandbox.paypal.com"
SPARE = 60
# The most that PayPal gives on a page.
PAGE = 500
DAY = timedelta(days=1)
# Nothing is left to give back: perhaps because an earlier call, of which nobody heard, took it.
USED_UP = ("CAPTURE_FULLY_REFUNDED", "REFUND_AMOUNT_EXCEEDED", "DUPLICATE_INVOICE_ID")
_tokens: dict[tuple[str, str], tuple[str, int]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    client_id: str
    secret: str
    webhook_id: str = ""


class Client:
    """Every call raises Refused, AccessRefused or NoAnswer; none is repeated by itself."""

    def __init__(self, access: Access, *, is_live: bool) -> None:
        self._access = access
        self._base = settings.PAYPAL_API_BASE or (LIVE if is_live else TEST)
        client = http.HttpClient(
            peer="paypal",
            base_url=self._base,
            limits=base.limits(),
            key_header="PayPal-Request-Id",
        )
        self._vendor = base.Vendor(client, mappers.code_of)

    def refund(self, wanted: WantedRefund) -> SeenRefund:
        source = quote(wanted.source, safe="")
        call = http.Call(
            method="POST",
            path=f"/v2/payments/captures/{source}/refund",
            headers={"Prefer": "return=representation"},
            json=mappers.asked(wanted),
            key=wanted.reference,
        )
        try:
            return mappers.seen(self._told(call), wanted.source)
        except Refused as refused:
            if refused.code not in USED_UP:
                raise
            return self._made(wanted) or _raise(refused)

    def refund_by_id(self, id: str, source: str) -> SeenRefund:  # noqa: A002
        return mappers.seen(self._get(f"/v2/payments/refunds/{quote(id, safe='')}"), source)

    def refunds_of(self, source: str) -> Iterator[SeenRefund]:
        """PayPal lists them in the order that the capture belongs to."""
        capture = self._get(f"/v2/payments/captures/{quote(source, safe='')}")
        order = quote(mappers.order_of(capture), safe="")
        yield from mappers.refunds_in(self._get(f"/v2/checkout/orders/{order}"), source)

    def report(self, since: datetime, until: datetime) -> BalanceReport:
        """Day by day, since PayPal gives no more than 10,000 lines of one question.

        It tells what happened some hours late, and how far it is.
        """
        lines: list[balance.Line] = []
        day, told_until = since, until
        while day < until and day <= told_until:
            end = min(day + DAY, until)
            for rows, refreshed in self._pages(day, end):
                lines += rows
                told_until = min(told_until, refreshed)
            day = end
        return base.read_report(told_until, lines, balance.movements_of)

    def refund_of(self, movement: Movement) -> SeenRefund:
        return self.refund_by_id(movement.refund, movement.source)

    def is_signed(self, envelope: bytes) -> bool:
        """Ask PayPal; `envelope` has the headers of the delivery and the event as it came."""
        whole = envelope.replace(b"{", b'{"webhook_id":%s,' % self._webhook_id(), 1)
        answer = self._told(
            http.Call(
                method="POST",
                path="/v1/notifications/verify-webhook-signature",
                headers={"Content-Type": "application/json"},
                content=whole,
            )
        )
        return bool(answer.get("verification_status") == "SUCCESS")

    def check(self) -> str:
        """The account's own id; a key that is not known raises Refused."""
        self._token(fresh=True)
        return self._access.client_id

    def _pages(self, since: datetime, until: datetime) -> Iterator[balance.Page]:
        page, pages = 0, 1
        while page < pages:
            page += 1
            params = balance.asked(since, until, page, PAGE)
            told = self._get("/v1/reporting/transactions", **params)
            rows, pages, refreshed = balance.page_of(told)
            yield rows, refreshed

    def _webhook_id(self) -> bytes:
        return json.dumps(self._access.webhook_id).encode()

    def _made(self, wanted: WantedRefund) -> SeenRefund | None:
        made = self.refunds_of(wanted.source)
        return next((each for each in made if each.reference == wanted.reference), None)

    def _get(self, path: str, **params: str) -> Any:
        return self._told(http.Call(method="GET", path=path, params=params))

    def _told(self, call: http.Call) -> Any:
        """A token that PayPal has dropped early is fetched once more: that call did nothing."""
        try:
            return self._vendor.ask(self._with_token(call, fresh=False))
        except AccessRefused:
            return self._vendor.ask(self._with_token(call, fresh=True))

    def _with_token(self, call: http.Call, *, fresh: bool) -> http.Call:
        bearer = {"Authorization": f"Bearer {self._token(fresh=fresh)}"}
        return replace(call, headers={**call.headers, **bearer})

    def _token(self, *, fresh: bool) -> str:
        known = _tokens.get((self._base, self._access.client_id))
        now = time.monotonic_ns() // 1_000_000_000
        if known and not fresh and now < known[1]:
            return known[0]
        pair = f"{self._access.client_id}:{self._access.secret}".encode()
        call = http.Call(
            method="POST",
            path="/v1/oauth2/token",
            headers={"Authorization": f"Basic {base64.b64encode(pair).decode()}"},
            form={"grant_type": "client_credentials"},
        )
        told = self._vendor.ask(call)
        try:
            token, seconds = str(told["access_token"]), int(told["expires_in"])
        except (KeyError, TypeError, ValueError) as error:
            raise NoAnswer from error
        _tokens[self._base, self._access.client_id] = (token, now + seconds - SPARE)
        return token


def _raise(error: Exception) -> SeenRefund:
    raise error
