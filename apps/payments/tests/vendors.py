"""What every gateway of a vendor must do besides the contract; a test module names its Shop."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from factory.django import DjangoModelFactory

from apps.payments import choices, services
from apps.payments.gateways.base import VendorRefund
from apps.payments.models import Payment
from apps.payments.tests import contract
from apps.payments.tests.contract import AT, NOON, found_at, owed
from fakes.psp.control import Psp

Status = choices.Payment.Status
SOON = AT + timedelta(minutes=3)


class Shop:
    """A Case of the contract whose refunds are known to the fake of `vendor`."""

    vendor: str
    factory: type[DjangoModelFactory[Any]]
    prefix: str
    fake: Psp
    name = "shop"
    refunds = "/v"

    @property
    def key(self) -> str:
        """What the account is known by at the fake."""
        return f"{self.prefix}{self.name}"

    def promised(self) -> Payment:
        """60.00 EUR of 100.00 captured, in the books and not sent."""
        refund: VendorRefund = self.factory.create(gateway_account__shop_name=self.name)
        self.fake.capture(self.key, 10_000, id=refund.paid_by)
        refund.post_promised(AT)
        return refund

    def send(self, payment: Payment, at: datetime) -> None:
        services.send_payment(payment.pk, at)
        payment.refresh_from_db()

    def finish(self, payment: Payment, at: datetime) -> None:
        """The vendor answers at once."""

    def settled(self, payment: Payment, status: str, reason: str = "") -> None:
        """The vendor ends a refund and tells us so."""
        self.fake.settle(self.key, payment.provider_ref, status, reason)
        self.tell(payment)

    def tell(self, payment: Payment) -> None:
        raise NotImplementedError

    def paid(self, payment: Payment) -> int:
        effects = self.fake.effects()
        return len([each for each in effects if str(payment.pk) in each["reference"]])

    def read(self, payment: Payment) -> VendorRefund:
        found = Payment.objects.get(pk=payment.pk)
        assert isinstance(found, VendorRefund)
        return found


class VendorContractTest(contract.GatewayContractTest):
    case: ClassVar[Shop]

    @pytest.fixture(autouse=True)
    def _at_the_fake(self, fake_of: Callable[[str], Psp]) -> None:
        self.case.fake = fake_of(self.case.vendor)

    def doubted(self, mode: str, **facts: Any) -> Payment:
        """Only the refund meets `mode`, not the token that some vendors want first."""
        self.case.fake.mode(mode, match={"path": self.case.refunds}, **facts)
        return self.sent()

    def test_moves_the_money_once(self) -> None:
        payment = self.done()

        (effect,) = self.case.fake.effects(payment.idempotency_key)
        assert (effect["amount"], effect["currency"], effect["id"]) == (
            6000,
            "eur",
            self.case.read(payment).provider_ref,
        )

    @pytest.mark.parametrize(
        "mode", ["reset_before", "reset_after", "error_before", "conflict", "rate_limit"]
    )
    def test_unknown_ends_in_one_effect(self, mode: str) -> None:
        payment = self.doubted(mode)
        doubted = payment.status
        services.resolve_payment(payment.pk, SOON)
        self.case.finish(self.case.read(payment), SOON)

        read = self.case.read(payment)
        assert (doubted, read.status, read.generation) == ("unknown", "succeeded", 1)
        assert self.case.paid(payment) == 1
        assert owed(read) == "0.00"

    def test_another_sum_than_asked_for_is_not_believed(self) -> None:
        assert self.doubted("wrong_amount").status == Status.UNKNOWN

    def test_definite_refusal_leaves_the_debt(self) -> None:
        payment = self.doubted("refuse", status=422, code="refused_by_risk")

        assert payment.status == Status.FAILED
        assert payment.failure_code
        assert owed(payment) == "60.00"

    def test_above_what_was_captured_is_refused(self) -> None:
        payment = self.case.promised()
        assert isinstance(payment, VendorRefund)
        self.case.fake.capture(self.case.key, 5_999, id=payment.paid_by)
        self.case.send(payment, AT)

        assert self.case.read(payment).status == Status.FAILED
        assert self.case.paid(payment) == 0

    def test_refused_credentials_are_definite_only_at_first(self) -> None:
        first = self.doubted("refuse", status=401, times=None)
        self.case.fake.clear_modes()
        second = self.doubted("reset_before")
        self.case.fake.mode("refuse", status=401, times=None)
        services.resolve_payment(second.pk, SOON)

        assert first.status == Status.FAILED
        assert self.case.read(second).status == Status.UNKNOWN

    def test_late_failure_opens_the_debt_again(self) -> None:
        payment = self.done()
        self.case.settled(self.case.read(payment), "failed", "account_closed")

        read = self.case.read(payment)
        assert read.status == Status.RETURNED
        assert read.failure_code
        assert owed(read) == "60.00"


class VendorBalanceContractTest(contract.BalanceContractTest):
    case: ClassVar[Shop]

    @pytest.fixture(autouse=True)
    def _at_the_fake(self, fake_of: Callable[[str], Psp]) -> Iterator[None]:
        self.case.fake = fake_of(self.case.vendor)
        yield
        self.case.name = "shop"

    def test_report_that_never_comes_is_an_item(self) -> None:
        refund = self.paid()
        self.case.fake.mode("report_late", times=None)
        missing = (self.match(), found_at(refund, NOON + timedelta(days=6)))
        self.case.fake.clear_modes()
        there = (self.match(), found_at(refund, NOON + timedelta(days=6)))

        self.case.fake.mode("refuse", times=None, status=403, match={"method": "GET"})
        closed = self.match()

        assert missing == (0, ["refunds of five days ago are in no balance report that was read"])
        assert (there, closed) == ((1, []), 0)
