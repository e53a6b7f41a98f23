"""Who owes whom (the table of docs/ledger.md), row by row; figures worked out by hand.

65.05 is advanced for lines of 40.00 and 30.00 less a fee of 4.95; where the 30.00 line is not
accepted, 30.00 is owed.
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from decimal import Decimal

import pytest

from apps.core import clock, findings
from apps.orders.dtos import MethodChoice
from apps.orders.mixins.unwinding import AdvancePaid
from apps.orders.models import Return
from apps.orders.services import open_return
from apps.orders.tests import instant as at_once
from apps.orders.tests.factories import StockLevelFactory
from apps.orders.tests.instant import (
    BANK,
    CONSENT,
    decided,
    instant,
    instant_order,
    shortfalls,
    sums,
)
from apps.orders.tests.journeys import CREDIT, ORIGINAL, asked, euros, quoted, swap, wish
from apps.payments import choices, services
from apps.payments.gateways.bank_transfer.batch import NotApprover
from apps.payments.gateways.bank_transfer.models import BankTransferBatch
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.models import LedgerAccount, Payment
from apps.payments.services.advances import AdvanceUnderWay
from apps.payments.services.payouts import BatchRequest, NothingToTransfer
from apps.payments.services.refunds import AdvanceStaysTransfer
from apps.payments.services.unwinding import AdvanceSpent
from apps.payments.tests.factories import IBAN
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FREE = MethodChoice(code="post_office", kind="drop_off")
Gateway, Status = choices.Payment.Gateway, choices.Payment.Status


@pytest.fixture(scope="class", autouse=True)
def _now(built_once: Callable[[Callable[[], None]], None]) -> None:
    built_once(lambda: at_once.steps(("pay_now", 100)))


def at() -> datetime:
    return clock.now()


def balances(ret: Return) -> dict[str, str]:
    """Debit minus credit, accounts at zero left out; they sum to zero."""
    rows = LedgerAccount.objects.for_merchant(ret.merchant).exclude(balance_minor=0)
    found = {row.kind: f"{row.balance.amount:f}" for row in rows.order_by("kind")}
    assert sum(row.balance_minor for row in rows) == 0
    return found


def promised(ret: Return) -> list[Payment]:
    """The payments of every released part, as the ear has them made."""
    parts = at_once.advance_of(ret).parts.released().order_by("id")
    return [each for part in parts for each in services.promise_advance(part.pk, at())]


def by_bank() -> Return:
    ret = instant(instant_order(), by=BANK, iban=IBAN)
    services.set_payout_account(ret, IBAN, "Ana López", at())
    promised(ret)
    return ret


def batched(ret: Return) -> BankTransferBatch:
    staff = UserFactory.create(staff=True, is_superuser=True)
    batch = services.open_batch(BatchRequest(ret.merchant, staff, of_platform=True), at())
    services.approve_batch(batch, staff, at())
    return batch


def by_credit() -> Return:
    ret = instant(instant_order(), by=CREDIT)
    for payment in promised(ret):
        services.send_payment(payment.pk, at())
    return ret


@pytest.fixture(scope="class")
def banked_once(_now: None, built_once: Callable[[Callable[[], Return]], Return]) -> Return:
    return built_once(by_bank)


@pytest.fixture
def banked(banked_once: Return) -> Return:
    return deepcopy(banked_once)


@pytest.fixture(scope="class")
def credited_once(_now: None, built_once: Callable[[Callable[[], Return]], Return]) -> Return:
    return built_once(by_credit)


@pytest.fixture
def credited(credited_once: Return) -> Return:
    return deepcopy(credited_once)


def credit_of(ret: Return) -> StoreCreditAccount:
    return StoreCreditAccount.objects.get(ret=ret)


def ended(ret: Return, *outcomes: str) -> None:
    ret.receive(at())
    decided(ret, *outcomes)
    if ret.timeline.filter(kind="advance.reclaimed").exists():
        services.take_back_credit(ret.pk, at())
    for _ in range(2):
        services.post_end(ret.pk, at())


class BankTransferTest:
    def test_asked_for_it_is_the_platforms_debt(self, banked: Return) -> None:
        ret = banked
        payment = Payment.objects.get()

        assert (payment.purpose, payment.gateway, payment.amount) == (
            "advance",
            "bank_transfer",
            euros("65.05"),
        )
        assert balances(ret) == {"advances": "65.05", "advances_payable": "-65.05"}
        assert promised(ret) == [payment]

    def test_sent_and_arrived_from_the_platforms_bank(self, banked: Return) -> None:
        ret = banked
        batch = batched(ret)
        xml = services.export_batch(batch, at()).decode()
        assert balances(ret) == {"advances": "65.05", "platform_in_transit": "-65.05"}

        services.settle_batch(batch, at())
        assert balances(ret) == {"advances": "65.05", "platform_bank": "-65.05"}
        debtor = xml.split("<DbtrAcct>")[1].split("</DbtrAcct>")[0]
        assert ret.merchant.iban not in debtor

    def test_accepted_the_merchant_owes_it(self, banked: Return) -> None:
        ret = banked
        ended(ret, "accepted", "accepted")

        assert balances(ret) == {"advances_payable": "-65.05", "disbursements": "65.05"}
        assert services.owed_by_merchant(ret.pk) == euros("65.05")

    def test_short_the_shopper_owes_it(self, banked: Return) -> None:
        ret = banked
        ended(ret, "accepted", "missing")

        assert balances(ret) == {
            "advances_payable": "-65.05",
            "disbursements": "35.05",
            "shopper_receivable": "30.00",
        }
        assert services.owed_by_merchant(ret.pk) == euros("35.05")
        assert findings.find(at(), ret.merchant_id) == []

    def test_it_came_back_from_the_bank(self, banked: Return) -> None:
        ret = banked
        batch = batched(ret)
        services.export_batch(batch, at())
        services.settle_batch(batch, at())
        services.return_transfer(Payment.objects.get(), "AC04", at())  # type: ignore[arg-type]

        assert balances(ret) == {"advances": "65.05", "advances_payable": "-65.05"}

    def test_it_leaves_in_no_batch_of_the_merchant(self, banked: Return) -> None:
        ret = banked

        with pytest.raises(NothingToTransfer):
            services.open_batch(BatchRequest(ret.merchant, UserFactory.create()), at())

    def test_only_staff_lets_the_platforms_money_go(self, banked: Return) -> None:
        ret = banked
        with pytest.raises(NotApprover):
            services.open_batch(
                BatchRequest(ret.merchant, UserFactory.create(), of_platform=True), at()
            )
        staff = UserFactory.create(staff=True, is_superuser=True)
        batch = services.open_batch(BatchRequest(ret.merchant, staff, of_platform=True), at())

        with pytest.raises(NotApprover):
            services.approve_batch(batch, UserFactory.create(), at())

    def test_it_is_never_paid_with_the_merchants_money_instead(self, banked: Return) -> None:
        payment = Payment.objects.get(ret=banked)
        services.cancel_payment(payment.pk, "wrong account", at())

        with pytest.raises(AdvanceStaysTransfer):
            services.pay_another_way(payment.pk, Gateway.MANUAL, at())

    def test_credit_of_the_order_goes_back_as_credit(self) -> None:
        """Of 70.00 paid, 25.00 was credit: 25.00 of 65.05 is the merchant's, and of 30.00 owed
        11.53 (half-up of 11.5296)."""
        order = instant_order(with_credit=True)
        ret = instant(order, by=BANK, iban=IBAN)
        assert [(each.gateway, each.amount) for each in promised(ret)] == [
            ("store_credit", euros("25.00")),
            ("bank_transfer", euros("40.05")),
        ]
        for payment in Payment.objects.filter(gateway="store_credit"):
            services.send_payment(payment.pk, at())
        ended(ret, "accepted", "rejected")

        assert balances(ret) == {
            "advances_payable": "-40.05",
            "disbursements": "21.58",
            "merchant_payable": "-11.53",
            "refunds_granted": "25.00",
            "shopper_receivable": "30.00",
            "store_credit_liability": "-25.00",
        }


class OriginalTest:
    def test_the_merchants_own_money(self) -> None:
        ret = instant(instant_order(), by=ORIGINAL)
        (payment,) = promised(ret)

        assert (payment.purpose, payment.gateway) == ("advance", "manual")
        assert balances(ret) == {
            "fees_withheld": "-4.95",
            "refunds_granted": "70.00",
            "refunds_payable": "-65.05",
        }

    def test_accepted_nothing_more(self) -> None:
        ret = instant(instant_order(), by=ORIGINAL)
        promised(ret)
        before = balances(ret)
        ended(ret, "accepted", "accepted")

        assert balances(ret) == before
        assert services.owed_by_merchant(ret.pk) == euros("0")
        assert services.promise_refund(ret.pk, at()) == []

    def test_short_the_platform_owes_the_merchant(self) -> None:
        ret = instant(instant_order(), by=ORIGINAL)
        promised(ret)
        ended(ret, "accepted", "rejected")

        shown = balances(ret)
        assert (shown["shopper_receivable"], shown["merchant_payable"]) == ("30.00", "-30.00")

    def test_parts_of_two_payments_add_up(self) -> None:
        """32.53 now and 32.52 at the scan, from one card."""
        at_once.steps(("pay_now", 50))
        ret = instant(instant_order(), by=ORIGINAL)
        promised(ret)
        ret.ship(at())

        assert [each.amount for each in promised(ret)] == [euros("32.53"), euros("32.52")]
        assert balances(ret)["refunds_payable"] == "-65.05"


class StoreCreditTest:
    def test_given_at_once(self, credited: Return) -> None:
        ret = credited

        assert credit_of(ret).balance == euros("65.05")
        assert balances(ret)["store_credit_liability"] == "-65.05"

    def test_unused_it_is_taken_back_and_nothing_is_owed(self, credited: Return) -> None:
        ret = credited
        ended(ret, "accepted", "missing")

        assert sums(ret) == ("35.05", "0.00", "30.00", "0.00")
        account = credit_of(ret)
        assert (account.balance, account.voided, account.is_open(at())) == (
            euros("35.05"),
            euros("30.00"),
            True,
        )
        assert balances(ret) == {
            "credit_forfeited": "-30.00",
            "fees_withheld": "-4.95",
            "refunds_granted": "70.00",
            "store_credit_liability": "-35.05",
        }
        assert findings.find(at(), ret.merchant_id) == []

    def test_only_what_was_used_is_owed(self, credited: Return) -> None:
        """45.05 is spent, so 20.00 is left to take back: 10.00 is owed."""
        ret = credited
        credit_of(ret).spend(euros("45.05"), "order-9", at())
        ended(ret, "accepted", "rejected")

        assert sums(ret) == ("35.05", "10.00", "20.00", "0.00")
        assert shortfalls(ret) == [("rejected", "10.00")]
        shown = balances(ret)
        assert (shown["shopper_receivable"], shown["merchant_payable"]) == ("10.00", "-10.00")

    def test_heard_twice_it_is_taken_once(self, credited: Return) -> None:
        ret = credited
        ended(ret, "accepted", "rejected")
        services.take_back_credit(ret.pk, at())

        assert credit_of(ret).voided == euros("30.00")

    def test_credit_that_is_not_given_yet_is_waited_for(self) -> None:
        ret = instant(instant_order(), by=CREDIT)
        promised(ret)
        decided(ret, "accepted", "rejected")

        with pytest.raises(AdvanceUnderWay):
            services.take_back_credit(ret.pk, at())

    def test_a_bonus_goes_out_with_it(self) -> None:
        """10 % of 65.05 is 6.51 (half-up of 6.505)."""
        order = instant_order()
        order.store.preferences.bonus_kind = "percent"
        order.store.preferences.bonus_percent = "10"
        order.store.preferences.save()
        ret = instant(order, by=CREDIT)

        assert [(each.purpose, each.amount) for each in promised(ret)] == [
            ("advance", euros("65.05")),
            ("adjustment", euros("6.51")),
        ]
        assert balances(ret)["bonus_expense"] == "6.51"

    def test_withdrawn_under_one_reference_once(self, credited: Return) -> None:
        account = credit_of(credited)

        assert account.withdraw(euros("5"), "a", at()) == euros("5")
        assert account.withdraw(euros("9"), "a", at()) == euros("5")
        assert account.withdraw(euros("99"), "b", at()) == euros("60.05")
        assert account.withdraw(euros("1"), "c", at()) == euros("0")


class ExchangeTest:
    def test_goods_that_are_kept_are_owed(self) -> None:
        ret = exchanged()
        assert promised(ret) == []
        assert balances(ret) == {"exchange_goods": "-50.00", "refunds_granted": "50.00"}
        ret.exchanges.get().place_order("shop-1")
        ret.reject_all("Worn", at())
        services.post_end(ret.pk, at())

        assert balances(ret) == {
            "exchange_goods": "-50.00",
            "merchant_payable": "-50.00",
            "refunds_granted": "50.00",
            "shopper_receivable": "50.00",
        }

    @pytest.mark.parametrize(
        ("outcomes", "kept", "paid"),
        [
            (("accepted", "accepted"), "70.00", ["40.00"]),
            (("accepted", "rejected"), "40.00", ["10.00"]),
            (("rejected", "accepted"), "30.00", ["30.00"]),
            (("rejected", "rejected"), "0.00", []),
        ],
    )
    def test_decided_before_anything_went_out_only_what_is_accepted_is_paid(
        self, outcomes: tuple[str, str], kept: str, paid: list[str]
    ) -> None:
        """40.00 for goods of 30.00, and 30.00 in money: 40.00 of 70.00 is money."""
        at_once.steps(("pay_at_scan", 100))
        order = instant_order(4000, 3000)
        level = StockLevelFactory.create(store=order.store, price_minor=3000)
        shirt, trousers = order.lines.order_by("position")
        units = (swap(shirt, level.variant_id), wish(trousers, 1))
        quote = quoted(order, *units, method=FREE)
        ret = open_return(order, asked(quote, method=FREE, consent=CONSENT), at()).ret
        decided(ret, *outcomes)

        assert sums(ret) == (kept, "0.00", "0.00", f"{70 - Decimal(kept):f}")
        assert [f"{each.amount.amount:f}" for each in promised(ret)] == paid
        assert findings.find(at(), ret.merchant_id) == []

    def test_called_off_the_books_are_empty(self) -> None:
        ret = exchanged()
        promised(ret)
        services.unwind_return(ret, "", at())
        for _ in range(2):
            services.post_end(ret.pk, at())

        assert balances(ret) == {}


class UnwindTest:
    def test_unused_credit_is_voided_first(self) -> None:
        ret = by_credit()
        services.unwind_return(ret, "Ordered twice", at())
        services.post_end(ret.pk, at())

        ret.refresh_from_db()
        assert ret.status == "cancelled"
        assert credit_of(ret).balance == euros("0")
        assert sums(ret) == ("0.00", "0.00", "65.05", "0.00")
        assert balances(ret) == {"credit_forfeited": "-65.05", "refunds_granted": "65.05"}
        assert findings.find(at(), ret.merchant_id) == []

    def test_not_once_it_is_used(self) -> None:
        ret = by_credit()
        credit_of(ret).spend(euros("0.01"), "order-9", at())

        with pytest.raises(AdvanceSpent):
            services.unwind_return(ret, "", at())

    def test_a_transfer_that_nobody_sent_is_cancelled(self) -> None:
        ret = by_bank()
        services.unwind_return(ret, "", at())

        assert Payment.objects.get().status == Status.CANCELLED
        assert balances(ret) == {}

    def test_a_refund_by_hand_that_nobody_made_is_not_expected_any_more(self) -> None:
        ret = instant(order := instant_order(), by=ORIGINAL)
        promised(ret)
        services.unwind_return(ret, "", at())

        assert order.tenders.get().at_shop_minor == 0
        assert Payment.objects.get().status == Status.CANCELLED

    def test_money_that_is_on_its_way_is_not(self) -> None:
        ret = by_bank()
        services.export_batch(batched(ret), at())

        with pytest.raises(AdvancePaid):
            services.unwind_return(ret, "", at())

    def test_called_off_before_it_was_promised_it_is_never_paid(self) -> None:
        ret = instant(instant_order(), by=CREDIT)
        services.unwind_return(ret, "", at())

        assert promised(ret) == []


def exchanged() -> Return:
    """Goods of 50.00 for goods of 50.00, without a fee."""
    order = instant_order(5000)
    level = StockLevelFactory.create(store=order.store, price_minor=5000)
    quote = quoted(order, swap(order.lines.get(), level.variant_id), method=FREE)
    return open_return(order, asked(quote, method=FREE, consent=CONSENT), at()).ret
