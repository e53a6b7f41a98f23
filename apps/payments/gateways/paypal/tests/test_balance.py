"""PayPal's Transaction Search, line by line and page by page."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core import clock
from apps.payments.dtos import Movement, OddLine
from apps.payments.gateways.base import read_report
from apps.payments.gateways.paypal import balance, client
from apps.payments.gateways.paypal.models import client_of
from apps.payments.refusals import NoAnswer
from apps.payments.tests.contract import MATCHED, NOON
from apps.payments.tests.factories import GatewayAccountFactory
from fakes.psp.control import Psp


def row(**facts: Any) -> dict[str, Any]:
    info = {
        "transaction_id": "R1",
        "transaction_event_code": "T1107",
        "transaction_initiation_date": "2026-11-25T23:30:00-0800",
        "transaction_updated_date": "2026-11-28T10:00:00Z",
        "transaction_amount": {"currency_code": "EUR", "value": "-60.00"},
        "transaction_status": "S",
    }
    return {"transaction_info": {**info, **facts}}


def moved(*rows: Any) -> list[tuple[str, str]]:
    return [(str(each.amount), each.at.isoformat()) for each in read(*rows)]


def read(*rows: Any) -> tuple[Movement, ...]:
    lines = [("1", each) for each in rows]
    return read_report(MATCHED, lines, balance.movements_of).movements


class LinesTest:
    def test_done_is_gone_and_reversed_is_home_again(self) -> None:
        out, back = ("-60.00 EUR", "2026-11-26T07:30:00+00:00"), ("60.00 EUR",)
        assert moved(row()) == [out]
        assert moved(row(transaction_status="V")) == [out, (*back, "2026-11-28T10:00:00+00:00")]

    @pytest.mark.parametrize("status", ["P", "D"])
    def test_waiting_and_denied_have_not_moved(self, status: str) -> None:
        assert moved(row(transaction_status=status)) == []

    @pytest.mark.parametrize("code", ["T0006", "T1106", "T1110", "T1201", "T2201"])
    def test_what_is_no_refund_is_passed_over(self, code: str) -> None:
        report = read_report(
            MATCHED, [("1", row(transaction_event_code=code))], balance.movements_of
        )
        assert (report.movements, report.odd) == ((), ())

    @pytest.mark.parametrize(
        ("facts", "kind"),
        [
            ({"transaction_event_code": "T1199"}, "T1199"),
            ({"transaction_event_code": "T9901"}, "T9901"),
            ({"transaction_status": "X"}, "T1107 X"),
            ({"transaction_amount": None}, ""),
            ({"transaction_initiation_date": "2026-11-25T23:30:00"}, ""),
        ],
    )
    def test_what_nobody_understands_is_told(self, facts: dict[str, Any], kind: str) -> None:
        report = read_report(MATCHED, [("R1", row(**facts))], balance.movements_of)

        assert (report.movements, report.odd) == ((), (OddLine("R1", kind),))

    @pytest.mark.parametrize("body", [None, {}, {"transaction_details": [], "total_pages": "x"}])
    def test_what_is_no_page_is_no_answer(self, body: Any) -> None:
        with pytest.raises(NoAnswer):
            balance.page_of(body)

    def test_a_line_without_an_id_has_a_name(self) -> None:
        told = {"total_pages": 1, "last_refreshed_datetime": "2026-11-25T23:30:00Z"}
        rows, _, _ = balance.page_of({**told, "transaction_details": [None, {}, row()]})

        assert [name for name, _ in rows] == ["without an id", "without an id", "R1"]


@pytest.mark.django_db
class PagesTest:
    def test_all_are_read(
        self, fake_of: Callable[[str], Psp], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake = fake_of("paypal")
        fake.clock((NOON - clock.now()).total_seconds())
        for number in range(2):
            fake.capture("pages", 10_000, id=f"C{number}")
            fake.refund_by_hand("pages", f"C{number}", 1_000 + number)
        fake.clock((MATCHED - clock.now()).total_seconds())
        monkeypatch.setattr(client, "PAGE", 1)
        account = GatewayAccountFactory.create(gateway="paypal", shop_name="pages")
        report = client_of(account).report(NOON.replace(hour=0), MATCHED)

        assert [str(each.amount) for each in report.movements] == ["-10.00 EUR", "-10.01 EUR"]
