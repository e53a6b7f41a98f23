"""Money out by hand and another way; credit spent and voided."""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from apps.payments import services
from apps.payments.dtos import ManualRefundRequest
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from faults.machine.arithmetic import share
from faults.machine.nouns import Credit
from faults.machine.play import HOW, NUMBER, How, Play, pick
from faults.machine.rules.shop import euros

GATEWAYS = ["manual", "bank_transfer", "store_credit"]


class MoneyRules(Play):
    @rule(number=NUMBER, percent=st.sampled_from([1, 40, 100, 101]), named=st.booleans(), how=HOW)
    @precondition(lambda self: self.model.orders)
    def adjust_by_staff(self, number: int, percent: int, named: bool, how: How) -> None:
        order = pick(self.model.orders, number)
        at_tender = number % len(order.till.tenders) if named else None
        till = order.till
        left = till.captured - till.refunded
        if at_tender is not None:
            tender = till.tenders[at_tender]
            left = min(left, tender.captured - tender.refunded)
        amount = share(left, percent, 100) + (percent > 100)
        if amount < 1:
            return
        rows = self._tenders_of(order.id)
        request = ManualRefundRequest(
            order_id=order.id,
            amount=euros(amount),
            reference=f"goodwill-{self.next()}",
            note="",
            requested_by=self.stage.maker.pk,
            tender_id=None if at_tender is None else rows[at_tender],
        )
        at = self.at

        def booked() -> None:
            payment = self.model.by_hand(order, amount, at_tender, at)
            if not payment.two_persons:
                self.model.succeed(payment, at)

        self.act(
            lambda: services.record_manual_refund(request, at), booked, how, legal=amount <= left
        )

    @rule(number=NUMBER, same=st.booleans(), how=HOW)
    @precondition(lambda self: self.paid_by("manual", "pending"))
    def confirm_by_hand(self, number: int, same: bool, how: How) -> None:
        payment = pick(self.paid_by("manual", "pending"), number)
        by = self.stage.maker if same else self.stage.approver
        reference = f"confirmed-{self.next()}"
        self.act(
            lambda: services.confirm_manual_refund(payment.id, reference, "", by.pk, self.at),
            lambda: self.model.succeed(payment, self.at),
            how,
            legal=not (same and payment.two_persons),
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.model.payments)
    def call_off(self, number: int, how: How) -> None:
        waiting = [each for each in self.model.payments if each.status == "pending"]
        payment = pick(waiting or self.model.payments, number)
        self.act(
            lambda: services.cancel_payment(payment.id, "asked", self.at),
            lambda: self.model.call_off(payment),
            how,
            legal=payment.status == "pending" and payment.batch is None,
        )

    @rule(number=NUMBER, gateway=st.sampled_from(GATEWAYS), how=HOW)
    @precondition(lambda self: self.model.payments)
    def pay_another_way(self, number: int, gateway: str, how: How) -> None:
        ended = [
            each for each in self.model.payments if each.status not in ("pending", "succeeded")
        ]
        old, at = pick(ended or self.model.payments, number), self.at
        stays = old.gateway != "store_credit" or gateway == "store_credit"
        self.act(
            lambda: services.pay_another_way(old.id, gateway, at),
            lambda: self.model.another_way(old, gateway, at),
            how,
            legal=self.model.owes(old) and stays,
        )

    @rule(number=NUMBER, percent=st.sampled_from([1, 50, 100, 101]), how=HOW)
    @precondition(lambda self: self.model.credits)
    def spend(self, number: int, percent: int, how: How) -> None:
        credit = pick(self.model.credits, number)
        amount = max(share(credit.balance, percent, 100), 1) + (percent > 100)
        at, reference = self.at, f"order-{self.next()}"
        open_to_it = not credit.closed and at < credit.expires_at
        self.act(
            lambda: self._credit(credit).spend(euros(amount), reference, at),
            lambda: self.model.spend(credit, amount, at),
            how,
            legal=open_to_it and amount <= credit.balance,
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.model.credits)
    def void_credit(self, number: int, how: How) -> None:
        credit = pick(self.model.credits, number)

        def booked() -> None:
            if not credit.closed:
                credit.closed = True
                self.model.forfeit(credit, "voided")

        self.act(lambda: self._credit(credit).void("asked", self.at), booked, how, legal=True)

    def _credit(self, credit: Credit) -> StoreCreditAccount:
        return StoreCreditAccount.objects.get(pk=credit.id)

    def _tenders_of(self, order_id: UUID) -> list[UUID]:
        from apps.orders.models import OrderTender

        rows = OrderTender.objects.filter(order_id=order_id).order_by("id")
        return list(rows.values_list("pk", flat=True))
