"""A refund by card moves when its row does, but only to where the processor's log says it is.

When the product learns of an answer depends on leases and sweeps; what it may learn does not.
"""

from collections.abc import Mapping

from faults.machine.nouns import Payment
from faults.machine.psp import Psp
from faults.machine.purse import OPEN, Purse


def believe(purse: Purse, psp: Psp, told: Mapping[str, str]) -> None:
    """`told` are the statuses of the rows by id; processing and unknown are both open."""
    for payment in purse.payments:
        if payment.gateway == "stripe":
            _moved(purse, payment, told[str(payment.id)], psp)
            _no_more_than_paid(payment, psp)


def settled(purse: Purse, psp: Psp) -> None:
    """Everybody was heard: no refund waits unless it does there, and both sides have one sum."""
    for payment in purse.payments:
        if payment.gateway != "stripe":
            continue
        statuses = [made.now.status for made in psp.of(payment.id) if made.is_live]
        expected = {"succeeded": ["succeeded"], OPEN: ["pending"]}.get(payment.status, [])
        assert statuses == expected, f"{payment.status} here, {statuses} there"
    paid = sum(made.now.amount for made in psp.by_status("succeeded"))
    assert paid == -purse.ledger["stripe_balance"], "the processor's log is not the ledger"


def _moved(purse: Purse, payment: Payment, told: str, psp: Psp) -> None:
    if payment.status == "pending" and told in (OPEN, "succeeded", "failed", "returned"):
        purse.send(payment)
    if payment.status == OPEN and told in ("succeeded", "returned"):
        assert any("succeeded" in made.was for made in psp.of(payment.id)), "paid in the books only"
        purse.succeed(payment, payment.born)
    if payment.status == OPEN and told == "failed":
        assert not any(made.is_live for made in psp.of(payment.id)), "failed in the books only"
        purse.fail(payment)
    if payment.status == "succeeded" and told == "returned":
        assert not any(made.is_live for made in psp.of(payment.id)), "came back in the books only"
        purse.come_back(payment)


def _no_more_than_paid(payment: Payment, psp: Psp) -> None:
    made = [each.now.amount for each in psp.of(payment.id) if each.is_live]
    assert made in ([], [payment.amount]), f"{made} were given for {payment.amount}"
    assert payment.tender is not None
    tender = payment.order.till.tenders[payment.tender]
    assert psp.given_by(tender.id) <= tender.captured, "more than was captured"
