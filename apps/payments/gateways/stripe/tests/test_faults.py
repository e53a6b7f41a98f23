"""An answer that never came, came twice or lies: one effect, whatever the fake does."""

import logging
import time
from datetime import timedelta
from typing import Any

import pytest

from apps.events.models import Event
from apps.payments import choices, services
from apps.payments.gateways.stripe.facts import Asked
from apps.payments.gateways.stripe.models import StripeRefund
from apps.payments.gateways.stripe.tests.conftest import KEY, promised
from apps.payments.models import Payment
from apps.payments.tests.contract import AT, owed, owned
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db
Status = choices.Payment.Status
SOON = AT + timedelta(minutes=3)
DAY_LATER = AT + timedelta(hours=25)


def sent(psp: Psp) -> StripeRefund:
    refund = promised(psp)
    services.send_payment(refund.pk, AT)
    return read(refund)


def read(refund: Payment) -> StripeRefund:
    return StripeRefund.objects.get(pk=refund.pk)


def paid(psp: Psp, refund: Payment) -> int:
    effects = psp.effects()
    return len([each for each in effects if each["metadata"].get("payment") == str(refund.pk)])


class UnknownTest:
    @pytest.mark.parametrize(
        ("mode", "facts"),
        [
            ("reset_before", {}),
            ("reset_after", {}),
            ("error_before", {}),
            ("error_after", {}),
            ("error_after", {"kept": False}),
            ("hang_after", {"seconds": 2}),
            ("huge", {}),
            ("conflict", {}),
            ("rate_limit", {"retry_after": 30}),
            ("wrong_currency", {}),
            ("wrong_amount", {}),
        ],
    )
    def test_is_resolved_with_one_effect(self, psp: Psp, mode: str, facts: dict[str, Any]) -> None:
        psp.mode(mode, **facts)
        refund = sent(psp)
        doubted = refund.status
        services.resolve_payment(refund.pk, SOON)

        refund = read(refund)
        assert (doubted, refund.status, refund.generation) == ("unknown", "succeeded", 1)
        assert paid(psp, refund) == 1
        assert owed(refund) == "0.00"

    def test_works_after_nobody_waits_any_more(self, psp: Psp) -> None:
        psp.mode("hang_before", seconds=1.5)
        refund = sent(psp)
        services.resolve_payment(refund.pk, SOON)
        between = read(refund).status
        patience = time.monotonic() + 10
        while not psp.effects(refund.idempotency_key) and time.monotonic() < patience:
            continue
        services.resolve_payment(refund.pk, AT + timedelta(hours=1))

        assert (between, read(refund).status) == ("unknown", "succeeded")
        assert paid(psp, refund) == 1

    def test_slow_drip_ends_at_the_limit_of_the_whole_call(
        self, psp: Psp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from apps.core import http

        real = http.Limits
        monkeypatch.setattr(http, "Limits", lambda **facts: real(total=0.5, **facts))
        psp.mode("drip", seconds=0.05)

        assert sent(psp).status == Status.UNKNOWN

    def test_late_look_up_is_not_taken_for_absence(self, psp: Psp) -> None:
        psp.mode("reset_after")
        psp.mode("lookup_empty", times=3)
        refund = sent(psp)
        services.resolve_payment(refund.pk, SOON)

        assert read(refund).status == Status.SUCCEEDED
        assert paid(psp, refund) == 1

    def test_stored_500_is_asked_about_until_the_look_up_shows_it(self, psp: Psp) -> None:
        psp.mode("error_after")
        psp.mode("lookup_empty", times=2)
        refund = sent(psp)
        seen = []
        for hours in (1, 3, 5):
            services.resolve_payment(refund.pk, AT + timedelta(hours=hours))
            seen.append(read(refund).status)

        assert seen == ["unknown", "unknown", "succeeded"]
        assert paid(psp, refund) == 1


class KeyLifeTest:
    def test_effect_is_found_after_a_day(self, psp: Psp) -> None:
        psp.mode("reset_after")
        refund = sent(psp)
        psp.clock(25 * 3600)
        services.resolve_payment(refund.pk, DAY_LATER)

        assert read(refund).status == Status.SUCCEEDED
        assert paid(psp, refund) == 1

    def test_is_never_sent_again_after_a_day(self, psp: Psp) -> None:
        psp.mode("reset_before")
        refund = sent(psp)
        psp.clock(25 * 3600)
        for hours in range(25, 34, 3):
            services.resolve_payment(refund.pk, AT + timedelta(hours=hours))

        assert read(refund).status == Status.UNKNOWN
        assert paid(psp, refund) == 0

    def test_is_known_not_to_have_arrived_when_asked_often_enough(self, psp: Psp) -> None:
        psp.mode("reset_before", times=None)
        refund = sent(psp)
        for hours in (1, 3, 5, 7, 26):
            services.resolve_payment(refund.pk, AT + timedelta(hours=hours))

        refund = read(refund)
        assert (refund.status, refund.failure_code) == ("failed", "never_arrived")
        assert owed(refund) == "60.00"

    def test_next_generation_looks_for_the_one_before(self, psp: Psp) -> None:
        psp.mode("reset_after")
        psp.mode("lookup_empty", times=4)
        refund = sent(psp)
        for hours in (26, 28, 30, 32):
            services.resolve_payment(refund.pk, AT + timedelta(hours=hours))
        given_up = read(refund).status
        services.retry_payment(refund.pk, DAY_LATER)
        services.send_payment(refund.pk, DAY_LATER)

        refund = read(refund)
        assert (given_up, refund.status, refund.generation) == ("failed", "succeeded", 2)
        assert paid(psp, refund) == 1


class RefusalTest:
    def test_definite_one_leaves_the_debt(self, psp: Psp) -> None:
        psp.mode("refuse", code="charge_disputed")
        refund = sent(psp)

        assert (refund.status, refund.failure_code) == ("failed", "charge_disputed")
        assert owed(refund) == "60.00"

    def test_above_what_was_captured(self, psp: Psp) -> None:
        refund = promised(psp)
        psp.capture(KEY, 5_999, id=refund.paid_by)
        services.send_payment(refund.pk, AT)

        assert read(refund).failure_code == "invalid_request_error"

    def test_refused_key_is_definite_only_at_first(self, psp: Psp) -> None:
        psp.mode("refuse", status=401, code="api_key_expired")
        assert sent(psp).status == Status.FAILED
        psp.mode("reset_before")
        refund = sent(psp)
        psp.mode("refuse", status=401, code="api_key_expired")
        services.resolve_payment(refund.pk, SOON)

        assert read(refund).status == Status.UNKNOWN

    def test_same_key_with_other_parameters_says_nothing(self, psp: Psp) -> None:
        psp.mode("refuse", type="idempotency_error", code="")

        assert sent(psp).status == Status.UNKNOWN


class AlarmTest:
    def test_is_sounded_once_after_a_quarter_of_an_hour(
        self, psp: Psp, caplog: pytest.LogCaptureFixture
    ) -> None:
        psp.mode("reset_before", times=None)
        psp.mode("reset_before", times=None, match={"method": "GET"})
        refund = sent(psp)
        told = Event.objects.about("payments.payment", refund.pk).filter(kind="refund.unanswered")
        services.sweep_payments(AT + timedelta(minutes=14))
        early = told.count()
        for minutes in (16, 40):
            services.sweep_payments(AT + timedelta(minutes=minutes))

        assert (early, told.count()) == (0, 1)
        alarms = [each for each in caplog.records if each.levelno == logging.CRITICAL]
        assert [str(refund.pk) in each.getMessage() for each in alarms] == [True]

    def test_is_not_sounded_for_what_was_answered_meanwhile(self, psp: Psp) -> None:
        refund = sent(psp)

        refund.sound_alarm(AT + timedelta(minutes=16))

        told = Event.objects.about("payments.payment", refund.pk)
        assert not told.filter(kind="refund.unanswered").exists()


class LookUpTest:
    def test_among_many_refunds_of_the_charge(
        self, psp: Psp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from apps.payments.gateways.stripe import client

        monkeypatch.setattr(client, "PAGE", 1)
        psp.mode("reset_after")
        refund = sent(psp)
        charge = psp.effects(refund.idempotency_key)[0]["body"]["charge"]
        made = client.Client(KEY)
        for number in range(2):
            asked = Asked(source=charge, amount=5, metadata={}, key=f"{refund.pk}/{number}")
            made.refund(asked)
        looked = [facts.amount for facts in made.refunds_of(charge)]
        services.resolve_payment(refund.pk, SOON)

        assert looked == [5, 5, 6000]
        assert read(refund).status == Status.SUCCEEDED

    def test_of_another_only_sends_ours(self, psp: Psp) -> None:
        psp.mode("reset_before")
        refund = sent(psp)
        asked = Asked(source=refund.paid_by, amount=5, metadata={}, key=f"{refund.pk}/other")
        refund.stripe_account.client().refund(asked)
        services.resolve_payment(refund.pk, SOON)

        assert read(refund).status == Status.SUCCEEDED
        assert paid(psp, refund) == 1

    def test_refused_says_nothing(self, psp: Psp) -> None:
        psp.mode("reset_after")
        refund = sent(psp)
        psp.mode("refuse", status=404, match={"method": "GET"})
        services.resolve_payment(refund.pk, SOON)

        assert read(refund).status == Status.UNKNOWN


class PendingTest:
    def test_is_under_way_until_it_is_through(self, psp: Psp) -> None:
        psp.mode("pending")
        refund = sent(psp)
        between = (refund.status, owned(refund)["stripe_in_transit", "EUR"])
        services.resolve_payment(refund.pk, AT + timedelta(hours=2))
        waiting = read(refund).status
        psp.settle(KEY, refund.provider_ref, "succeeded")
        services.resolve_payment(refund.pk, AT + timedelta(hours=4))

        assert between == ("processing", "-60.00 EUR")
        assert (waiting, read(refund).status) == ("processing", "succeeded")
        assert owned(refund)["stripe_in_transit", "EUR"] == "0.00 EUR"

    def test_fails_and_is_tried_again_under_a_new_key(self, psp: Psp) -> None:
        psp.mode("pending")
        refund = sent(psp)
        psp.settle(KEY, refund.provider_ref, "failed", "expired_or_canceled_card")
        services.resolve_payment(refund.pk, AT + timedelta(hours=2))
        failed = read(refund)
        services.retry_payment(refund.pk, SOON)
        services.send_payment(refund.pk, SOON)

        assert (failed.status, failed.failure_code) == ("failed", "expired_or_canceled_card")
        again = read(refund)
        assert (again.status, again.generation) == ("succeeded", 2)
        assert again.provider_ref != failed.provider_ref
