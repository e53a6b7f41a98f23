import pytest
from django.db import IntegrityError, transaction

from apps.core import clock
from apps.core.money import Money
from apps.core.status import IllegalTransition
from apps.orders.mixins.order_refunds import RefundAboveCap
from apps.orders.models import Order
from apps.orders.tests.factories import OrderFactory
from apps.payments import choices, services
from apps.payments.dtos import ManualRefundRequest
from apps.payments.gateways.manual.models import (
    ManualRefund,
    ReferenceRequired,
    ReferenceUsed,
    SecondPersonNeeded,
)
from apps.payments.models import Payment
from apps.payments.modules.ledger import services as ledger
from apps.payments.tests.factories import ManualRefundFactory
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
AT = clock.now()
Status = choices.Payment.Status


def asked(order: Order, amount: str = "10.00", reference: str = "re_1") -> ManualRefundRequest:
    return ManualRefundRequest(
        order_id=order.pk, amount=Money.of(amount, "EUR"), reference=reference, note="goodwill"
    )


def standing(order: Order) -> dict[str, str]:
    found = ledger.balances(order.merchant)
    return {kind: f"{money.amount:f}" for (kind, _), money in found.items() if money}


def refunded(order: Order) -> int:
    return Order.objects.get(pk=order.pk).refunded_minor


class RecordManualRefundTest:
    def test_is_counted_into_the_cap_and_settled(self) -> None:
        order = OrderFactory.create()

        refund = services.record_manual_refund(asked(order), AT)

        assert (refund.status, refund.reference) == (Status.SUCCEEDED, "re_1")
        assert refunded(order) == 1000
        assert standing(order) == {"refunds_granted": "10.00", "external_settlement": "-10.00"}
        assert services.reconcile() == []

    def test_same_reference_is_the_same_refund(self) -> None:
        order = OrderFactory.create()
        first = services.record_manual_refund(asked(order), AT)

        second = services.record_manual_refund(asked(order), AT)

        assert (second.pk, refunded(order)) == (first.pk, 1000)
        with pytest.raises(ReferenceUsed):
            services.record_manual_refund(asked(order, "10.01"), AT)

    def test_two_wanted_ones_are_two(self) -> None:
        order = OrderFactory.create()

        services.record_manual_refund(asked(order), AT)
        services.record_manual_refund(asked(order, reference="re_2"), AT)

        assert refunded(order) == 2000

    def test_never_above_the_cap(self) -> None:
        order = OrderFactory.create()

        with pytest.raises(RefundAboveCap):
            services.record_manual_refund(asked(order, "100.01"), AT)

        assert refunded(order) == 0
        assert not Payment.objects.exists()

    def test_counts_on_the_payment_it_goes_back_to(self) -> None:
        order = OrderFactory.create()
        tender = order.tenders.get()
        request = ManualRefundRequest(
            order_id=order.pk,
            amount=Money(1000, "EUR"),
            reference="re_1",
            note="",
            tender_id=tender.pk,
        )

        services.record_manual_refund(request, AT)

        tender.refresh_from_db()
        assert tender.refunded_minor == 1000

    def test_needs_a_reference(self) -> None:
        with pytest.raises(ReferenceRequired):
            services.record_manual_refund(asked(OrderFactory.create(), reference=""), AT)

        assert not Payment.objects.exists()


class SecondPersonTest:
    def big(self) -> ManualRefund:
        order = OrderFactory.create(lines=[{"unit_price_minor": 30000}])
        request = ManualRefundRequest(
            order_id=order.pk,
            amount=Money(20001, "EUR"),
            reference="re_1",
            note="",
            requested_by=UserFactory.create().pk,
            tender_id=order.tenders.get().pk,
        )
        return services.record_manual_refund(request, AT)

    def test_waits_above_two_hundred(self) -> None:
        refund = self.big()
        assert refund.status == Status.PENDING

        for nobody in (None, refund.requested_by_id):
            with pytest.raises(SecondPersonNeeded):
                services.confirm_manual_refund(refund.pk, "re_1", "", nobody, AT)

        other = UserFactory.create()
        refund = services.confirm_manual_refund(refund.pk, "re_1", "", other.pk, AT)
        assert (refund.status, refund.approved_by) == (Status.SUCCEEDED, other)
        assert services.reconcile() == []

    def test_the_database_holds_it_too(self) -> None:
        refund = self.big()
        rows = Payment.objects.filter(pk=refund.pk)

        with pytest.raises(IntegrityError, match="two_persons"), transaction.atomic():
            rows.update(submitted_at=AT)
        with pytest.raises(IntegrityError, match="two_persons"), transaction.atomic():
            rows.update(submitted_at=AT, approved_by=refund.requested_by)

        assert rows.get().submitted_at is None

    def test_called_off_gives_its_claim_back(self) -> None:
        refund = self.big()
        assert refunded(refund.order) == 20001

        services.cancel_payment(refund.pk, "mistake", AT)

        assert refunded(refund.order) == 0
        assert refund.order.tenders.get().refunded_minor == 0
        assert standing(refund.order) == {}
        with pytest.raises(IllegalTransition):
            services.cancel_payment(refund.pk, "again", AT)
        assert refunded(refund.order) == 0


class ConfirmTest:
    def test_a_used_reference_is_refused(self) -> None:
        order = OrderFactory.create()
        services.record_manual_refund(asked(order), AT)
        other = ManualRefundFactory.create(order=order)

        with pytest.raises(ReferenceUsed):
            services.confirm_manual_refund(other.pk, "re_1", "", None, AT)
        with pytest.raises(ReferenceRequired):
            services.confirm_manual_refund(other.pk, "", "", None, AT)

        other.refresh_from_db()
        assert other.status == Status.PENDING

    def test_a_cancelled_one_is_not_confirmed(self) -> None:
        refund = ManualRefundFactory.create(status=Status.CANCELLED)

        with pytest.raises(IllegalTransition):
            services.confirm_manual_refund(refund.pk, "re_1", "", None, AT)

        assert Payment.objects.get(pk=refund.pk).status == Status.CANCELLED
