"""200 at once, with real commits; each race has a twin without the protection that must lose."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.core import clock
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.orders.mixins.order_refunds import RefundAboveCap, RefundClaim
from apps.orders.models import Order
from apps.orders.tests.factories import OrderFactory
from apps.payments import services
from apps.payments.dtos import ManualRefundRequest
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.modules.ledger import services as ledger
from apps.payments.tests.factories import AcceptedReturnFactory, StoreCreditAccountFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT = clock.now()
AT_ONCE, CONNECTIONS = 200, 16


def in_parallel[R](act: Callable[[], R], at_once: int = AT_ONCE) -> list[R]:
    """So many calls over 16 connections, each closed by the thread that opened it."""

    together = Barrier(CONNECTIONS, timeout=30)

    def share(calls: int) -> list[R]:
        together.wait()
        try:
            return [act() for _ in range(calls)]
        finally:
            connection.close()

    sizes = [at_once // CONNECTIONS + (n < at_once % CONNECTIONS) for n in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return [result for part in pool.map(share, sizes) for result in part]


class OneReturnTest:
    def test_pays_once(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")

        paid = in_parallel(lambda: services.refund_return(ret.pk, AT)[0].pk)

        assert len(set(paid)) == 1
        assert StoreCreditAccount.objects.get(ret=ret).issued == Money(10000, "EUR")
        standing = ledger.balances(ret.merchant)
        assert standing["store_credit_liability", "EUR"] == Money(10000, "EUR")
        assert standing["refunds_payable", "EUR"] == Money(0, "EUR")
        assert services.reconcile() == []

    def test_check_then_insert_pays_more_than_once(self) -> None:
        """The control: without lock and key the same race is lost, so the test above can see it."""
        ret = AcceptedReturnFactory.create(refund_method="store_credit")

        all_have_looked = Barrier(CONNECTIONS, timeout=30)

        def unprotected() -> None:
            if not StoreCreditAccount.objects.filter(customer=ret.customer).exists():
                all_have_looked.wait()
                StoreCreditAccountFactory.create(
                    store=ret.store, customer=ret.customer, code_hash=uuid7().hex
                )

        in_parallel(unprotected)

        assert StoreCreditAccount.objects.filter(customer=ret.customer).count() == CONNECTIONS


class CapTest:
    def test_200_claims_of_one_euro_take_exactly_the_sixty_left(self) -> None:
        order = OrderFactory.create(lines=[{"unit_price_minor": 6000}])
        one = RefundClaim(
            amount=Money(100, "EUR"), tenders={order.tenders.get().pk: Money(100, "EUR")}
        )

        def claim() -> bool:
            try:
                Order.objects.get(pk=order.pk).claim_refund(one)
            except RefundAboveCap:
                return False
            return True

        taken = in_parallel(claim)

        assert (len(taken), sum(taken)) == (200, 60)
        assert Order.objects.get(pk=order.pk).refunded == Money(6000, "EUR")
        assert order.tenders.get().refunded == Money(6000, "EUR")

    def test_one_reference_is_one_refund(self) -> None:
        order = OrderFactory.create()
        request = ManualRefundRequest(
            order_id=order.pk, amount=Money(100, "EUR"), reference="re_1", note=""
        )

        made = in_parallel(lambda: services.record_manual_refund(request, AT).pk, at_once=32)

        assert len(set(made)) == 1
        assert Order.objects.get(pk=order.pk).refunded == Money(100, "EUR")
        assert services.reconcile() == []
