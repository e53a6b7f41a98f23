import pytest

from apps.core.money import Money
from apps.payments.dtos import Answer
from apps.payments.gateways.stripe import mappers
from apps.payments.gateways.stripe.facts import AccessRefused, RefundFacts, Refused
from apps.payments.refusals import NoAnswer


class AmountTest:
    @pytest.mark.parametrize(
        ("amount", "currency", "theirs"),
        [
            ("60.00", "EUR", 6000),
            ("60", "JPY", 60),
            ("60", "ISK", 6000),
            ("60", "UGX", 6000),
            ("60.00", "MGA", 60),
            ("1.230", "KWD", 1230),
        ],
    )
    def test_as_stripe_counts(self, amount: str, currency: str, theirs: int) -> None:
        assert mappers.to_stripe(Money.of(amount, currency)) == theirs

    @pytest.mark.parametrize(("amount", "currency"), [("1.234", "KWD"), ("60.01", "MGA")])
    def test_what_stripe_cannot_say(self, amount: str, currency: str) -> None:
        with pytest.raises(Refused, match="amount_not_payable"):
            mappers.to_stripe(Money.of(amount, currency))


class VerdictTest:
    @pytest.mark.parametrize(
        ("status", "kind", "code", "verdict"),
        [
            (400, "invalid_request_error", "charge_already_refunded", Refused),
            (402, "card_error", "card_declined", Refused),
            (404, "invalid_request_error", "resource_missing", Refused),
            (401, "invalid_request_error", "", AccessRefused),
            (403, "invalid_request_error", "", AccessRefused),
            (400, "idempotency_error", "", NoAnswer),
            (400, "invalid_request_error", "rate_limit", NoAnswer),
            (409, "invalid_request_error", "lock_timeout", NoAnswer),
            (409, "idempotency_error", "idempotency_key_in_use", NoAnswer),
            (429, "invalid_request_error", "", NoAnswer),
            (500, "api_error", "", NoAnswer),
            (503, "", "", NoAnswer),
            (302, "", "", NoAnswer),
            (None, "", "", NoAnswer),
        ],
    )
    def test_definite_or_not(
        self, status: int | None, kind: str, code: str, verdict: type[Exception]
    ) -> None:
        assert type(mappers.verdict(status, kind, code)) is verdict

    def test_says_why(self) -> None:
        assert str(mappers.verdict(400, "card_error", "declined")) == "declined"
        assert str(mappers.verdict(400, "card_error", "")) == "card_error"
        assert str(mappers.verdict(400, "", "")) == "refused"


class AnswerTest:
    @pytest.mark.parametrize(
        ("status", "outcome", "failure"),
        [
            ("succeeded", "succeeded", ""),
            ("pending", "in_transit", ""),
            ("requires_action", "in_transit", ""),
            ("failed", "failed", "declined"),
            ("canceled", "failed", "declined"),
            ("of another year", "unknown", ""),
        ],
    )
    def test_of_a_status(self, status: str, outcome: str, failure: str) -> None:
        facts = RefundFacts(
            id="re_1", status=status, amount=6000, currency="EUR", failure="declined"
        )

        assert mappers.answer_of(facts, Money.of("60", "EUR")) == Answer(outcome, "re_1", failure)

    @pytest.mark.parametrize(("amount", "currency"), [(6001, "EUR"), (6000, "USD")])
    def test_of_another_sum_is_not_believed(
        self, amount: int, currency: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        facts = RefundFacts(id="re_1", status="succeeded", amount=amount, currency=currency)

        assert mappers.answer_of(facts, Money.of("60", "EUR")) == Answer("unknown")
        assert "re_1 is of" in caplog.text

    @pytest.mark.parametrize("body", [{}, {"id": "re_1", "status": "x", "amount": None}])
    def test_of_no_refund(self, body: dict[str, object]) -> None:
        with pytest.raises(NoAnswer):
            mappers.facts_of({"currency": "eur", **body})

    def test_facts(self) -> None:
        refund = {"id": "re_1", "status": "failed", "amount": 5, "currency": "eur"}
        more = {"metadata": {"reference": "r", "payment": "p"}, "failure_reason": "declined"}

        assert mappers.facts_of({**refund, "metadata": None}).reference == ""
        assert mappers.facts_of({**refund, **more}) == RefundFacts(
            id="re_1",
            status="failed",
            amount=5,
            currency="EUR",
            reference="r",
            payment="p",
            failure="declined",
        )
