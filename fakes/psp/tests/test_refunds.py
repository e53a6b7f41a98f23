from collections.abc import Callable
from pathlib import Path

import pytest
import stripe

from fakes.psp.control import Psp, running
from fakes.psp.tests.conftest import KEY, client_of

type Refunding = Callable[..., stripe.Refund]


class RefundTest:
    def test_moves_money_once_and_writes_it_down(self, psp: Psp, refund: Refunding) -> None:
        made = refund("once", 2500)
        again = refund("once", 2500)

        assert (made.status, made.amount, again.id) == ("succeeded", 2500, made.id)
        effects = psp.effects("once")
        assert [(each["effect"], each["amount"], each["key"]) for each in effects] == [
            ("refund.created", 2500, "once")
        ]

    def test_key_with_other_parameters_is_refused(self, refund: Refunding) -> None:
        refund("other", 1000)

        with pytest.raises(stripe.IdempotencyError):
            refund("other", 1001)

    def test_never_above_what_was_captured(self, refund: Refunding) -> None:
        refund("first", 4000)

        with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
            refund("second", 2001)
        refund("third", 2000)
        with pytest.raises(stripe.InvalidRequestError) as refused:
            refund("fourth", 1)
        assert refused.value.code == "charge_already_refunded"

    def test_is_found_by_our_reference(
        self, client: stripe.StripeClient, refund: Refunding, intent: str
    ) -> None:
        made = refund("found", 100)
        refund("another", 100)

        listed = client.v1.refunds.list({"payment_intent": intent, "limit": 1})
        found = [row for row in listed.auto_paging_iter() if row.metadata["reference"] == "found"]  # type: ignore[index]
        assert [row.id for row in found] == [made.id]
        assert client.v1.refunds.retrieve(made.id).amount == 100

    def test_another_account_sees_nothing(self, psp: Psp, intent: str) -> None:
        stranger = client_of(psp.address, "sk_test_stranger")

        with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
            stranger.v1.refunds.create({"payment_intent": intent})
        with pytest.raises(stripe.AuthenticationError):
            client_of(psp.address, "nothing").v1.balance.retrieve()

    def test_key_is_new_again_after_its_life(self, psp: Psp, refund: Refunding) -> None:
        refund("aged", 100)
        psp.clock(25 * 3600)

        refund("aged", 100)

        assert len(psp.effects("aged")) == 2

    def test_balance_follows(
        self, psp: Psp, client: stripe.StripeClient, refund: Refunding
    ) -> None:
        before = client.v1.balance.retrieve().available[0].amount
        made = refund("counted", 1500)
        after = client.v1.balance.retrieve().available[0].amount
        psp.settle(KEY, made.id, "failed")

        assert before - after == 1500
        assert client.v1.balance.retrieve().available[0].amount == before
        moves = client.v1.balance_transactions.list({"source": made.id}).data
        assert [(move.type, move.amount) for move in moves] == [
            ("refund_failure", 1500),
            ("refund", -1500),
        ]

    def test_remembers_over_a_restart(self, tmp_path: Path) -> None:
        with running(tmp_path / "log") as psp:
            psp.capture(KEY, 1000, id="pi_kept")
            asked = {"payment_intent": "pi_kept", "amount": 400}
            made = client_of(psp.address).v1.refunds.create(asked, {"idempotency_key": "k"})  # type: ignore[arg-type]
        with (tmp_path / "log").open("ab") as log:
            log.write(b'{"cut short')
        with running(tmp_path / "log") as psp:
            again = client_of(psp.address).v1.refunds.create(asked, {"idempotency_key": "k"})  # type: ignore[arg-type]

            assert again.id == made.id
            assert len(psp.effects()) == 1
