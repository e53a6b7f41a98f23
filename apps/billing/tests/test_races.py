"""Many at once, with real commits; the race has a twin without the protection that must lose."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.models import Merchant
from apps.billing import services
from apps.billing.dtos import Charge
from apps.billing.models import Fee, Invoice, InvoiceSeries
from apps.billing.tests.factories import (
    IN_NOVEMBER,
    IN_OCTOBER,
    OCTOBER,
    BillingProfileFactory,
    FeeFactory,
    InvoiceFactory,
    InvoiceSeriesFactory,
)
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.core.tests.faults import found

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


def in_parallel[R](acts: Sequence[Callable[[], R]]) -> list[R]:
    """Each in a thread and on a connection of its own, all let go at the same time."""
    together = Barrier(len(acts), timeout=30)

    def run(act: Callable[[], R]) -> R:
        together.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def merchants() -> list[Merchant]:
    made = [BillingProfileFactory.create().merchant for _ in range(AT_ONCE)]
    for merchant in made:
        FeeFactory.create(merchant=merchant)
    return made


class NumbersTest:
    def test_have_no_gap_and_no_twin(self) -> None:
        """Every third close is rolled back after it took its number: the number is given back."""
        closing = [
            partial(self.close, merchant, fails=not place % 3)
            for place, merchant in enumerate(merchants())
        ]
        in_parallel(closing)

        numbers = Invoice.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, AT_ONCE - 4 + 1))
        assert InvoiceSeries.objects.get().last_number == AT_ONCE - 4
        assert found() == []

    def test_taken_without_the_lock_they_collide(self) -> None:
        """The control: all have read the same last number before one of them counts up."""
        series = InvoiceSeriesFactory.create()
        all_have_read = Barrier(AT_ONCE, timeout=30)

        def unprotected() -> bool:
            taken = InvoiceSeries.objects.get(pk=series.pk).last_number + 1
            all_have_read.wait()
            try:
                with transaction.atomic():
                    invoice = InvoiceFactory.create(issued=False)
                    Invoice.objects.filter(pk=invoice.pk).update(
                        series=series,
                        number=taken,
                        code=f"F2026-{taken:06d}",
                        issued_on=IN_NOVEMBER.date(),
                        status="issued",
                    )
            except IntegrityError:
                return False
            return True

        assert sum(in_parallel([unprotected] * AT_ONCE)) == 1

    def close(self, merchant: Merchant, *, fails: bool) -> None:
        with transaction.atomic():
            services.close_month(merchant, OCTOBER, IN_NOVEMBER)
            if fails:
                transaction.set_rollback(True)


class OnceTest:
    def test_one_month_closed_by_many(self) -> None:
        merchant = BillingProfileFactory.create().merchant
        FeeFactory.create_batch(5, merchant=merchant)

        made = in_parallel(
            [lambda: len(services.close_month(merchant, OCTOBER, IN_NOVEMBER))] * AT_ONCE
        )

        assert sorted(made) == [0] * (AT_ONCE - 1) + [1]
        assert Fee.objects.exclude(invoice=None).count() == 5

    def test_one_event_heard_by_many(self) -> None:
        merchant = BillingProfileFactory.create().merchant
        charge = Charge(
            merchant_id=merchant.pk,
            kind="request",
            amount=Money(30, "EUR"),
            subject=("orders.return", uuid7()),
            at=IN_OCTOBER,
        )

        fees = in_parallel([lambda: services.accrue(charge)] * AT_ONCE)

        assert len({fee and fee.pk for fee in fees}) == 1
        assert Fee.objects.count() == 1
