"""Calls to one Adyen merchant account (Checkout API v72), and its daily reports."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote

from django.conf import settings

from apps.core import http
from apps.payments.dtos import BalanceReport, Movement, OddLine, SeenRefund, WantedRefund
from apps.payments.gateways import base
from apps.payments.gateways.adyen import balance, mappers
from apps.payments.refusals import AccessRefused, NoAnswer

TEST = "https://checkout-test.adyen.com"
REPORTS, TEST_REPORTS = "https://ca-live.adyen.com", "https://ca-test.adyen.com"
# A day of a large shop; held in memory while its lines are read.
REPORT = http.Limits(read=30, total=120, answer_bytes=64_000_000, attempts=1)
DAY = timedelta(days=1)
# Another call is at work under the key.
IN_DOUBT = ("704",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """`prefix` is the one of the live endpoints that Adyen gives to each company.

    Reports are read by a user of their own, `report@Company.NAME`.
    """

    api_key: str
    merchant_account: str
    prefix: str = ""
    report_user: str = ""
    report_password: str = ""


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
        self._reports = _reports(access, is_live=is_live)

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

    def report(self, since: datetime, until: datetime) -> BalanceReport:
        """A file a day of the account's own time zone, made in the night after it.

        A day of UTC is whole once the file of the day after it is there too. A day of which there
        is no file before another has one is a day on which nothing happened.
        """
        found: list[BalanceReport] = []
        whole, day = since.date(), since.date()
        while day < until.date():
            name = balance.name_of(day)
            text = self._file(name)
            lines = None if text is None else balance.lines_of(name, text)
            if lines is not None:
                whole = day
                found.append(base.read_report(until, lines, balance.movements_of))
            elif text is not None:
                found.append(BalanceReport(until, (), (OddLine(name),)))
            day += DAY
        return BalanceReport(
            _midnight(whole),
            tuple(movement for each in found for movement in each.movements),
            tuple(line for each in found for line in each.odd),
        )

    def refund_of(self, movement: Movement) -> SeenRefund:
        """Nothing can be asked; the report is a word of Adyen's too."""
        return balance.seen(movement)

    def check(self) -> str:
        """The merchant account; one that the key does not open raises Refused."""
        body = {"merchantAccount": self._access.merchant_account}
        self._vendor.ask(http.Call(method="POST", path="/v72/paymentMethods", json=body))
        return self._access.merchant_account

    def _file(self, name: str) -> str | None:
        """None for a report that is not there; AccessRefused without a user for reports."""
        if self._reports is None:
            raise AccessRefused("no_report_user")
        account = quote(self._access.merchant_account, safe="")
        try:
            return self._reports.get(f"/reports/download/MerchantAccount/{account}/{name}").text
        except http.BadStatus as bad:
            if bad.status == 404:
                return None
            raise (
                AccessRefused("report_refused") if bad.status in (401, 403) else NoAnswer
            ) from bad
        except http.HttpError as error:
            raise NoAnswer from error


def _reports(access: Access, *, is_live: bool) -> http.HttpClient | None:
    if not access.report_user:
        return None
    pair = f"{access.report_user}:{access.report_password}".encode()
    return http.HttpClient(
        peer="adyen",
        base_url=settings.ADYEN_API_BASE or (REPORTS if is_live else TEST_REPORTS),
        headers={"Authorization": f"Basic {base64.b64encode(pair).decode()}", "Accept": "text/csv"},
        limits=REPORT,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
