"""Bodies of Stripe into our words, broken ones too."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from apps.core.money import Money
from apps.payments.dtos import Answer
from apps.payments.gateways.stripe import mappers, takings
from apps.payments.refusals import NoAnswer

EUR = Money.of("12.95", "EUR")
INTENT = {"id": "pi_1", "amount": 1295, "currency": "eur", "metadata": None}
SESSION = {
    "id": "cs_1",
    "status": "open",
    "payment_status": "unpaid",
    "amount_total": 1295,
    "currency": "eur",
    "url": "https://pay.example/1",
    "expires_at": 1_800_000_000,
}


class IntentTest:
    @pytest.mark.parametrize(
        ("status", "error", "answer"),
        [
            ("succeeded", None, ("succeeded", "")),
            ("processing", None, ("in_transit", "")),
            ("requires_action", None, ("failed", "authentication_required")),
            ("requires_confirmation", None, ("failed", "authentication_required")),
            ("requires_payment_method", {"decline_code": "lost_card"}, ("failed", "lost_card")),
            ("requires_payment_method", {"code": "expired_card"}, ("failed", "expired_card")),
            ("canceled", None, ("failed", "canceled")),
            ("new_in_stripe", None, ("unknown", "")),
        ],
    )
    def test_each_status(
        self, status: str, error: dict[str, str] | None, answer: tuple[str, str]
    ) -> None:
        facts = takings.intent_of({**INTENT, "status": status, "last_payment_error": error})
        found = takings.answer_of_intent(facts, EUR)

        assert (found.outcome, found.failure_code) == answer
        assert found.provider_ref == "pi_1"

    @pytest.mark.parametrize("amount", [Money.of("12.94", "EUR"), Money.of("12.95", "USD")])
    def test_another_sum_is_unknown(self, amount: Money) -> None:
        facts = takings.intent_of({**INTENT, "status": "succeeded"})

        assert takings.answer_of_intent(facts, amount) == Answer("unknown")


class SessionTest:
    @pytest.mark.parametrize(
        ("facts", "outcome"),
        [
            ({}, "offered"),
            ({"status": "expired"}, "expired"),
            ({"status": "complete", "payment_status": "paid"}, "succeeded"),
            ({"status": "complete"}, "in_transit"),
            ({"amount_total": 1}, "unknown"),
            ({"amount_total": None}, "unknown"),
        ],
    )
    def test_each_status(self, facts: dict[str, Any], outcome: str) -> None:
        session = takings.session_of({**SESSION, **facts})

        assert takings.answer_of_page(session, EUR).outcome == outcome


class BrokenTest:
    @pytest.mark.parametrize("read", [takings.session_of, takings.intent_of, takings.dispute_of])
    @pytest.mark.parametrize("body", [{}, {"id": "x"}, {**INTENT, "amount": "much"}])
    def test_is_no_answer(
        self, read: Callable[[Mapping[str, Any]], object], body: dict[str, Any]
    ) -> None:
        with pytest.raises(NoAnswer):
            read(body)

    def test_a_method_that_is_no_card(self) -> None:
        with pytest.raises(NoAnswer):
            takings.card_of({}, {"id": "pm_1", "type": "sepa_debit"})


class AmountTest:
    @pytest.mark.parametrize(
        ("amount", "currency"),
        [("12.95", "EUR"), ("1295", "JPY"), ("1.290", "KWD"), ("12", "ISK"), ("5.0", "MGA")],
    )
    def test_there_and_back(self, amount: str, currency: str) -> None:
        money = Money.of(amount, currency)

        assert mappers.from_stripe(mappers.to_stripe(money), currency) == money


class DeclineTest:
    @pytest.mark.parametrize("code", ["lost_card", "stolen_card", "expired_card", "fraudulent"])
    def test_hard(self, code: str) -> None:
        assert takings.is_hard(code)

    @pytest.mark.parametrize("code", ["insufficient_funds", "do_not_honor", "", "try_again_later"])
    def test_soft(self, code: str) -> None:
        assert not takings.is_hard(code)
