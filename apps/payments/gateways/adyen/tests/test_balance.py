"""Adyen's payment accounting report, line by line."""

from datetime import UTC, date, datetime

import pytest

from apps.payments.dtos import Movement, OddLine
from apps.payments.gateways.adyen import balance
from apps.payments.gateways.adyen.client import Access, Client
from apps.payments.gateways.adyen.models import client_of
from apps.payments.gateways.base import read_report
from apps.payments.models import OutsideRefund
from apps.payments.refusals import AccessRefused
from apps.payments.services.vendors import hear_movement
from apps.payments.tests.contract import MATCHED, NOON
from apps.payments.tests.factories import AdyenRefundFactory, GatewayAccountFactory

AT = datetime(2026, 11, 26, tzinfo=UTC)
HEADER = (
    "Psp Reference,Booking Date,TimeZone,Main Currency,Main Amount,Record Type,Payment Currency,"
    "Captured (PC),Modification PSP Reference,Modification Merchant Reference"
)


def lines(*rows: str) -> list[tuple[str, balance.Cells]]:
    found = balance.lines_of("day.csv", "\n".join([HEADER, *rows]))
    assert found is not None
    return list(found)


def moved(*rows: str) -> list[tuple[str, str, str]]:
    report = read_report(AT, lines(*rows), balance.movements_of)
    assert not report.odd
    return [(each.refund, str(each.amount), each.at.isoformat()) for each in report.movements]


class LinesTest:
    def test_sent_is_gone_and_what_was_sent_back_is_home(self) -> None:
        assert moved(
            "P1,2026-11-25 23:30:00,CET,EUR,-60.00,SentForRefund,EUR,-60.00,R1,refund:1",
            "P1,2026-11-26 23:30:00,CET,EUR,-60.00,Refunded,EUR,60.00,R1,refund:1",
            "P1,2026-07-25 01:30:00,CEST,EUR,60.00,RefundedReversed,,,R1,refund:1",
            "P2,2026-11-25 20:00:00,PST,JPY,500,RefundFailed,JPY,500,R2,",
            "",
            "P3,2026-11-25 20:00:00,PST,JPY,500,Settled,JPY,-500,,",
        ) == [
            ("R1", "-60.00 EUR", "2026-11-25T22:30:00+00:00"),
            ("R1", "60.00 EUR", "2026-07-24T23:30:00+00:00"),
            ("R2", "500 JPY", "2026-11-26T04:00:00+00:00"),
        ]

    @pytest.mark.parametrize(
        "row",
        [
            "P1,2026-11-25 23:30:00,CET,EUR,-60.00,SentForRefund,EUR,-60.00,,refund:1",
            "P1,2026-11-25 23:30:00,CST,EUR,-60.00,SentForRefund,EUR,-60.00,R1,refund:1",
            "P1,25/11/2026,CET,EUR,-60.00,SentForRefund,EUR,-60.00,R1,refund:1",
            "P1,2026-11-25 23:30:00,CET,EUR,-60.00,SentForRefund,EUR,-60.001,R1,refund:1",
            "P1,2026-11-25 23:30:00,CET,EUR,-60.00,SentForRefund,ZZZ,-60.00,R1,refund:1",
            "P1,2026-11-25 23:30:00,CET,EUR,0.00,SentForRefund,EUR,0.00,R1,refund:1",
            "P1,2026-11-25",
            "P1," + "x" * 200_000,
        ],
    )
    def test_what_cannot_be_read_is_told_by_its_place(self, row: str) -> None:
        report = read_report(AT, lines(row), balance.movements_of)

        assert (report.movements, report.odd) == ((), (OddLine("day.csv:2"),))

    def test_a_kind_that_adyen_does_not_name_is_told(self) -> None:
        row = "P1,2026-11-25 23:30:00,CET,EUR,-60.00,Bewildered,EUR,-60.00,R1,"
        report = read_report(AT, lines(row), balance.movements_of)

        assert report.odd == (OddLine("day.csv:2", "Bewildered"),)

    @pytest.mark.parametrize(
        "text", ["", "<html>", "x" * 200_000, "Psp Reference,Record Type\nP1,Settled"]
    )
    def test_a_file_without_the_columns_is_no_report(self, text: str) -> None:
        assert balance.lines_of("day.csv", text) is None

    def test_is_looked_for_by_its_day(self) -> None:
        assert balance.name_of(date(2026, 1, 5)) == "payments_accounting_report_2026_01_05.csv"


@pytest.mark.django_db
class ClientTest:
    def test_a_refund_of_ours_that_is_named_by_adyens_id_alone_is_no_other(self) -> None:
        refund = AdyenRefundFactory.create(status="processing", provider_ref="R1")
        refund.post_promised(NOON)
        refund.post_sent(NOON)
        account = refund.gateway_account
        line = Movement("R1", -refund.amount, NOON, source=refund.paid_by)
        hear_movement(account, client_of(account), line, MATCHED)

        refund.refresh_from_db()
        assert (refund.status, OutsideRefund.objects.count()) == ("succeeded", 0)

    def test_a_file_that_is_no_report_is_told_and_its_day_is_not_whole(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = GatewayAccountFactory.create(gateway="adyen")
        files = {balance.name_of(NOON.date()): HEADER, balance.name_of(MATCHED.date()): "<html>"}
        monkeypatch.setattr(Client, "_file", lambda _, name: files.get(name))
        since = NOON.replace(hour=0)
        report = client_of(account).report(since, MATCHED.replace(hour=23, minute=59))
        later = client_of(account).report(since, MATCHED.replace(hour=0) + (MATCHED - NOON))

        assert (report.until, report.odd) == (since, ())
        assert (later.until, later.odd) == (
            since,
            (OddLine(balance.name_of(MATCHED.date())),),
        )

    def test_without_a_user_for_reports_there_is_none(self) -> None:
        client = Client(Access(api_key="AQE", merchant_account="ShopECOM"), is_live=True)

        with pytest.raises(AccessRefused, match="no_report_user"):
            client.report(NOON, MATCHED)
