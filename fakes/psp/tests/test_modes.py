import threading
from collections.abc import Callable

import pytest
import stripe

from fakes.psp.control import Psp
from fakes.psp.tests.conftest import KEY

type Refunding = Callable[..., stripe.Refund]


def _paid(psp: Psp, reference: str) -> int:
    return len(psp.effects(reference))


class ModeTest:
    @pytest.mark.parametrize(
        ("mode", "error", "paid"),
        [
            ("refuse", stripe.InvalidRequestError, 0),
            ("conflict", stripe.APIError, 0),
            ("rate_limit", stripe.RateLimitError, 0),
            ("error_before", stripe.APIError, 0),
            ("error_after", stripe.APIError, 1),
            ("reset_before", stripe.APIConnectionError, 0),
            ("reset_after", stripe.APIConnectionError, 1),
        ],
    )
    def test_says_one_thing_and_does_another(
        self, psp: Psp, refund: Refunding, mode: str, error: type[Exception], paid: int
    ) -> None:
        psp.mode(mode)

        with pytest.raises(error):
            refund(mode)

        assert _paid(psp, mode) == paid

    def test_lost_answer_is_played_back(self, psp: Psp, refund: Refunding) -> None:
        psp.mode("reset_after")
        with pytest.raises(stripe.APIConnectionError):
            refund("played-back")

        assert refund("played-back").status == "succeeded"
        assert _paid(psp, "played-back") == 1

    def test_stored_500_is_played_back_too(self, psp: Psp, refund: Refunding) -> None:
        psp.mode("error_after")
        for _ in range(2):
            with pytest.raises(stripe.APIError):
                refund("stored-500")

        assert _paid(psp, "stored-500") == 1

    def test_hangs_with_and_without_effect(self, psp: Psp, refund: Refunding) -> None:
        psp.mode("hang_after", seconds=2)
        psp.mode("hang_drop", seconds=2)
        for reference in ("done", "dropped"):
            with pytest.raises(stripe.APIConnectionError):
                refund(reference)

        assert (_paid(psp, "done"), _paid(psp, "dropped")) == (1, 0)

    def test_second_call_meets_the_first_at_work(self, psp: Psp, refund: Refunding) -> None:
        psp.mode("hang_before", seconds=0.6)
        answers: list[object] = []
        first = threading.Thread(target=lambda: answers.append(refund("busy").status))
        first.start()
        while not [call for call in psp.calls() if call["reference"] == "busy"]:
            pass
        with pytest.raises(stripe.StripeError) as met:
            refund("busy")
        first.join()

        assert met.value.http_status == 409
        assert answers == ["succeeded"]

    def test_answers_that_lie_or_never_end(self, psp: Psp, refund: Refunding) -> None:
        psp.mode("wrong_currency", currency="jpy")
        assert refund("lie").currency == "jpy"
        assert psp.effects("lie")[0]["currency"] == "eur"
        psp.mode("huge", bytes=1_000_000)
        assert refund("huge").status == "succeeded"

    def test_only_what_it_matches(self, psp: Psp, refund: Refunding) -> None:
        psp.mode("refuse", match={"metadata": {"reference": "chosen"}})

        assert refund("spared").status == "succeeded"
        with pytest.raises(stripe.InvalidRequestError):
            refund("chosen")

    def test_no_such_mode(self, psp: Psp) -> None:
        with pytest.raises(ValueError, match="explode"):
            psp.mode("explode")

    def test_look_up_is_late(
        self, psp: Psp, client: stripe.StripeClient, refund: Refunding, intent: str
    ) -> None:
        refund("late")
        psp.mode("lookup_empty", times=2)

        seen = [len(client.v1.refunds.list({"payment_intent": intent}).data) for _ in range(3)]
        assert seen == [0, 0, 1]


class LifeTest:
    def test_pending_until_told(
        self, psp: Psp, client: stripe.StripeClient, refund: Refunding
    ) -> None:
        psp.mode("pending")
        made = refund("slow")
        psp.settle(KEY, made.id, "succeeded")

        assert made.status == "pending"
        assert client.v1.refunds.retrieve(made.id).status == "succeeded"
        assert [each["effect"] for each in psp.effects("slow")] == [
            "refund.created",
            "refund.succeeded",
        ]

    def test_fails_after_it_succeeded(
        self, psp: Psp, client: stripe.StripeClient, refund: Refunding
    ) -> None:
        made = refund("late-failure", 6000)
        psp.settle(KEY, made.id, "failed", "expired_or_canceled_card")

        failed = client.v1.refunds.retrieve(made.id)
        assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
        assert refund("another-way", 6000).status == "succeeded"
