"""Transfers: an account named, a batch drafted, approved, exported, and what the bank says."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from apps.payments import services
from apps.payments.gateways.bank_transfer.models import BankTransferBatch, BankTransferPayout
from apps.payments.services.payouts import BatchRequest
from apps.payments.tests.factories import IBAN, OTHER_IBAN
from faults.machine.nouns import Batch, Payment
from faults.machine.play import HOW, NUMBER, How, Play, pick


class TransferRules(Play):
    @rule(number=NUMBER, iban=st.sampled_from([IBAN, OTHER_IBAN]), how=HOW)
    @precondition(lambda self: self.returns_by("bank_transfer"))
    def name_account(self, number: int, iban: str, how: How) -> None:
        ret = pick(self.returns_by("bank_transfer"), number)
        mine = [p for p in self.model.payments if p.ret is ret and p.gateway == "bank_transfer"]

        def booked() -> None:
            ret.has_account = True
            for payment in mine:
                payment.has_account = payment.has_account or payment.status == "pending"

        gone = any(p.status in ("processing", "succeeded") or p.batch for p in mine)
        self.act(
            lambda: services.set_payout_account(self.row(ret.id), iban, "Ana López", self.at),
            booked,
            how,
            legal=not gone,
        )

    @rule(how=HOW)
    @precondition(lambda self: self.model.payments)
    def open_batch(self, how: How) -> None:
        waiting = [
            each
            for each in self.paid_by("bank_transfer", "pending")
            if each.has_account and each.batch is None
        ]
        request = BatchRequest(self.stage.merchant, self.stage.maker)

        def booked() -> None:
            batch = Batch(list(waiting))
            for payment in waiting:
                payment.batch = batch
            self.model.batches.append(batch)
            newest = BankTransferBatch.objects.order_by("-id")
            batch.id = newest[0].pk

        self.act(lambda: services.open_batch(request, self.at), booked, how, legal=bool(waiting))

    @rule(number=NUMBER, same=st.booleans(), how=HOW)
    @precondition(lambda self: self.model.batches)
    def approve_batch(self, number: int, same: bool, how: How) -> None:
        batch = pick(self.model.batches, number)
        by = self.stage.maker if same else self.stage.approver

        def booked() -> None:
            batch.status = "approved"

        right = not (same and batch.total > 20000)
        self.act(
            lambda: services.approve_batch(self._batch(batch), by, self.at),
            booked,
            how,
            legal=batch.status == "draft" and right,
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.model.batches)
    def call_batch_off(self, number: int, how: How) -> None:
        batch = pick(self.model.batches, number)

        def booked() -> None:
            batch.status = "cancelled"
            for payment in batch.payments:
                payment.batch = None

        self.act(
            lambda: self._batch(batch).cancel(self.at),
            booked,
            how,
            legal=batch.status in ("draft", "approved"),
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.model.batches)
    def export_batch(self, number: int, how: How) -> None:
        batch = pick(self.model.batches, number)

        def booked() -> None:
            if batch.status == "approved":
                batch.status = "exported"
                for payment in batch.payments:
                    self.model.send(payment)

        self.act(
            lambda: services.export_batch(self._batch(batch), self.at),
            booked,
            how,
            legal=batch.status in ("approved", "exported", "settled"),
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.model.batches)
    def settle_batch(self, number: int, how: How) -> None:
        batch = pick(self.model.batches, number)

        def booked() -> None:
            if batch.status == "exported":
                batch.status = "settled"
                for payment in batch.payments:
                    if payment.batch is batch and payment.status == "processing":
                        self.model.succeed(payment, self.at)

        self.act(
            lambda: services.settle_batch(self._batch(batch), self.at),
            booked,
            how,
            legal=batch.status in ("exported", "settled"),
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.paid_by("bank_transfer"))
    def bank_rejects(self, number: int, how: How) -> None:
        sent = self.paid_by("bank_transfer", "processing")
        payment = pick(sent or self.paid_by("bank_transfer"), number)

        def booked() -> None:
            if payment.status == "processing":
                self.model.fail(payment)

        self._at_the_bank(payment, "AC04", services.reject_transfer, booked, how, legal=True)

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.paid_by("bank_transfer"))
    def bank_sends_back(self, number: int, how: How) -> None:
        done = self.paid_by("bank_transfer", "succeeded")
        payment = pick(done or self.paid_by("bank_transfer"), number)
        self._at_the_bank(
            payment,
            "AC06",
            services.return_transfer,
            lambda: self.model.come_back(payment),
            how,
            legal=bool(done),
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.paid_by("bank_transfer") or self.paid_by("stripe"))
    def try_again(self, number: int, how: How) -> None:
        sent = self.paid_by("bank_transfer") + self.paid_by("stripe")
        payment = pick([each for each in sent if each.status == "failed"] or sent, number)
        legal = payment.status == "failed" and not payment.replaced

        def booked() -> None:
            payment.status, payment.batch = "pending", None
            payment.has_account = payment.has_account or bool(
                payment.ret and payment.ret.has_account
            )

        self.act(lambda: services.retry_payment(payment.id, self.at), booked, how, legal=legal)

    def _at_the_bank(
        self,
        payment: Payment,
        code: str,
        told: Callable[..., None],
        booked: Callable[[], object],
        how: How,
        *,
        legal: bool,
    ) -> None:
        self.act(
            lambda: told(BankTransferPayout.objects.get(pk=payment.id), code, self.at),
            booked,
            how,
            legal=legal,
        )

    def _batch(self, batch: Batch) -> BankTransferBatch:
        return BankTransferBatch.objects.get(pk=batch.id)
