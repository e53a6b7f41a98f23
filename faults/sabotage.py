"""The protections that a control takes away, one at a time, in every process that it started.

They are taken away from outside: the product has no switch for any of them.
"""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

from faults import sabotage_shops as shops
from faults.board import Board


def install(board: Board) -> None:
    _row_lock(board)
    _idempotency_key(board)
    _one_sender(board)
    _sweeper(board)
    _event_sweeper(board)
    _inbox_sweeper(board)
    _claim(board)
    _strict_parser(board)
    _asking(board)
    _key_life(board)
    _seats(board)
    _inbox_once(board)
    _cap(board)
    _slot(board)
    _label_rules(board)
    _circuit(board)
    _waits(board)
    shops.install(board)
    _lift_limits()


def _row_lock(board: Board) -> None:
    """`row-lock`: no SELECT ... FOR UPDATE anywhere."""
    from django.db.models import QuerySet

    real = QuerySet.select_for_update

    def select_for_update(self: Any, *args: Any, **named: Any) -> Any:
        return self._chain() if board.lacks("row-lock") else real(self, *args, **named)

    QuerySet.select_for_update = select_for_update  # type: ignore[method-assign]


def _idempotency_key(board: Board) -> None:
    """`idempotency-key`: every call to a gateway goes out under a key of its own."""
    from apps.core.http import Call, HttpClient
    from apps.core.ids import uuid7

    real = HttpClient.send

    def send(self: HttpClient, call: Call) -> Any:
        if "Idempotency-Key" in call.headers and board.lacks("idempotency-key"):
            call = replace(call, headers={**call.headers, "Idempotency-Key": str(uuid7())})
        return real(self, call)

    HttpClient.send = send  # type: ignore[method-assign]


def _one_sender(board: Board) -> None:
    """`one-sender`: a payment is sent by whoever was told to, also when another has taken it."""
    from apps.payments.mixins.sending import SendingMixin

    real = SendingMixin.submit

    def submit(self: Any, at: Any) -> bool:
        return real(self, at) or board.lacks("one-sender")

    SendingMixin.submit = submit  # type: ignore[method-assign]


def _sweeper(board: Board) -> None:
    """`sweeper`: nobody looks for payments that were left behind."""
    from apps.payments import services

    real = services.sweep_payments

    def sweep_payments(at: Any) -> int:
        return 0 if board.lacks("sweeper") else real(at)

    services.sweep_payments = sweep_payments


def _event_sweeper(board: Board) -> None:
    """`event-sweeper`: nobody tells again what was not heard."""
    from apps.events import announcer

    real = announcer.sweep

    def sweep(at: Any, limit: int = 200) -> int:
        return 0 if board.lacks("event-sweeper") else real(at, limit)

    announcer.sweep = sweep


def _inbox_sweeper(board: Board) -> None:
    """`inbox-sweeper`: nobody looks for webhooks that were left behind."""
    from apps.events import services

    real = services.process

    def process(at: Any, limit: int = 1_000) -> int:
        return 0 if board.lacks("inbox-sweeper") else real(at, limit)

    services.process = process


def _claim(board: Board) -> None:
    """`claim`: a call with an Idempotency-Key is worked on as if it had none."""
    from apps.api.common.idempotency import Call

    real = Call.local

    def local(self: Call, act: Any) -> Any:
        return act() if board.lacks("claim") else real(self, act)

    Call.local = local  # type: ignore[method-assign]


def _strict_parser(board: Board) -> None:
    """`strict-parser`: bodies are read as Python reads them."""
    import json

    from apps.api.common import strict_json

    real = strict_json.loads

    def loads(raw: bytes) -> Any:
        return json.loads(raw) if board.lacks("strict-parser") else real(raw)

    strict_json.loads = loads


def _lift_limits() -> None:
    """Two hundred calls at once are the test here; what guards look-up and login stays."""
    from apps.api.common.throttles import CredentialThrottle
    from apps.api.platforms import gate

    CredentialThrottle.MINUTELY = CredentialThrottle.MONEY_MINUTELY = 1_000_000
    CredentialThrottle.HOURLY = 1_000_000
    gate.PER_ACCOUNT = gate.PER_NETWORK = 1_000_000


def _asking(board: Board) -> None:
    """`asking`: who finds a payment without an answer takes it for never sent."""
    from apps.payments import choices
    from apps.payments.dtos import Answer
    from apps.payments.gateways.stripe.models import StripeRefund

    real = StripeRefund.ask

    def ask(self: StripeRefund) -> Answer:
        if board.lacks("asking"):
            return Answer(choices.Payment.Outcome.ABSENT)
        return real(self)

    StripeRefund.ask = ask  # type: ignore[method-assign]


def _key_life(board: Board) -> None:
    """`key-life`: a call is made again under its key however old that is."""
    from apps.payments.mixins.sending import SendingMixin

    real = SendingMixin.key_lives

    def key_lives(self: SendingMixin, at: Any) -> bool:
        return board.lacks("key-life") or real(self, at)

    SendingMixin.key_lives = key_lives  # type: ignore[method-assign]


def _seats(board: Board) -> None:
    """`seats`: as many threads as there are wait for a locked row."""
    from apps.core import queueing

    real = queueing.seat

    def seat() -> AbstractContextManager[None]:
        return nullcontext() if board.lacks("seats") else real()

    queueing.seat = seat  # type: ignore[assignment]


def _inbox_once(board: Board) -> None:
    """`inbox-once`: a webhook that comes again is a new one."""
    from apps.core.ids import uuid7
    from apps.events import services
    from apps.events.dtos import Delivery

    real = services.receive

    def receive(delivery: Delivery, at: Any) -> services.Receipt:
        if board.lacks("inbox-once"):
            delivery = replace(delivery, event_id=str(uuid7()), is_thin=True)
        return real(delivery, at)

    services.receive = receive


def _cap(board: Board) -> None:
    """`cap`: nobody counts what an order and its payments gave back already."""
    from apps.orders.mixins.order_refunds import OrderRefundsMixin

    real = OrderRefundsMixin.claim_refund

    def claim_refund(self: Any, *args: Any, **named: Any) -> Any:
        return None if board.lacks("cap") else real(self, *args, **named)

    OrderRefundsMixin.claim_refund = claim_refund  # type: ignore[method-assign]


def _slot(board: Board) -> None:
    """`slot`: every tick of a periodic job works, whoever had its slot."""
    from apps.events import slots
    from apps.events.models import JobRun

    real = slots._claim

    def claim(job: str, slot: Any, at: Any) -> JobRun | None:
        mine = real(job, slot, at)
        return mine or (JobRun(started_at=at) if board.lacks("slot") else None)

    slots._claim = claim


def _label_rules(board: Board) -> None:
    """`label-rules`: a label is made whatever became of the return and its fee."""
    from apps.deliveries.mixins.label_rules import LabelRulesMixin

    real = LabelRulesMixin._check_label_allowed

    def check(self: Any) -> None:
        if not board.lacks("label-rules"):
            real(self)

    LabelRulesMixin._check_label_allowed = check  # type: ignore[method-assign]


def _circuit(board: Board) -> None:
    """`circuit`: every call is made, however often the peer failed for its account."""
    from apps.core.circuit import Circuit

    real = Circuit.enter

    def enter(self: Circuit, longest: float) -> bool:
        return board.lacks("circuit") or real(self, longest)

    Circuit.enter = enter  # type: ignore[method-assign]


def _waits(board: Board) -> None:
    """`waits`: a shopper is erased whatever is still open."""
    from apps.api.services import erasing

    real = erasing.blockers

    def blockers(found: Any, at: Any) -> list[str]:
        return [] if board.lacks("waits") else real(found, at)

    erasing.blockers = blockers
