"""The money side of the model: promised, sent, settled, called off; credit issued and spent."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from faults.machine.arithmetic import Asked, Sum, Tender, Terms, work_out
from faults.machine.nouns import Batch, Credit, Order, Payment, Return

CREDIT_LIFETIME = timedelta(days=730)
# A refund by card that is sent, and not known here to have ended.
OPEN = "open"
# Debit and credit of each step, as docs/ledger.md has them.
SENT = {
    "bank_transfer": ("refunds_payable", "bank_in_transit"),
    "stripe": ("refunds_payable", "stripe_in_transit"),
}
SUCCEEDED = {
    "store_credit": ("refunds_payable", "store_credit_liability"),
    "bank_transfer": ("bank_in_transit", "bank"),
    "manual": ("refunds_payable", "external_settlement"),
    "stripe": ("stripe_in_transit", "stripe_balance"),
}
RETURNED = {
    "bank_transfer": ("bank", "refunds_payable"),
    "stripe": ("stripe_balance", "refunds_payable"),
}


@dataclass
class Purse:
    payments: list[Payment] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    ledger: Counter[str] = field(default_factory=Counter)

    def quote(self, order: Order, asked: list[Asked], terms: Terms, method: str) -> Sum:
        return work_out(order.till, asked, terms, method)

    def promise(self, ret: Return, at: datetime) -> None:
        if ret.sum is not None:
            return
        assert ret.status in ("accepted", "partly_accepted")
        taken = [unit for unit in ret.units if unit.decision == "accepted"]
        asked = [Asked(unit.line, unit.quantity) for unit in sorted(taken, key=lambda u: u.id)]
        told = ret.sum = work_out(ret.order.till, asked, ret.terms, ret.method)
        self._claim(ret, asked, told)
        if not told.refund:
            return
        self._owe(told)
        for at_tender, amount in told.legs:
            gateway = _gateway(ret.method, ret.order.till.tenders[at_tender])
            self.pay(ret, gateway, "refund", amount, at_tender, at)
        if extra := told.refund - sum(amount for _, amount in told.legs):
            self.pay(ret, "store_credit", "adjustment", extra, None, at)
        mine = [each for each in self.payments if each.ret is ret]
        for payment in [each for each in mine if each.gateway == "store_credit"]:
            self.succeed(payment, at)

    def _owe(self, told: Sum) -> None:
        self._post("refunds_granted", told.refund + told.fees - told.bonus)
        self._post("fees_withheld", -told.fees)
        self._post("bonus_expense", told.bonus)
        self._post("refunds_payable", -told.refund)

    def _claim(self, ret: Return, asked: list[Asked], told: Sum) -> None:
        till = ret.order.till
        till.refunded += told.given_back
        till.shipping_refunded += told.shipping
        for at, gross in told.goods.items():
            till.lines[at].refunded += gross
        for each in asked:
            till.lines[each.line].settled += each.quantity
        for at, amount in told.legs:
            till.tenders[at].refunded += amount
        assert till.refunded <= till.captured
        assert all(line.refunded <= line.paid for line in till.lines)

    def pay(
        self, ret: Return, gateway: str, purpose: str, amount: int, tender: int | None, at: datetime
    ) -> Payment:
        payment = Payment(ret.order, ret, gateway, purpose, amount, tender, at)
        payment.has_account = gateway == "bank_transfer" and ret.has_account
        self.payments.append(payment)
        return payment

    def by_hand(self, order: Order, amount: int, tender: int | None, at: datetime) -> Payment:
        order.till.refunded += amount
        if tender is not None:
            order.till.tenders[tender].refunded += amount
        assert order.till.refunded <= order.till.captured
        self._post("refunds_granted", amount)
        self._post("refunds_payable", -amount)
        payment = Payment(order, None, "manual", "manual", amount, tender, at)
        payment.two_persons = amount > 20000
        self.payments.append(payment)
        return payment

    def succeed(self, payment: Payment, at: datetime) -> None:
        if payment.status not in ("pending", "processing", OPEN):
            return
        payment.status = "succeeded"
        self._move(SUCCEEDED, payment)
        if payment.gateway == "store_credit":
            assert payment.ret is not None
            self._credit_of(payment.ret, at).issued += payment.amount

    def send(self, payment: Payment) -> None:
        """It leaves with the file of its batch, or is asked of the processor."""
        payment.status = OPEN if payment.gateway == "stripe" else "processing"
        self._move(SENT, payment)

    def fail(self, payment: Payment) -> None:
        payment.status = "failed"
        self._move(SENT, payment, -1)

    def come_back(self, payment: Payment) -> None:
        assert payment.status == "succeeded"
        payment.status = "returned"
        self._move(RETURNED, payment)

    def call_off(self, payment: Payment) -> None:
        assert payment.status == "pending"
        assert payment.batch is None
        payment.status = "cancelled"
        if payment.is_claim:
            payment.order.till.refunded -= payment.amount
            if payment.tender is not None:
                payment.order.till.tenders[payment.tender].refunded -= payment.amount
            self._post("refunds_granted", -payment.amount)
            self._post("refunds_payable", payment.amount)

    def owes(self, payment: Payment) -> bool:
        """Whether it left a debt that nothing has taken over."""
        ended = payment.status in ("failed", "cancelled", "returned") and not payment.replaced
        return ended and not (payment.is_claim and payment.status == "cancelled")

    def another_way(self, old: Payment, gateway: str, at: datetime) -> None:
        assert self.owes(old)
        assert old.gateway != "store_credit" or gateway == "store_credit"
        new = Payment(old.order, old.ret, gateway, old.purpose, old.amount, old.tender, at)
        new.has_account = gateway == "bank_transfer" and bool(old.ret and old.ret.has_account)
        new.replaces, old.replaced = old, True
        self.payments.append(new)

    # Store credit

    def expire(self, at: datetime) -> None:
        for credit in self.credits:
            if not credit.closed and at >= credit.expires_at:
                credit.closed = True
                self.forfeit(credit, "expired")

    def forfeit(self, credit: Credit, how: str) -> None:
        left = credit.balance
        setattr(credit, how, left)
        self._post("store_credit_liability", left)
        self._post("credit_forfeited", -left)

    def spend(self, credit: Credit, amount: int, at: datetime) -> None:
        assert not credit.closed
        assert at < credit.expires_at
        assert 0 < amount <= credit.balance
        credit.spent += amount
        self._post("store_credit_liability", amount)
        self._post("credit_redeemed", -amount)

    def _credit_of(self, ret: Return, at: datetime) -> Credit:
        for credit in self.credits:
            if credit.ret is ret and not credit.closed:
                if at < credit.expires_at:
                    return credit
                credit.closed = True
                self.forfeit(credit, "expired")
        self.credits.append(Credit(ret, at + CREDIT_LIFETIME))
        return self.credits[-1]

    def sweep(self, at: datetime) -> None:
        """Credit that was promised a while ago and never sent is given now."""
        for payment in self.payments:
            waits = payment.status == "pending" and payment.gateway == "store_credit"
            if waits and payment.born <= at - timedelta(seconds=60):
                self.succeed(payment, at)

    def _move(self, sides: dict[str, tuple[str, str]], payment: Payment, sign: int = 1) -> None:
        debit, credit = sides[payment.gateway]
        self._post(debit, sign * payment.amount)
        self._post(credit, -sign * payment.amount)

    def _post(self, account: str, amount: int) -> None:
        self.ledger[account] += amount


def _gateway(method: str, tender: Tender) -> str:
    if method == "store_credit" or tender.is_credit:
        return "store_credit"
    if method == "bank_transfer":
        return "bank_transfer"
    return "stripe" if tender.by_stripe else "manual"
