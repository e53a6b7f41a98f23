"""What the shop gives back in its own admin comes on top of ours, in whatever order."""

from dataclasses import replace

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.core.money import Money
from apps.integrations.dtos import LineSnapshot, OrderSnapshot, TenderSnapshot
from apps.orders.mixins.order_refunds import RefundClaim
from apps.orders.models import Order
from apps.orders.services import import_order
from apps.payments import services
from apps.payments.dtos import ManualRefundRequest
from apps.payments.gateways.manual.models import ManualRefund
from apps.payments.services.refunds import NothingOwed

pytestmark = pytest.mark.django_db
AT = clock.now()


def euros(amount: int) -> Money:
    return Money(100 * amount, "EUR")


def imported(store: Store, refunded: int) -> Order:
    """600.00 paid by one card, of which the shop has given back `refunded`."""
    line = LineSnapshot("line-1", "Coat", 1, euros(600), euros(600), Money(10413, "EUR"))
    return import_order(
        store,
        OrderSnapshot(
            external_id="order-1",
            number="#1001",
            currency="EUR",
            placed_at=AT,
            tax_included=True,
            total=euros(600),
            lines=(replace(line, fulfilled_quantity=1),),
            tenders=(TenderSnapshot("card-1", "card", euros(600), euros(refunded)),),
        ),
    ).order


def by_hand(order: Order, amount: int, reference: str = "re_1") -> ManualRefund:
    """Staff make it in the shop's admin and write it down here."""
    return services.record_manual_refund(
        ManualRefundRequest(
            order_id=order.pk,
            amount=euros(amount),
            reference=reference,
            note="",
            tender_id=order.tenders.get().pk,
        ),
        AT,
    )


def given_back(order: Order) -> tuple[Money, Money]:
    order.refresh_from_db()
    return order.refunded, order.tenders.get().refunded


class RefundsOfBothTest:
    def test_credit_of_ours_does_not_hide_a_refund_of_the_shop(self) -> None:
        store = StoreFactory.create()
        order = imported(store, 0)
        card = order.tenders.get().pk
        order.claim_refund(RefundClaim(amount=euros(30), tenders={card: euros(30)}))

        imported(store, 20)

        assert given_back(order) == (euros(50), euros(50))
        imported(store, 25)
        assert given_back(order) == (euros(55), euros(55))

    def test_refund_by_hand_is_the_one_that_the_shop_tells_of(self) -> None:
        store = StoreFactory.create()
        order = imported(store, 10)
        by_hand(order, 20)

        imported(store, 30)

        assert given_back(order) == (euros(30), euros(30))
        assert order.tenders.get().at_shop_minor == 3000


class CalledOffTest:
    def test_it_is_not_expected_at_the_shop_any_more(self) -> None:
        store = StoreFactory.create()
        order = imported(store, 0)
        refund = by_hand(order, 300)
        assert order.tenders.get().at_shop_minor == 30000

        services.cancel_payment(refund.pk, "asked", AT)

        assert order.tenders.get().at_shop_minor == 0
        imported(store, 20)
        assert given_back(order) == (euros(20), euros(20))

    def test_its_debt_is_gone_and_nothing_pays_it_another_way(self) -> None:
        refund = by_hand(imported(StoreFactory.create(), 0), 300)
        services.cancel_payment(refund.pk, "asked", AT)

        with pytest.raises(NothingOwed):
            services.pay_another_way(refund.pk, "bank_transfer", AT)
        assert services.reconcile() == []
