"""What the database itself holds of a payment, whoever writes."""

import pytest
from django.db import IntegrityError, connection, transaction

from apps.core import clock
from apps.orders.tests.factories import OrderFactory, ReturnFactory
from apps.payments import choices, gateways
from apps.payments.constraints import AddsToAccount, FixedOnceSubmitted
from apps.payments.gateways.base import VendorRefund
from apps.payments.gateways.manual.models import ManualRefund
from apps.payments.models import LedgerEntry, Payment
from apps.payments.services.creating import CLASSES, COLLECTIONS
from apps.payments.tests.factories import (
    ManualRefundFactory,
    StoreCreditRefundFactory,
    StripeCheckoutPaymentFactory,
)

AT = clock.now()
Status = choices.Payment.Status
MOVES = [
    ("pending", "processing"),
    ("pending", "cancelled"),
    ("processing", "succeeded"),
    ("processing", "failed"),
    ("processing", "unknown"),
    ("unknown", "processing"),
    ("unknown", "succeeded"),
    ("unknown", "failed"),
    ("failed", "pending"),
    ("succeeded", "returned"),
]

MOVES_IN = {
    "pending": "processing cancelled",
    "processing": "unknown requires_action authorised succeeded failed expired",
    "unknown": "processing requires_action authorised succeeded failed expired",
    "requires_action": "authorised succeeded failed expired",
    "authorised": "succeeded failed voided expired",
    "failed": "pending succeeded",
    "succeeded": "refunded partly_refunded disputed",
    "partly_refunded": "refunded succeeded disputed",
    "refunded": "partly_refunded succeeded disputed",
    "disputed": "succeeded refunded partly_refunded",
}


class TransitionsTest:
    def test_every_arrow_drawn_by_hand(self) -> None:
        table = choices.Payment.TRANSITIONS
        arrows = [(start, end) for start, ends in table.items() for end in ends]

        assert sorted(arrows) == sorted(MOVES)

    def test_every_arrow_of_a_collection_drawn_by_hand(self) -> None:
        table = choices.Payment.COLLECTION_TRANSITIONS
        arrows = {(start, end) for start, ends in table.items() for end in ends}

        assert arrows == {(start, end) for start, ends in MOVES_IN.items() for end in ends.split()}

    def test_every_arrow_of_a_card_drawn_by_hand(self) -> None:
        table = choices.SavedCard.TRANSITIONS
        arrows = [(start, end) for start, ends in table.items() for end in ends]

        assert sorted(arrows) == [
            ("consented", "dropped"),
            ("consented", "ready"),
            ("ready", "dropped"),
            ("ready", "refused"),
            ("refused", "dropped"),
        ]

    def test_every_arrow_of_a_batch_drawn_by_hand(self) -> None:
        table = choices.BankTransferBatch.TRANSITIONS
        arrows = [(start, end) for start, ends in table.items() for end in ends]

        assert sorted(arrows) == [
            ("approved", "cancelled"),
            ("approved", "exported"),
            ("draft", "approved"),
            ("draft", "cancelled"),
            ("exported", "settled"),
        ]


class RegistryTest:
    def test_folders_choices_and_classes_agree(self) -> None:
        assert set(gateways.names()) == set(choices.Payment.Gateway.values) == set(CLASSES)
        kinds = {*Payment.__subclasses__(), *VendorRefund.__subclasses__()} - {VendorRefund}
        assert {*CLASSES.values(), *COLLECTIONS} == kinds


@pytest.mark.django_db
class PaymentRowTest:
    def refuses(self, match: str, payment: Payment, **change: object) -> bool:
        rows = Payment.objects.filter(pk=payment.pk)
        with pytest.raises(IntegrityError, match=match), transaction.atomic():
            rows.update(**change)
        return True

    def test_jumps_are_refused(self) -> None:
        payment = ManualRefundFactory.create()

        assert self.refuses("cannot move", payment, status=Status.FAILED)
        assert self.refuses("cannot move", payment, status=Status.RETURNED, provider_ref="x")

    def test_each_direction_moves_along_its_own_table(self) -> None:
        refund, page = ManualRefundFactory.create(), StripeCheckoutPaymentFactory.create()
        for payment in (refund, page):
            Payment.objects.filter(pk=payment.pk).update(status=Status.PROCESSING)

        assert self.refuses("cannot move", refund, status=Status.REQUIRES_ACTION)
        Payment.objects.filter(pk=page.pk).update(status=Status.REQUIRES_ACTION)
        assert self.refuses("cannot move", page, status=Status.PENDING)
        assert self.refuses("is fixed", page, direction=choices.Payment.Direction.OUT)

    @pytest.mark.parametrize("amount", [0, -1])
    def test_amount_is_above_zero(self, amount: int) -> None:
        with pytest.raises(IntegrityError, match="payments_payment_amount"):
            ManualRefundFactory.create(amount_minor=amount)

    def test_succeeded_has_a_reference(self) -> None:
        with pytest.raises(IntegrityError, match="paid_has_ref"):
            ManualRefundFactory.create(status=Status.SUCCEEDED)

    def test_amount_and_currency_never_change(self) -> None:
        payment = ManualRefundFactory.create()

        assert self.refuses("is fixed", payment, amount_minor=1)
        assert self.refuses("is fixed", payment, currency="USD")

    def test_key_is_fixed_once_submitted(self) -> None:
        payment = ManualRefundFactory.create(status=Status.PROCESSING, submitted_at=AT)

        assert self.refuses("is fixed", payment, idempotency_key="refund:other:1")
        assert self.refuses("is fixed", payment, destination_hash="0" * 64)
        assert self.refuses("is fixed", payment, submitted_at=None)

    def test_next_generation_takes_a_new_key_only_after_a_refusal(self) -> None:
        payment = ManualRefundFactory.create(status=Status.FAILED, submitted_at=AT)
        step = {"idempotency_key": "refund:x:2", "submitted_at": None, "status": Status.PENDING}

        assert self.refuses("is fixed", payment, **step)
        Payment.objects.filter(pk=payment.pk).update(**step, generation=2)

        assert Payment.objects.get(pk=payment.pk).idempotency_key == "refund:x:2"

    def test_one_key_and_one_reference_for_each_merchant(self) -> None:
        first = ManualRefundFactory.create(provider_ref="re_1")

        with pytest.raises(IntegrityError, match="payments_payment_key"), transaction.atomic():
            ManualRefundFactory.create(order=first.order, idempotency_key=first.idempotency_key)
        with pytest.raises(IntegrityError, match="provider_ref"), transaction.atomic():
            ManualRefundFactory.create(order=first.order, provider_ref="re_1")

        assert ManualRefundFactory.create(provider_ref="re_1").pk != first.pk

    @pytest.mark.parametrize("with_tender", [True, False])
    def test_one_live_payment_of_each_leg(self, with_tender: bool) -> None:
        ret = ReturnFactory.create()
        tender = ret.order.tenders.get() if with_tender else None
        leg = {"order": ret.order, "ret": ret, "tender": tender}
        StoreCreditRefundFactory.create(**leg)

        with pytest.raises(IntegrityError, match="one_live"), transaction.atomic():
            ManualRefundFactory.create(**leg)
        again = ManualRefundFactory.create(**leg, status=Status.CANCELLED)

        assert Payment.objects.for_return(ret).count() == 2
        assert list(Payment.objects.for_return(ret).live()) != [again]

    def test_stays_with_its_merchant(self) -> None:
        ManualRefundFactory.create(order=OrderFactory.create(), ret=ReturnFactory.create())

        with pytest.raises(IntegrityError, match="payments_payment_ret_tenant"):
            connection.check_constraints()

    def test_triggers_go_and_come_back(self) -> None:
        payment = ManualRefundFactory.create()
        triggers = [
            (model, each)
            for model in (Payment, LedgerEntry)
            for each in model._meta.constraints
            if isinstance(each, FixedOnceSubmitted | AddsToAccount)
        ]
        with connection.cursor() as cursor:
            for model, each in triggers:
                cursor.execute(each.sql_down(model))
            Payment.objects.filter(pk=payment.pk).update(amount_minor=1)
            for model, each in triggers:
                cursor.execute(each.sql_up(model))

        assert self.refuses("is fixed", payment, amount_minor=2)

    def test_base_rows_come_as_their_gateways_class(self) -> None:
        payment = ManualRefundFactory.create(note="by phone")

        (found,) = Payment.objects.for_order(payment.order)

        assert isinstance(found, ManualRefund)
        assert (found.note, str(found)) == ("by phone", "Recorded by hand 60.00 EUR")
