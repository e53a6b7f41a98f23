"""Cards saved with consent, charged for recoveries, against the fake as a process."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from apps.core.faults import crash_here
from apps.core.money import Money
from apps.orders.tests.factories import QuoteFactory
from apps.payments import choices, services
from apps.payments.gateways.stripe.models import (
    PaymentMethodToken,
    StripeCheckoutPayment,
    StripeRecoveryCharge,
)
from apps.payments.mixins.taking import MoreThanCollected
from apps.payments.services import reconcile, recovering
from apps.payments.services.recovering import NoPlatformAccount, UnknownCollection
from apps.payments.tests.contract import AT, LATER, owned
from apps.payments.tests.factories import (
    AcceptedReturnFactory,
    PaymentMethodTokenFactory,
    StripeRecoveryChargeFactory,
)
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db
Status = choices.Payment.Status
KEY = "sk_test_platform"
RECOVERY = UUID(int=7)


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


@dataclass
class Recovery:
    """Stands in for the recovery of orders: what it was told, each once."""

    told: list[tuple[str, object]] = field(default_factory=list)
    refuses: Exception | None = None

    def charge_started(self, attempt: int, at: datetime) -> None:
        if self.refuses:
            raise self.refuses
        self._hear("started", attempt)

    def collected(
        self, amount: Money, reference: str, at: datetime, attempt: int | None = None
    ) -> None:
        self._hear("collected", (str(amount), reference))

    def charge_failed(self, code: str, at: datetime, attempt: int | None = None) -> None:
        self._hear("failed", code)

    def needs_shopper(self, at: datetime, attempt: int | None = None) -> None:
        self._hear("needs_shopper", None)

    def link_ready(self, url: str, expires_at: datetime, at: datetime) -> None:
        self._hear("link", url)

    def _hear(self, what: str, fact: object) -> None:
        if (what, fact) not in self.told:
            self.told.append((what, fact))


@pytest.fixture
def recovery(psp: Psp, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Recovery:
    settings.STRIPE_PLATFORM_KEY = KEY
    stand_in = Recovery()
    monkeypatch.setattr(recovering, "_recovery", lambda _: stand_in)
    return stand_in


def consent(cap: str = "60.00") -> services.CardConsent:
    text = f"You may charge me up to {cap} EUR if the goods do not come back."
    until = AT + timedelta(days=30)
    return services.CardConsent(text=text, version="2026-11", cap=euros(cap), until=until)


def hear(token: PaymentMethodToken, kind: str, id_: str) -> None:
    body = json.dumps({"data": {"object": {"id": id_, "object": kind}}}).encode()
    services.hear_stripe(token.stripe_account_id, body, LATER)


def saved(psp: Psp, cap: str = "60.00") -> PaymentMethodToken:
    token = services.consent_to_card(AcceptedReturnFactory.create().pk, consent(cap), AT)
    token = services.open_card_page(token.pk, AT)
    psp.pay(KEY, token.session_id)
    hear(token, "checkout.session", token.session_id)
    return PaymentMethodToken.objects.get(pk=token.pk)


def due(card: PaymentMethodToken, amount: str = "30.00", attempt: int = 1) -> services.RecoveryDue:
    assert card.ret_id is not None
    return services.RecoveryDue(
        recovery_id=RECOVERY, ret_id=card.ret_id, attempt=attempt, amount=euros(amount)
    )


def charged(card: PaymentMethodToken, attempt: int = 1) -> StripeRecoveryCharge:
    charge = services.collect_recovery(due(card, attempt=attempt), AT)
    services.send_payment(charge.pk, AT)
    return read(charge.pk)


def read(pk: UUID) -> StripeRecoveryCharge:
    return StripeRecoveryCharge.objects.get(pk=pk)


@transaction.atomic
def write_at_once(card: PaymentMethodToken) -> None:
    StripeRecoveryChargeFactory.create(card=card)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def charges_only(mode: str, psp: Psp, **facts: Any) -> None:
    psp.mode(mode, match={"path": "/v1/payment_intents"}, **facts)


class SaveTest:
    def test_consent_is_kept_in_its_words(self, recovery: Recovery) -> None:
        ret = AcceptedReturnFactory.create()

        token, again = (services.consent_to_card(ret.pk, consent(), AT) for _ in range(2))

        assert token == again
        assert token.consent_text.startswith("You may charge me up to 60.00 EUR")
        assert (token.consent_version, token.cap, token.consented_at) == (
            "2026-11",
            euros("60.00"),
            AT,
        )
        assert token.stripe_account.is_platform
        assert not token.covers(euros("1.00"), AT)

    @pytest.mark.parametrize("kind", ["checkout.session", "setup_intent"])
    def test_the_card_comes_by_webhook(self, psp: Psp, recovery: Recovery, kind: str) -> None:
        token = services.consent_to_card(AcceptedReturnFactory.create().pk, consent(), AT)
        token = services.open_card_page(token.pk, AT)
        assert services.open_card_page(token.pk, AT).session_id == token.session_id
        session = psp.pay(KEY, token.session_id)

        for _ in range(2):
            hear(
                token,
                kind,
                session["id"] if kind == "checkout.session" else session["setup_intent"],
            )

        token = PaymentMethodToken.objects.get(pk=token.pk)
        assert (token.status, token.brand, token.last4, token.expires) == (
            "ready",
            "visa",
            "4242",
            "2030-12",
        )
        assert list(token.timeline.values_list("kind", flat=True)) == [
            "card.consented",
            "card.saved",
        ]
        assert services.open_card_page(token.pk, AT).url == ""

    def test_of_a_quote_other_words_drop_the_card_before(self, recovery: Recovery) -> None:
        quote = QuoteFactory.create()
        first = services.consent_for_quote(quote, consent(), AT)
        second = services.consent_for_quote(quote, consent("50.00"), AT)

        first.refresh_from_db()
        assert (first.status, second.status, second.cap) == (
            "dropped",
            "consented",
            euros("50.00"),
        )
        assert second.metadata["quote"] == str(quote.pk)
        second.drop("again")
        second.drop("again")
        assert second.timeline.filter(kind="card.dropped").count() == 1

    def test_without_a_platform_account_there_is_none(self) -> None:
        with pytest.raises(NoPlatformAccount):
            services.consent_to_card(AcceptedReturnFactory.create().pk, consent(), AT)


class ChargeTest:
    def test_collected_is_told_and_booked_once(self, psp: Psp, recovery: Recovery) -> None:
        charge = charged(saved(psp))
        for _ in range(2):
            services.resolve_payment(charge.pk, LATER)
            assert services.carry_on(charge.pk, LATER) == services.GoOn()

        (intent,) = psp.captures(charge.idempotency_key)
        assert (charge.status, charge.provider_ref) == (Status.SUCCEEDED, intent["id"])
        assert (intent["amount_received"], intent["metadata"]["recovery"]) == (3000, str(RECOVERY))
        assert recovery.told == [("started", 1), ("collected", ("30.00 EUR", intent["id"]))]
        assert owned(charge) == {
            ("platform_stripe", "EUR"): "30.00 EUR",
            ("platform_stripe_transit", "EUR"): "0.00 EUR",
            ("shopper_receivable", "EUR"): "-30.00 EUR",
        }
        assert reconcile(charge.merchant) == []

    def test_a_lost_answer_is_found_and_not_charged_again(
        self, psp: Psp, recovery: Recovery
    ) -> None:
        card = saved(psp)
        charges_only("reset_after", psp)
        charge = charged(card)
        assert (charge.status, charge.provider_ref) == (Status.UNKNOWN, "")

        services.resolve_payment(charge.pk, LATER)

        assert read(charge.pk).status == Status.SUCCEEDED
        assert len(psp.captures(charge.idempotency_key)) == 1

    def test_a_lost_call_is_made_again_under_its_key(self, psp: Psp, recovery: Recovery) -> None:
        card = saved(psp)
        charges_only("reset_before", psp)
        charge = charged(card)
        assert psp.captures(charge.idempotency_key) == []

        services.resolve_payment(charge.pk, LATER)

        assert read(charge.pk).status == Status.SUCCEEDED
        assert read(charge.pk).idempotency_key == charge.idempotency_key
        assert len(psp.captures(charge.idempotency_key)) == 1

    def test_another_sum_is_not_believed(self, psp: Psp, recovery: Recovery) -> None:
        card = saved(psp)
        charges_only("wrong_amount", psp)

        assert charged(card).status == Status.UNKNOWN

    @pytest.mark.parametrize(
        ("code", "card_is"), [("insufficient_funds", "ready"), ("lost_card", "refused")]
    )
    def test_a_decline_is_told_and_a_hard_one_is_the_end_of_the_card(
        self, psp: Psp, recovery: Recovery, code: str, card_is: str
    ) -> None:
        card = saved(psp)
        charges_only("decline", psp, decline_code=code)
        charge = charged(card)

        for _ in range(2):
            assert services.carry_on(charge.pk, LATER) == services.GoOn()

        assert (charge.status, charge.failure_code) == (Status.FAILED, code)
        assert charge.provider_ref.startswith("pi_")
        assert recovery.told == [("started", 1), ("failed", code)]
        assert PaymentMethodToken.objects.get(pk=card.pk).status == card_is
        assert owned(charge) == {}

    def test_late_success_of_a_debit(self, psp: Psp, recovery: Recovery) -> None:
        card = saved(psp)
        charges_only("late_success", psp)
        charge = charged(card)
        assert charge.status == Status.AUTHORISED
        assert owned(charge)["platform_stripe_transit", "EUR"] == "30.00 EUR"

        psp.turn_intent(KEY, charge.provider_ref, "succeeded")
        hear(card, "payment_intent", charge.provider_ref)

        assert read(charge.pk).status == Status.SUCCEEDED
        assert owned(charge)["platform_stripe_transit", "EUR"] == "0.00 EUR"

    def test_a_debit_that_fails_leaves_the_books_as_they_were(
        self, psp: Psp, recovery: Recovery
    ) -> None:
        card = saved(psp)
        charges_only("late_success", psp)
        charge = charged(card)

        psp.turn_intent(KEY, charge.provider_ref, "requires_payment_method")
        services.resolve_payment(charge.pk, LATER)
        assert (read(charge.pk).status, read(charge.pk).failure_code) == (
            Status.FAILED,
            "insufficient_funds",
        )
        assert owned(charge)["shopper_receivable", "EUR"] == "0.00 EUR"

        psp.turn_intent(KEY, charge.provider_ref, "succeeded")
        hear(card, "payment_intent", charge.provider_ref)
        services.carry_on(charge.pk, LATER)

        assert read(charge.pk).status == Status.SUCCEEDED
        assert owned(charge) == {
            ("platform_stripe", "EUR"): "30.00 EUR",
            ("platform_stripe_transit", "EUR"): "0.00 EUR",
            ("shopper_receivable", "EUR"): "-30.00 EUR",
        }
        assert recovery.told[-1] == ("collected", ("30.00 EUR", charge.provider_ref))

    def test_a_webhook_of_another_attempt_changes_nothing(
        self, psp: Psp, recovery: Recovery
    ) -> None:
        card = saved(psp)
        charges_only("decline", psp)
        first = charged(card)
        second = charged(card, attempt=2)

        hear(card, "payment_intent", first.provider_ref)

        assert read(first.pk).status == Status.FAILED
        assert read(second.pk).status == Status.SUCCEEDED
        assert first.idempotency_key != second.idempotency_key


class ConsentTest:
    def test_above_the_cap_a_link_is_sent(self, psp: Psp, recovery: Recovery) -> None:
        card = saved(psp, cap="29.99")

        link = services.collect_recovery(due(card), AT)

        assert isinstance(link, StripeCheckoutPayment)
        assert recovery.told == [("needs_shopper", None)]

    def test_all_attempts_together_stay_below_the_cap(self, psp: Psp, recovery: Recovery) -> None:
        card = saved(psp, cap="59.99")
        charged(card)

        link = services.collect_recovery(due(card, attempt=2), AT)

        assert isinstance(link, StripeCheckoutPayment)

    def test_after_its_end_a_link_is_sent(self, psp: Psp, recovery: Recovery) -> None:
        card = saved(psp)

        link = services.collect_recovery(due(card), AT + timedelta(days=30))

        assert isinstance(link, StripeCheckoutPayment)

    def test_the_database_holds_the_cap_too(self) -> None:
        card = PaymentMethodTokenFactory.create(cap_minor=2999)

        with pytest.raises(IntegrityError, match="within the consent"):
            write_at_once(card)

    def test_one_attempt_at_a_time(self, psp: Psp, recovery: Recovery) -> None:
        card = saved(psp)

        first = services.collect_recovery(due(card), AT)

        assert services.collect_recovery(due(card), AT) == first
        assert services.collect_recovery(due(card, attempt=2), AT) == first
        assert services.link_recovery(due(card, attempt=0), AT) == first

    def test_what_the_recovery_forbids_is_not_written(self, psp: Psp, recovery: Recovery) -> None:
        card = saved(psp)
        recovery.refuses = NoPlatformAccount()

        with pytest.raises(NoPlatformAccount):
            services.collect_recovery(due(card), AT)

        assert not StripeRecoveryCharge.objects.exists()


class LinkTest:
    def refused(self, psp: Psp) -> StripeRecoveryCharge:
        card = saved(psp)
        charges_only("authentication_required", psp)
        charge = charged(card)
        assert (charge.status, charge.failure_code) == (Status.FAILED, "authentication_required")
        return charge

    def test_the_bank_wants_the_shopper(self, psp: Psp, recovery: Recovery) -> None:
        charge = self.refused(psp)

        (link,) = services.carry_on(charge.pk, LATER).payments
        assert services.carry_on(charge.pk, LATER).payments == (link,)
        services.send_payment(link, LATER)
        page = StripeCheckoutPayment.objects.get(pk=link)
        services.carry_on(link, LATER)
        assert (page.replaces_id, page.amount, page.attempt) == (charge.pk, euros("30.00"), 1)
        psp.pay(KEY, page.session_id)
        services.resolve_payment(link, LATER + timedelta(hours=1))
        services.carry_on(link, LATER)

        reference = StripeCheckoutPayment.objects.get(pk=link).provider_ref
        assert recovery.told == [
            ("started", 1),
            ("needs_shopper", None),
            ("link", page.url),
            ("collected", ("30.00 EUR", reference)),
        ]
        assert owned(charge)["platform_stripe", "EUR"] == "30.00 EUR"

    def test_a_crash_before_the_link_is_made_good(
        self, psp: Psp, recovery: Recovery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        charge = self.refused(psp)
        deaths = ["K14"]

        def die_once(point: str) -> None:
            if point in deaths:
                deaths.remove(point)
                raise SystemExit(point)
            crash_here(point)

        monkeypatch.setattr(recovering, "crash_here", die_once)
        with pytest.raises(SystemExit):
            services.carry_on(charge.pk, LATER)
        assert recovery.told == [("started", 1)]

        services.carry_on(charge.pk, LATER)
        services.carry_on(charge.pk, LATER)

        assert StripeCheckoutPayment.objects.filter(replaces=charge).count() == 1
        assert recovery.told == [("started", 1), ("needs_shopper", None)]

    def test_an_expired_link_is_told(self, psp: Psp, recovery: Recovery) -> None:
        card = PaymentMethodTokenFactory.create(status="refused")
        link = services.link_recovery(due(card, attempt=0), AT)
        services.send_payment(link.pk, AT)
        psp.clock(24 * 3600)
        services.resolve_payment(link.pk, LATER)

        services.carry_on(link.pk, LATER)

        assert recovery.told == [("failed", "link_expired")]

    def test_money_that_came_after_all_closes_the_link(self, psp: Psp, recovery: Recovery) -> None:
        charge = self.refused(psp)
        (link,) = services.carry_on(charge.pk, LATER).payments
        services.send_payment(link, LATER)
        psp.turn_intent(KEY, charge.provider_ref, "succeeded")
        hear(charge.card, "payment_intent", charge.provider_ref)

        assert services.carry_on(charge.pk, LATER) == services.GoOn(pages=(link,))


class GiveBackTest:
    def test_once_and_to_the_same_charge(self, psp: Psp, recovery: Recovery) -> None:
        charge = charged(saved(psp))
        reference = charge.provider_ref

        first = services.give_back_recovery(RECOVERY, reference, euros("10.00"), LATER)
        assert services.give_back_recovery(RECOVERY, reference, euros("10.00"), LATER) is None
        rest = services.give_back_recovery(RECOVERY, reference, euros("30.00"), LATER)
        for refund in (first, rest):
            assert refund is not None
            services.send_payment(refund.pk, LATER)

        assert read(charge.pk).status == Status.REFUNDED
        assert owned(charge) == {
            ("platform_stripe", "EUR"): "0.00 EUR",
            ("platform_stripe_transit", "EUR"): "0.00 EUR",
            ("refunds_payable", "EUR"): "0.00 EUR",
            ("shopper_receivable", "EUR"): "0.00 EUR",
        }
        assert reconcile(charge.merchant) == []

    def test_never_more_than_came_in_nor_of_what_is_unknown(
        self, psp: Psp, recovery: Recovery
    ) -> None:
        charge = charged(saved(psp))

        with pytest.raises(MoreThanCollected):
            services.give_back_recovery(RECOVERY, charge.provider_ref, euros("30.01"), LATER)
        with pytest.raises(UnknownCollection):
            services.give_back_recovery(RECOVERY, "pi_other", euros("1.00"), LATER)
