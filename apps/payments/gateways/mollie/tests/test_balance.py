"""Mollie's balance transactions, line by line and page by page."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core import clock
from apps.payments import services
from apps.payments.dtos import OddLine
from apps.payments.gateways.base import read_report
from apps.payments.gateways.mollie import balance, client
from apps.payments.gateways.mollie.client import Client
from apps.payments.gateways.mollie.models import client_of
from apps.payments.gateways.mollie.tests.test_contract import MollieShop
from apps.payments.models import OutsideRefund
from apps.payments.refusals import AccessRefused
from apps.payments.tests.contract import MATCHED, NOON, days, found_at
from apps.payments.tests.factories import GatewayAccountFactory
from fakes.psp.control import Psp


def row(**facts: Any) -> dict[str, Any]:
    known = {
        "id": "baltr_1",
        "type": "refund",
        "initialAmount": {"currency": "EUR", "value": "-60.00"},
        "resultAmount": {"currency": "EUR", "value": "-60.25"},
        "createdAt": "2026-11-25T23:30:00+01:00",
        "context": {"paymentId": "tr_1", "refundId": "re_1"},
    }
    return {**known, **facts}


class LinesTest:
    @pytest.mark.parametrize(
        ("kind", "context"),
        [
            ("refund", {"paymentId": "tr_1", "refundId": "re_1"}),
            ("returned-refund", {"returned-refund": {"paymentId": "tr_1", "refundId": "re_1"}}),
        ],
    )
    def test_the_sum_is_without_the_fee(self, kind: str, context: dict[str, Any]) -> None:
        lines = [("1", row(type=kind, context=context))]
        (moved,) = read_report(MATCHED, lines, balance.movements_of).movements

        assert (str(moved.amount), moved.refund, moved.source) == ("-60.00 EUR", "re_1", "tr_1")
        assert moved.at.isoformat() == "2026-11-25T22:30:00+00:00"

    @pytest.mark.parametrize(
        ("facts", "kind"),
        [
            ({"type": "mystery"}, "mystery"),
            ({"context": {"paymentId": "tr_1"}}, ""),
            ({"context": None}, ""),
            ({"createdAt": "2026-11-25T23:30:00"}, ""),
        ],
    )
    def test_what_nobody_understands_is_told(self, facts: dict[str, Any], kind: str) -> None:
        report = read_report(MATCHED, [("1", row(**facts))], balance.movements_of)

        assert (report.movements, report.odd) == ((), (OddLine("1", kind),))

    def test_a_line_without_a_time_is_read_on(self) -> None:
        assert balance.is_before(row(createdAt="2020-01-01T00:00:00Z"), NOON)
        assert not balance.is_before({}, NOON)
        assert [balance.name_of(each) for each in (None, {}, row())] == [
            "without an id",
            "without an id",
            "baltr_1",
        ]


@pytest.mark.django_db
class PagesTest:
    def test_are_read_until_they_are_too_old(
        self, fake_of: Callable[[str], Psp], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake = fake_of("mollie")
        for number, at in enumerate((NOON - (MATCHED - NOON), NOON, NOON)):
            fake.clock((at - clock.now()).total_seconds())
            fake.capture("test_pages", 10_000, id=f"tr_{number}")
            fake.refund_by_hand("test_pages", f"tr_{number}", 1_000 + number)
        monkeypatch.setattr(client, "PAGE", "1")
        account = GatewayAccountFactory.create(gateway="mollie", shop_name="pages")
        before = len(fake.calls("GET"))
        report = client_of(account).report(NOON.replace(hour=0), MATCHED)

        assert [str(each.amount) for each in report.movements] == ["-10.02 EUR", "-10.01 EUR"]
        assert len(fake.calls("GET")) - before == 6

    def test_an_account_that_was_connected_again_is_the_same(
        self, fake_of: Callable[[str], Psp]
    ) -> None:
        shop = MollieShop()
        shop.fake, shop.name = fake_of("mollie"), "again"
        shop.fake.clock((NOON - clock.now()).total_seconds())
        refund = shop.promised()
        shop.fake.mode("reset_after")
        shop.send(refund, NOON)
        before = shop.read(refund).gateway_account
        before.close()
        GatewayAccountFactory.create(merchant=refund.merchant, gateway="mollie", shop_name="again")
        shop.fake.clock((MATCHED - clock.now()).total_seconds())
        services.match_balances(MATCHED)

        assert days(refund) == [("-60.00 EUR", "-60.00 EUR")]
        assert (shop.read(refund).status, found_at(refund)) == ("succeeded", [])
        assert not OutsideRefund.objects.exists()

    def test_without_a_token_of_the_organization_there_is_no_report(self) -> None:
        with pytest.raises(AccessRefused, match="no_organization_token"):
            Client("test_shop").report(NOON, MATCHED)
