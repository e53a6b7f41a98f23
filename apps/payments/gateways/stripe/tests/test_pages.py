"""A price difference paid on a page of Stripe's, against the fake as a process."""

import json
from datetime import timedelta

import pytest

from apps.core.money import Money
from apps.orders import choices as orders
from apps.orders.models import Return
from apps.payments import choices, services
from apps.payments.gateways.stripe.models import StripeCheckoutPayment, StripeRefund
from apps.payments.gateways.stripe.tests.conftest import KEY
from apps.payments.mixins.taking import MoreThanCollected
from apps.payments.services import reconcile
from apps.payments.tests.contract import AT, LATER, owned, told
from apps.payments.tests.factories import (
    StripeAccountFactory,
    StripeCheckoutPaymentFactory,
    WaitingReturnFactory,
)
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db
Status = choices.Payment.Status


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def promised() -> StripeCheckoutPayment:
    page: StripeCheckoutPayment = StripeCheckoutPaymentFactory.create()
    return page


def going_on(page: StripeCheckoutPayment) -> services.GoOn:
    return services.go_on_with_return(returned(page).pk, AT)


def offered() -> StripeCheckoutPayment:
    page = promised()
    services.send_payment(page.pk, AT)
    return read(page)


def paid(psp: Psp) -> StripeCheckoutPayment:
    page = offered()
    psp.pay(KEY, page.session_id)
    services.resolve_payment(page.pk, LATER)
    return read(page)


def read(page: StripeCheckoutPayment) -> StripeCheckoutPayment:
    return StripeCheckoutPayment.objects.get(pk=page.pk)


def hear(page: StripeCheckoutPayment, kind: str, id_: str) -> None:
    body = json.dumps({"data": {"object": {"id": id_, "object": kind}}}).encode()
    services.hear_stripe(page.stripe_account_id, body, LATER)


def returned(page: StripeCheckoutPayment) -> Return:
    assert page.ret_id is not None
    return Return.objects.get(pk=page.ret_id)


class OfferTest:
    def test_a_page_is_opened_and_shown(self, psp: Psp) -> None:
        until = promised().link_until.replace(microsecond=0)
        page = offered()

        assert page.status == Status.REQUIRES_ACTION
        assert until <= page.link_until <= until + timedelta(seconds=5)
        assert page.url == f"https://checkout.psp.example/c/pay/{page.session_id}"
        assert psp.captures(page.idempotency_key) == []
        assert owned(page) == {}

    def test_a_lost_answer_opens_the_same_page_again(self, psp: Psp) -> None:
        psp.mode("reset_after")
        page = offered()
        assert (page.status, page.session_id) == (Status.UNKNOWN, "")

        services.resolve_payment(page.pk, LATER)

        made = [call for call in psp.calls("POST") if call["key"] == page.idempotency_key]
        assert read(page).status == Status.REQUIRES_ACTION
        assert len(made) == 2

    def test_a_refused_page_is_failed_and_may_be_tried_again(self, psp: Psp) -> None:
        psp.mode("refuse", code="amount_too_small")
        page = offered()
        assert (page.status, page.failure_code) == (Status.FAILED, "amount_too_small")

        services.retry_payment(page.pk, LATER)
        services.send_payment(page.pk, LATER)

        assert read(page).status == Status.REQUIRES_ACTION
        assert read(page).idempotency_key == f"price_difference:{page.pk}:2"

    def test_waits_while_nobody_pays_or_answers(self, psp: Psp) -> None:
        page = offered()
        services.resolve_payment(page.pk, LATER)
        assert read(page).lease_until == LATER + timedelta(minutes=15)

        psp.mode("reset_before", match={"method": "GET"})
        services.resolve_payment(page.pk, LATER + timedelta(hours=1))

        assert read(page).status == Status.REQUIRES_ACTION
        assert told(page) == ["collection.sent", "collection.offered"]


class PayTest:
    def test_paid_is_in_the_books_once(self, psp: Psp) -> None:
        page = paid(psp)

        services.resolve_payment(page.pk, LATER + timedelta(hours=1))
        hear(page, "checkout.session", page.session_id)

        (intent,) = psp.captures(page.idempotency_key)
        page = read(page)
        assert (page.status, page.provider_ref) == (Status.SUCCEEDED, intent["id"])
        assert intent["amount_received"] == 1295
        assert owned(page) == {
            ("price_differences", "EUR"): "12.95 EUR",
            ("stripe_balance", "EUR"): "12.95 EUR",
            ("stripe_in_transit", "EUR"): "0.00 EUR",
        }
        assert reconcile(page.merchant) == []

    @pytest.mark.parametrize("kind", ["checkout.session", "payment_intent"])
    def test_a_webhook_brings_the_news(self, psp: Psp, kind: str) -> None:
        page = offered()
        session = psp.pay(KEY, page.session_id)

        hear(page, kind, session["id"] if kind == "checkout.session" else session["payment_intent"])

        assert read(page).status == Status.SUCCEEDED

    def test_a_webhook_before_anybody_pays_changes_nothing(self, psp: Psp) -> None:
        page = offered()

        hear(page, "checkout.session", page.session_id)
        hear(page, "checkout.session", "cs_unheard_of")

        assert read(page).status == Status.REQUIRES_ACTION

    def test_an_expired_page_is_the_end(self, psp: Psp) -> None:
        page = offered()
        psp.clock(24 * 3600)

        services.resolve_payment(page.pk, LATER)

        assert read(page).status == Status.EXPIRED
        assert owned(page) == {}

    def test_another_sum_is_not_believed(self, psp: Psp) -> None:
        page = offered()
        StripeCheckoutPayment.objects.filter(pk=page.pk).update(session_id="")
        other = offered()
        psp.pay(KEY, other.session_id)
        StripeCheckoutPayment.objects.filter(pk=page.pk).update(session_id=other.session_id)

        hear(page, "checkout.session", other.session_id)

        assert read(page).status == Status.REQUIRES_ACTION


class GoOnTest:
    def waiting(self) -> Return:
        ret: Return = WaitingReturnFactory.create()
        StripeAccountFactory.create(merchant=ret.merchant)
        return ret

    def page_of(self, ret: Return) -> StripeCheckoutPayment:
        page = services.collect_difference(ret.pk, AT)
        assert page is not None
        services.send_payment(page.pk, AT)
        return read(page)

    def test_one_page_for_a_return(self, psp: Psp) -> None:
        ret = self.waiting()

        first, again = (services.collect_difference(ret.pk, AT) for _ in range(2))

        assert first is not None
        assert first == again
        assert (first.amount, first.link_until) == (euros("12.95"), ret.pay_until)

    def test_without_an_account_there_is_none(self) -> None:
        ret = WaitingReturnFactory.create()

        assert not services.can_collect(ret.store)
        assert services.collect_difference(ret.pk, AT) is None

    def test_paid_opens_the_return_once(self, psp: Psp) -> None:
        page = self.page_of(self.waiting())
        psp.pay(KEY, page.session_id)
        services.resolve_payment(page.pk, LATER)

        for _ in range(2):
            assert services.carry_on(page.pk, LATER) == services.GoOn()

        ret = returned(page)
        assert (ret.status, ret.paid, ret.opened_at) == ("in_progress", euros("12.95"), LATER)
        assert list(ret.timeline.values_list("kind", flat=True)) == ["return.opened"]
        assert services.collect_difference(ret.pk, LATER) == page

    def test_paid_waits_for_approval_where_a_rule_says_so(self, psp: Psp) -> None:
        ret = self.waiting()
        Return.objects.filter(pk=ret.pk).update(needs_approval=True)
        page = self.page_of(ret)
        psp.pay(KEY, page.session_id)
        services.resolve_payment(page.pk, LATER)

        services.carry_on(page.pk, LATER)

        ret = returned(page)
        assert (ret.status, ret.pay_until) == ("requested", None)
        ret.approve(LATER)
        assert ret.status == orders.Return.Status.IN_PROGRESS

    def test_expired_cancels_the_return(self, psp: Psp) -> None:
        page = self.page_of(self.waiting())
        psp.clock(24 * 3600)
        services.resolve_payment(page.pk, LATER)

        services.carry_on(page.pk, LATER)

        ret = returned(page)
        assert ret.status == orders.Return.Status.CANCELLED
        assert ret.timeline.values_list("payload__reason", flat=True).last() == "not_paid"

    def test_a_cancelled_return_closes_its_page(self, psp: Psp) -> None:
        page = self.page_of(self.waiting())
        returned(page).cancel(AT)

        assert going_on(page) == services.GoOn(pages=(page.pk,))
        services.close_page(page.pk, AT)

        assert read(page).status == Status.EXPIRED
        assert going_on(page) == services.GoOn()

    def test_who_pays_a_cancelled_return_is_paid_back(self, psp: Psp) -> None:
        page = self.page_of(self.waiting())
        returned(page).cancel(AT)
        psp.pay(KEY, page.session_id)
        services.close_page(page.pk, AT)
        assert read(page).status == Status.SUCCEEDED

        (refund,) = services.carry_on(page.pk, AT).payments
        services.send_payment(refund, AT)

        page = read(page)
        assert (page.status, page.given_back) == (Status.REFUNDED, euros("12.95"))
        assert services.carry_on(page.pk, AT) == services.GoOn()
        assert owned(page) == {
            ("price_differences", "EUR"): "0.00 EUR",
            ("refunds_payable", "EUR"): "0.00 EUR",
            ("stripe_balance", "EUR"): "0.00 EUR",
            ("stripe_in_transit", "EUR"): "0.00 EUR",
        }
        assert reconcile(page.merchant) == []

    def test_a_page_never_sent_is_called_off(self) -> None:
        page = services.collect_difference(self.waiting().pk, AT)
        assert page is not None
        returned(page).cancel(AT)

        assert going_on(page) == services.GoOn()
        assert read(page).status == Status.CANCELLED

    def test_a_return_without_a_page_is_left_alone(self) -> None:
        ret = WaitingReturnFactory.create()

        assert services.go_on_with_return(ret.pk, AT) == services.GoOn()
        assert Return.objects.get(pk=ret.pk).status == orders.Return.Status.REQUESTED


class GiveBackTest:
    def test_in_parts_up_to_what_came_in(self, psp: Psp) -> None:
        page = paid(psp)

        refund = services.give_back(page, euros("2.95"), LATER)
        services.send_payment(refund.pk, LATER)
        assert read(page).status == Status.PARTLY_REFUNDED
        with pytest.raises(MoreThanCollected):
            services.give_back(page, euros("10.01"), LATER)
        rest = services.give_back(page, euros("10.00"), LATER)
        services.send_payment(rest.pk, LATER)

        assert read(page).status == Status.REFUNDED
        assert [each["amount"] for each in psp.effects() if each["payment_intent"] == (
            page.provider_ref
        )] == [295, 1000]  # fmt: skip
        assert reconcile(page.merchant) == []

    def test_one_that_bounces_is_owed_again(self, psp: Psp) -> None:
        page = paid(psp)
        refund = services.give_back(page, euros("12.95"), LATER)
        services.send_payment(refund.pk, LATER)
        refund = StripeRefund.objects.get(pk=refund.pk)
        psp.settle(KEY, refund.provider_ref, "failed")

        hear(page, "refund", refund.provider_ref)

        assert read(page).status == Status.SUCCEEDED
        assert StripeRefund.objects.get(pk=refund.pk).status == Status.RETURNED
        assert owned(page)["refunds_payable", "EUR"] == "12.95 EUR"
        by_hand = services.pay_another_way(refund.pk, "manual", LATER)
        assert by_hand.gives_back == page

    def test_nothing_of_what_is_not_in(self) -> None:
        with pytest.raises(MoreThanCollected):
            services.give_back(promised(), euros("1.00"), AT)


class DisputeTest:
    def test_a_dispute_takes_it_out_of_the_books(self, psp: Psp) -> None:
        page = paid(psp)
        dispute = psp.dispute(KEY, page.provider_ref, 1295)

        for _ in range(2):
            hear(page, "dispute", dispute["id"])

        assert (read(page).status, read(page).dispute_ref) == (Status.DISPUTED, dispute["id"])
        assert owned(page)["price_differences", "EUR"] == "0.00 EUR"
        assert owned(page)["stripe_balance", "EUR"] == "0.00 EUR"
        assert reconcile(page.merchant) == []

    def test_won_puts_it_back(self, psp: Psp) -> None:
        page = paid(psp)
        dispute = psp.dispute(KEY, page.provider_ref, 1295)
        hear(page, "dispute", dispute["id"])
        psp.close_dispute(KEY, dispute["id"], "won")

        for _ in range(2):
            hear(page, "dispute", dispute["id"])

        assert read(page).status == Status.SUCCEEDED
        assert owned(page)["price_differences", "EUR"] == "12.95 EUR"

    def test_lost_stays_lost_even_when_nobody_told_of_its_opening(self, psp: Psp) -> None:
        page = paid(psp)
        dispute = psp.dispute(KEY, page.provider_ref, 1295)
        psp.close_dispute(KEY, dispute["id"], "lost")

        for _ in range(2):
            hear(page, "dispute", dispute["id"])

        page = read(page)
        assert (page.status, page.failure_code) == (Status.DISPUTED, "dispute_lost")
        assert told(page)[-2:] == ["collection.disputed", "collection.dispute_closed"]
        assert owned(page)["stripe_balance", "EUR"] == "0.00 EUR"

    def test_of_a_payment_of_the_order_is_not_ours(self, psp: Psp) -> None:
        page = paid(psp)
        psp.capture(KEY, 5000, id="pi_of_the_shop")
        dispute = psp.dispute(KEY, "pi_of_the_shop", 5000)

        hear(page, "dispute", dispute["id"])

        assert read(page).status == Status.SUCCEEDED
