"""From an accepted return to its payments and the books."""

from datetime import timedelta

import pytest

from apps.core import clock
from apps.core.money import Money
from apps.events.models import Event
from apps.orders.mixins.order_refunds import RefundClaim
from apps.orders.models import Return
from apps.orders.tests.factories import OrderFactory, ReturnFactory
from apps.payments import choices, services
from apps.payments.gateways.bank_transfer.models import BankTransferPayout
from apps.payments.gateways.manual.models import ManualRefund
from apps.payments.gateways.store_credit.models import StoreCreditAccount, StoreCreditRefund
from apps.payments.models import Payment
from apps.payments.modules.ledger import services as ledger
from apps.payments.modules.ledger.models import LedgerTransaction
from apps.payments.services.refunds import CreditStaysCredit, NothingOwed
from apps.payments.tests.factories import (
    AcceptedReturnFactory,
    ManualRefundFactory,
    StoreCreditRefundFactory,
)

pytestmark = pytest.mark.django_db
AT = clock.now()
Status = choices.Payment.Status
Gateway = choices.Payment.Gateway


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def books(ret: Return) -> dict[str, str]:
    """Accounts whose standing is not zero."""
    found = ledger.balances(ret.merchant)
    return {kind: f"{money.amount:f}" for (kind, _), money in found.items() if money}


def told(ret: Return) -> list[str]:
    return list(ret.timeline.values_list("kind", flat=True))


class RefundReturnTest:
    def test_pays_store_credit_at_once(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")

        (payment,) = services.refund_return(ret.pk, AT)

        assert isinstance(payment, StoreCreditRefund)
        assert (payment.status, payment.amount) == (Status.SUCCEEDED, eur("100.00"))
        assert payment.idempotency_key == f"refund:{payment.pk}:1"
        credit = StoreCreditAccount.objects.get(ret=ret)
        assert (credit.balance, credit.customer_id) == (eur("100.00"), ret.customer_id)
        assert credit.expires_at == AT + timedelta(days=730)
        assert services.find_credit(ret.merchant, credit.reveal().lower()) == credit
        assert books(ret) == {"refunds_granted": "100.00", "store_credit_liability": "100.00"}

    def test_tells_each_step_with_what_it_is_about(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")

        (payment,) = services.refund_return(ret.pk, AT)

        events = Event.objects.about("payments.payment", payment.pk)
        assert [event.kind for event in events] == [
            "refund.promised",
            "refund.sent",
            "refund.succeeded",
        ]
        assert events[0].payload == {
            "order": str(ret.order_id),
            "return": str(ret.pk),
            "gateway": "store_credit",
            "purpose": "refund",
            "amount": "100.00",
            "currency": "EUR",
        }

    def test_repeat_pays_nothing_more(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")

        first = services.refund_return(ret.pk, AT)
        second = services.refund_return(ret.pk, AT)

        assert [each.pk for each in first] == [each.pk for each in second]
        assert StoreCreditAccount.objects.get(ret=ret).issued == eur("100.00")
        assert LedgerTransaction.objects.count() == 2

    def test_card_without_gateway_waits_for_a_person(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="original")

        (payment,) = services.refund_return(ret.pk, AT)

        assert isinstance(payment, ManualRefund)
        assert payment.status == Status.PENDING
        assert books(ret) == {"refunds_granted": "100.00", "refunds_payable": "100.00"}

    def test_credit_goes_back_as_credit_and_the_rest_by_transfer(self) -> None:
        order = OrderFactory.create(with_credit=True)
        ret = AcceptedReturnFactory.create(order=order, refund_method="bank_transfer")

        credit, transfer = services.refund_return(ret.pk, AT)

        assert isinstance(credit, StoreCreditRefund)
        assert (credit.amount, credit.status) == (eur("25.00"), Status.SUCCEEDED)
        assert isinstance(transfer, BankTransferPayout)
        assert (transfer.amount, transfer.status) == (eur("75.00"), Status.PENDING)
        assert books(ret) == {
            "refunds_granted": "100.00",
            "refunds_payable": "75.00",
            "store_credit_liability": "25.00",
        }

    def test_two_legs_of_credit_share_one_code(self) -> None:
        order = OrderFactory.create(with_credit=True)
        ret = AcceptedReturnFactory.create(order=order, refund_method="store_credit")

        services.refund_return(ret.pk, AT)

        assert StoreCreditAccount.objects.get(ret=ret).balance == eur("100.00")

    def test_refund_made_elsewhere_is_settled_at_once(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="elsewhere", external_id="CN-77")

        (payment,) = services.refund_return(ret.pk, AT)

        assert isinstance(payment, ManualRefund)
        assert (payment.status, payment.reference) == (Status.SUCCEEDED, "CN-77/1")
        assert books(ret) == {"refunds_granted": "100.00", "external_settlement": "-100.00"}

    def test_fee_and_bonus_stand_on_their_own_accounts(self) -> None:
        ret = AcceptedReturnFactory.create(
            refund_method="store_credit",
            terms={**plain(), "fee_minor": 495, "bonus": "percent", "bonus_percent": "10"},
        )

        refund, bonus = services.refund_return(ret.pk, AT)

        # 100.00 - 4.95 = 95.05 back; 10 % of the 95.05 that real money pays = 9.51 (half-up).
        assert (refund.amount, refund.purpose) == (eur("95.05"), "refund")
        assert (bonus.amount, bonus.purpose, bonus.tender_id) == (eur("9.51"), "adjustment", None)
        assert books(ret) == {
            "refunds_granted": "100.00",
            "fees_withheld": "4.95",
            "bonus_expense": "9.51",
            "store_credit_liability": "104.56",
        }

    def test_exchange_for_cheaper_goods_pays_the_rest(self) -> None:
        order = OrderFactory.create(lines=[{"unit_price_minor": 10000}])
        line = order.lines.get()
        ret = AcceptedReturnFactory.create(
            order=order,
            refund_method="store_credit",
            lines=[{"line_item": line, "exchange": {"price_minor": 6000}}],
        )

        (payment,) = services.refund_return(ret.pk, AT)

        assert payment.amount == eur("40.00")
        assert books(ret) == {
            "refunds_granted": "100.00",
            "exchange_goods": "60.00",
            "store_credit_liability": "40.00",
        }

    def test_even_exchange_pays_nothing_and_says_so_once(self) -> None:
        order = OrderFactory.create(lines=[{"unit_price_minor": 10000}])
        ret = AcceptedReturnFactory.create(
            order=order, lines=[{"line_item": order.lines.get(), "exchange": {"title": "L"}}]
        )

        assert services.refund_return(ret.pk, AT) == []
        assert services.refund_return(ret.pk, AT) == []

        assert told(ret) == ["refund.nothing_due"]
        assert not Payment.objects.exists()

    def test_refusal_writes_nothing_and_is_told_once(self) -> None:
        ret = ReturnFactory.create()

        assert services.promise_or_block(ret.pk, AT) == []
        assert services.promise_or_block(ret.pk, AT) == []

        event = ret.timeline.get()
        assert (event.kind, event.payload["code"]) == ("refund.blocked", "nothing_accepted")
        assert not Payment.objects.exists()
        assert not LedgerTransaction.objects.exists()

    def test_what_the_order_no_longer_holds_is_not_paid(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")
        ret.order.claim_refund(RefundClaim(amount=eur("60.00")))

        (payment,) = services.refund_return(ret.pk, AT)

        assert payment.amount == eur("40.00")


class PayAnotherWayTest:
    def test_cancelled_transfer_becomes_credit(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="bank_transfer")
        (transfer,) = services.refund_return(ret.pk, AT)
        services.cancel_payment(transfer.pk, "no account", AT)

        credit = services.pay_another_way(transfer.pk, Gateway.STORE_CREDIT, AT)
        services.send_payment(credit.pk, AT)

        assert credit.replaces == transfer
        assert books(ret) == {"refunds_granted": "100.00", "store_credit_liability": "100.00"}

    @pytest.mark.parametrize("status", [Status.PENDING, Status.PROCESSING, Status.SUCCEEDED])
    def test_a_live_payment_is_not_replaced(self, status: str) -> None:
        payment = ManualRefundFactory.create(status=status, provider_ref="x")

        with pytest.raises(NothingOwed):
            services.pay_another_way(payment.pk, Gateway.MANUAL, AT)

        assert payment.replacements.count() == 0

    def test_is_replaced_once_and_then_not_tried_again(self) -> None:
        payment = ManualRefundFactory.create(status=Status.FAILED)
        services.pay_another_way(payment.pk, Gateway.MANUAL, AT)

        with pytest.raises(NothingOwed):
            services.pay_another_way(payment.pk, Gateway.MANUAL, AT)
        with pytest.raises(NothingOwed):
            services.retry_payment(payment.pk, AT)

        assert payment.replacements.count() == 1

    def test_credit_never_becomes_cash(self) -> None:
        payment = StoreCreditRefundFactory.create(status=Status.CANCELLED)

        with pytest.raises(CreditStaysCredit):
            services.pay_another_way(payment.pk, Gateway.BANK_TRANSFER, AT)

        assert payment.replacements.count() == 0


class RetryTest:
    def test_next_generation_has_a_key_of_its_own(self) -> None:
        payment = ManualRefundFactory.create(
            status=Status.FAILED, submitted_at=AT, attempts=3, failure_code="AC04"
        )

        services.retry_payment(payment.pk, AT)

        payment.refresh_from_db()
        assert payment.status == Status.PENDING
        assert payment.idempotency_key == f"refund:{payment.pk}:2"
        assert (payment.attempts, payment.submitted_at, payment.failure_code) == (0, None, "")


def plain() -> dict[str, object]:
    from apps.orders.modules.discounts.terms import FrozenTerms

    return dict(FrozenTerms.plain("EUR").stored)
