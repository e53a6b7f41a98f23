"""The fake card processor's log against our payments and our books: it is the truth about money."""

from collections.abc import Iterator
from typing import Any

from apps.core.money import Money
from apps.payments import choices
from apps.payments.gateways.stripe.models import StripeRefund
from apps.payments.modules.ledger import services as ledger
from fakes.psp.desk import account_of
from faults.world import World

type Effects = list[dict[str, Any]]


def differences(world: World) -> Iterator[str]:
    """Of one merchant; nothing to say where no card was refunded."""
    if "psp" not in world.rig.made:
        return
    account = account_of(world.stripe_key)
    made = [each for each in world.psp.effects() if each["account"] == account]
    yield from _by_payment(world, made)
    yield from _by_books(world, made)


def _by_payment(world: World, made: Effects) -> Iterator[str]:
    known = {str(row.pk): row for row in StripeRefund.objects.filter(merchant=world.merchant)}
    there = {each["metadata"].get("payment", "") for each in made}
    yield from (f"the processor paid what we never promised: {pk}" for pk in there - known.keys())
    for pk, row in known.items():
        left = _net([each for each in made if each["metadata"].get("payment") == pk])
        wanted = row.amount.minor if row.status == choices.Payment.Status.SUCCEEDED else 0
        if left != wanted:
            yield f"payment {pk} is {row.status} with {wanted}, the processor paid {left}"


def _by_books(world: World, made: Effects) -> Iterator[str]:
    left = _net(made)
    zero = Money.zero("EUR")
    standing = ledger.balances(world.merchant)
    booked = standing.get((choices.Ledger.Account.STRIPE_BALANCE, "EUR"), zero)
    if abs(booked.minor) != left:
        yield f"the books say {booked} left through the processor, its log says {left}"


def _net(made: Effects) -> int:
    """What was given back and not taken back: the last word on each refund counts."""
    last = {each["id"]: each for each in made}
    return sum(each["amount"] for each in last.values() if each["status"] == "succeeded")
