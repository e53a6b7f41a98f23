"""Webhooks are hints: signature, once each, and then Stripe is asked."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from apps.core import clock
from apps.events import services as events
from apps.events.models import InboxMessage
from apps.payments import choices, services, tasks
from apps.payments.gateways.stripe import webhooks
from apps.payments.gateways.stripe.facts import AccessRefused, Asked
from apps.payments.gateways.stripe.models import StripeAccount, StripeRefund
from apps.payments.gateways.stripe.tests.conftest import KEY, promised
from apps.payments.services import reconcile
from apps.payments.tests.contract import AT, owed, owned
from apps.payments.tests.factories import StripeAccountFactory
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db
Status = choices.Payment.Status
SECRET = "whsec_shop"


def sign(body: bytes, at: datetime, secret: str = SECRET) -> str:
    stamp = str(int(at.timestamp()))
    signed = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return f"t={stamp},v1={signed.hexdigest()}"


def event(refund: StripeRefund | str, kind: str = "refund.updated", **facts: object) -> bytes:
    id_ = refund if isinstance(refund, str) else refund.provider_ref
    told = {"id": id_, "object": "refund", "status": "failed", "amount": 1}
    base = {"id": "evt_1", "type": kind, "livemode": False, "data": {"object": told}}
    return json.dumps({**base, **facts}).encode()


def sent(psp: Psp) -> StripeRefund:
    refund = promised(psp)
    services.send_payment(refund.pk, AT)
    return read(refund)


def read(refund: StripeRefund) -> StripeRefund:
    return StripeRefund.objects.get(pk=refund.pk)


def hear(refund: StripeRefund, body: bytes | None = None) -> None:
    services.hear_stripe(refund.stripe_account_id, body or event(refund), AT)


class AcceptTest:
    def accepts(self, account: StripeAccount, header: str, body: bytes) -> bool:
        headers = {"stripe-signature": header}
        return webhooks.accept(str(account.pk), headers, body, AT) is not None

    def test_names_the_event_and_the_account(self) -> None:
        account = StripeAccountFactory.create()
        body = event("re_1")

        delivery = webhooks.accept(account.id.hex, {"stripe-signature": sign(body, AT)}, body, AT)

        assert delivery is not None
        assert (delivery.merchant_id, delivery.source, delivery.account) == (
            account.merchant_id,
            "stripe",
            str(account.pk),
        )
        assert (delivery.event_id, delivery.topic, delivery.environment) == (
            "evt_1",
            "refund.updated",
            "test",
        )

    @pytest.mark.parametrize("seconds", [-300, 0, 300])
    def test_within_the_tolerance(self, seconds: int) -> None:
        at = AT.replace(microsecond=0) + timedelta(seconds=seconds)
        body = event("re_1")
        header = sign(body, at)

        assert webhooks.signed(header, body, [SECRET], AT.replace(microsecond=0).timestamp())

    def test_either_secret_while_one_is_rolled_over(self) -> None:
        account = StripeAccountFactory.create()
        account.let_speak(["whsec_new", "whsec_old"])
        body = event("re_1")
        old, new = (sign(body, AT, secret) for secret in ("whsec_old", "whsec_new"))

        assert self.accepts(account, old, body)
        assert self.accepts(account, f"{old},{new.split(',')[1]}", body)
        assert not self.accepts(account, sign(body, AT), body)

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "t=",
            "t=1",
            "v1=00",
            "t=\u0661,v1=00",
            f"t={int(AT.timestamp())}",
            f"t={int(AT.timestamp())},v1={'0' * 64}",
            f"t={int(AT.timestamp())},v1=\u00e9",
            sign(event("re_1"), AT, ""),
            sign(event("re_1"), AT, "whsec_other"),
            sign(event("re_1"), AT - timedelta(seconds=302)),
            sign(event("re_1"), AT + timedelta(seconds=302)),
            sign(event("re_1") + b" ", AT),
            f"{'x' * 100_000},{sign(event('re_1'), AT)}",
        ],
        # Headers hold the time: a name of their own would differ from worker to worker.
        ids=lambda header: "header",
    )
    def test_refuses_what_does_not_hold(self, header: str) -> None:
        assert not self.accepts(StripeAccountFactory.create(), header, event("re_1"))

    @pytest.mark.parametrize("body", [event("re_1", livemode=True), b"{", b"[]", b"\xff"])
    def test_refuses_a_signed_body_of_another_kind(self, body: bytes) -> None:
        assert not self.accepts(StripeAccountFactory.create(), sign(body, AT), body)

    def test_refuses_for_nobody(self) -> None:
        closed = StripeAccountFactory.create(is_active=False)
        silent = StripeAccountFactory.create(webhook_secrets=None)
        body = event("re_1")

        assert not self.accepts(closed, sign(body, AT), body)
        assert not self.accepts(silent, sign(body, AT, ""), body)
        for token in ("nobody", str(UUID(int=7))):
            headers = {"stripe-signature": sign(body, AT)}
            assert webhooks.accept(token, headers, body, AT) is None


class HearTest:
    def test_body_is_not_believed(self, psp: Psp) -> None:
        refund = sent(psp)

        hear(refund)

        assert read(refund).status == Status.SUCCEEDED

    def test_late_failure_opens_the_debt_again(self, psp: Psp) -> None:
        refund = sent(psp)
        psp.settle(KEY, refund.provider_ref, "failed", "expired_or_canceled_card")

        for _ in range(2):
            hear(refund)

        refund = read(refund)
        assert (refund.status, refund.failure_code) == ("returned", "expired_or_canceled_card")
        assert owed(refund) == "60.00"
        assert owned(refund)["stripe_balance", "EUR"] == "0.00 EUR"
        assert not [found for found in reconcile(refund.merchant) if found.invariant == "I-23"]

    def test_before_our_own_answer(self, psp: Psp) -> None:
        psp.mode("reset_after")
        refund = sent(psp)
        (effect,) = psp.effects(refund.idempotency_key)

        hear(refund, event(effect["id"], "refund.created"))
        services.resolve_payment(refund.pk, AT + timedelta(hours=1))

        refund = read(refund)
        assert (refund.status, refund.provider_ref) == ("succeeded", effect["id"])

    def test_pending_after_no_answer_is_under_way(self, psp: Psp) -> None:
        psp.mode("pending")
        psp.mode("reset_after")
        refund = sent(psp)
        (effect,) = psp.effects(refund.idempotency_key)

        hear(refund, event(effect["id"], "refund.created"))

        refund = read(refund)
        assert (refund.status, refund.provider_ref) == ("processing", effect["id"])
        assert refund.lease_until == AT + timedelta(hours=1)

    def test_paid_after_it_had_failed_is_an_alarm(
        self, psp: Psp, caplog: pytest.LogCaptureFixture
    ) -> None:
        psp.mode("reset_after")
        psp.mode("lookup_empty", times=5)
        refund = sent(psp)
        for hours in (26, 28, 30, 32, 34):
            services.resolve_payment(refund.pk, AT + timedelta(hours=hours))
        (effect,) = psp.effects(refund.idempotency_key)

        hear(refund, event(effect["id"]))

        assert read(refund).status == Status.FAILED
        assert "was paid after it had failed" in caplog.text

    def test_of_others_changes_nothing(self, psp: Psp) -> None:
        refund = sent(psp)
        by_hand = StripeAccountFactory.create(merchant=refund.merchant, is_active=False)
        elsewhere = promised(psp)
        psp.settle(KEY, refund.provider_ref, "failed")

        services.hear_stripe(by_hand.pk, event(refund), AT)
        hear(elsewhere, event(refund))
        hear(refund, event("re_unheard_of"))
        hear(refund, event(refund, data={"object": {"object": "charge", "id": "ch_1"}}))

        assert read(refund).status == Status.SUCCEEDED
        assert read(elsewhere).status == Status.PENDING

    def test_of_a_refund_that_names_no_payment_of_ours(self, psp: Psp) -> None:
        refund = sent(psp)
        client = refund.stripe_account.client()
        for number, name in enumerate(("by hand", str(UUID(int=7)))):
            asked = Asked(
                source=refund.paid_by,
                amount=5,
                metadata={"payment": name},
                key=f"{refund.pk}/{number}",
            )
            hear(refund, event(client.refund(asked).id))

        assert read(refund).status == Status.SUCCEEDED

    def test_key_refused_by_stripe_is_heard_again_later(self, psp: Psp) -> None:
        refund = sent(psp)
        psp.mode("refuse", status=401, match={"method": "GET"})

        with pytest.raises(AccessRefused):
            hear(refund)

    def test_through_the_inbox(self, psp: Psp) -> None:
        refund = sent(psp)
        psp.settle(KEY, refund.provider_ref, "failed")
        body = event(refund)
        headers = {"stripe-signature": sign(body, AT)}
        delivery = webhooks.accept(str(refund.stripe_account_id), headers, body, AT)
        assert delivery is not None

        receipts = [events.receive(delivery, AT) for _ in range(2)]
        psp.mode("error_before", match={"method": "GET"})
        first = events.process_one(receipts[0].id, clock.now())
        again = clock.now() + timedelta(minutes=10)
        second = events.process_one(receipts[0].id, again)

        assert [receipt.is_new for receipt in receipts] == [True, False]
        assert (first, second) == (False, True)
        assert read(refund).status == Status.RETURNED
        assert InboxMessage.objects.count() == 1


class CatchUpTest:
    def test_finds_what_no_webhook_brought(self, psp: Psp) -> None:
        refund = sent(psp)
        psp.settle(KEY, refund.provider_ref, "failed")

        services.catch_up_with_stripe(clock.now())

        assert read(refund).status == Status.RETURNED
        assert read(refund).stripe_account.caught_up_to is not None

    def test_goes_on_where_it_stopped(self, psp: Psp) -> None:
        refund = sent(psp)
        at = clock.now() + timedelta(hours=1)
        refund.stripe_account.catch_up_to(at)

        assert services.catch_up_with_stripe(at) == 0

    def test_stays_behind_when_stripe_is_silent(self, psp: Psp) -> None:
        refund = sent(psp)
        psp.mode("reset_before", match={"method": "GET"})

        assert tasks.catch_up_with_stripe() == 0
        assert tasks.catch_up_with_stripe() is None
        assert read(refund).stripe_account.caught_up_to is None
