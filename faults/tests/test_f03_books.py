"""F-03: many hands at the money of a few orders, then everything is taken back, twice at once."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import OperationalError, connection
from django.db.models import Sum

from apps.core import clock
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.orders.models import Order, Return
from apps.payments import choices, services
from apps.payments.dtos import ManualRefundRequest
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.models import Payment
from apps.payments.modules.ledger import services as ledger
from apps.payments.modules.ledger.models import LedgerEntry
from faults.control import Control
from faults.judge import Judge
from faults.report import Report
from faults.world import World

THREADS, ORDERS = 8, 20
DEADLOCK = "40P01"


@pytest.mark.full
class BooksTest:
    @pytest.mark.fault("F-03 many hands")
    @pytest.mark.runs(60, 200, 500)
    def test_balance_and_go_back_to_nothing(self, world: World, report: Report, runs: int) -> None:
        """`runs` operations of each thread; the judge reads the books at the end."""
        orders = world.orders(ORDERS)
        returns = [world.received(order) for order in orders]

        said = in_threads(lambda seed: many(orders, returns, seed, runs))
        undone = in_threads(lambda _: take_back(world), 2)

        assert said[DEADLOCK] == undone[DEADLOCK] == 0, (said, undone)
        report.fact("operations", said.total())
        report.fact("refused", said["refused"])
        entries = LedgerEntry.objects.for_merchant(world.merchant)
        assert entries.aggregate(all=Sum("amount_minor"))["all"] == 0
        owed = ledger.balances(world.merchant)[choices.Ledger.Account.STORE_CREDIT_LIABILITY, "EUR"]
        assert owed == Money.zero("EUR")


@pytest.mark.full
class BooksControlTest:
    @pytest.mark.fault("F-03 many hands")
    def test_without_the_locks_they_do_not(self, control: Control) -> None:
        """In this process, where the threads are: the sabotage is installed here too."""

        def scene(world: World, judge: Judge) -> None:
            orders = world.orders(2)
            returns = [world.received(order) for order in orders]
            in_threads(lambda seed: many(orders, returns, seed, 20))

        control.must_fail(scene, "row-lock")


def in_threads(act: Callable[[int], Counter[str]], threads: int = THREADS) -> Counter[str]:
    def alone(number: int) -> Counter[str]:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(alone, range(threads)), Counter())


def many(orders: list[Order], returns: list[Return], seed: int, count: int) -> Counter[str]:
    chance = random.Random(seed)
    said = Counter[str]()
    for _ in range(count):
        order = chance.choice(orders)
        ret = chance.choice(returns)
        act = chance.choice((by_hand(order, chance), accepted(ret), refunded(ret), swept))
        said[outcome(act)] += 1
    return said


def take_back(world: World) -> Counter[str]:
    """Every credit is voided, every payment that was not sent is called off."""
    said = Counter[str]()
    pending = Payment.objects.filter(merchant=world.merchant, status=choices.Payment.Status.PENDING)
    for pk in pending.values_list("pk", flat=True):
        said[outcome(partial(services.cancel_payment, pk, "undone", clock.now()))] += 1
    for credit in credits_of(world):
        said[outcome(partial(credit.void, "undone", clock.now()))] += 1
    return said


def credits_of(world: World) -> list[StoreCreditAccount]:
    return list(StoreCreditAccount.objects.filter(merchant=world.merchant))


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except DomainError:
        return "refused"
    except OperationalError as error:
        return str(getattr(error.__cause__, "sqlstate", "") or "broken")
    return "done"


def by_hand(order: Order, chance: random.Random) -> Callable[[], object]:
    request = ManualRefundRequest(
        order_id=order.pk,
        amount=Money(chance.randint(1, 500), "EUR"),
        reference=str(uuid7()),
        note="",
        requested_by=None,
        tender_id=None,
    )
    return lambda: services.record_manual_refund(request, clock.now())


def accepted(ret: Return) -> Callable[[], object]:
    return lambda: Return.objects.get(pk=ret.pk).accept_all(clock.now())


def refunded(ret: Return) -> Callable[[], object]:
    return lambda: services.refund_return(ret.pk, clock.now())


def swept() -> object:
    return services.sweep_payments(clock.now())
