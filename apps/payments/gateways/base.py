"""What gateways of vendors share: the refund, one bounded call and its errors in three kinds."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Protocol, override
from uuid import UUID

from django.conf import settings
from django.db import models

from apps.core import http
from apps.core.constraints import DeferredCheck
from apps.core.errors import DomainError
from apps.core.rows import NOBODY, RowOf
from apps.payments import choices
from apps.payments.dtos import (
    Answer,
    BalanceReport,
    Movement,
    OddLine,
    SeenRefund,
    WantedRefund,
)
from apps.payments.helpers import vendor_of
from apps.payments.models import GatewayAccount, Payment
from apps.payments.refusals import AccessRefused, NoAnswer, NotPaidThere, Refused

logger = logging.getLogger(__name__)
Outcome = choices.Payment.Outcome

DEFINITE = (400, 402, 404, 410, 422)
# What a line that is not as documented may raise while it is read; money has its own refusals.
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, DomainError)
_ACCOUNTS: RowOf[GatewayAccount, UUID] = RowOf(
    lambda pk: GatewayAccount.objects.in_use().filter(pk=pk), like=NOBODY
)


@dataclass(frozen=True, slots=True)
class Vendor:
    """`code_of` reads the vendor's own code out of the body of an error.

    Its codes in `in_doubt` mean that another call may be at work under the key.
    """

    client: http.HttpClient
    code_of: Callable[[Any], str]
    in_doubt: tuple[str, ...] = ()

    def ask(self, call: http.Call) -> Any:
        """The JSON of the answer; raises Refused, AccessRefused or NoAnswer."""
        try:
            return self.client.send(call).json()
        except http.BadStatus as bad:
            raise self._verdict(bad) from bad
        except http.HttpError as error:
            raise NoAnswer from error

    def _verdict(self, bad: http.BadStatus) -> Exception:
        code = _code(self.code_of, bad.answer)
        if bad.status in (401, 403):
            return AccessRefused(code or "access_refused")
        if bad.status not in DEFINITE or code in self.in_doubt:
            return NoAnswer()
        return Refused(code or "refused")


class RefundClient(Protocol):
    """Every call raises Refused, AccessRefused or NoAnswer; none is repeated by itself."""

    def refund(self, wanted: WantedRefund) -> SeenRefund: ...

    def refund_by_id(self, id: str, source: str) -> SeenRefund: ...  # noqa: A002

    def refunds_of(self, source: str) -> Iterable[SeenRefund]: ...


class ReportingClient(RefundClient, Protocol):
    """One that publishes what moved in the balance of its account."""

    def report(self, since: datetime, until: datetime) -> BalanceReport:
        """`since` included and `until` not, midnights of UTC; fees are no part of an amount."""

    def refund_of(self, movement: Movement) -> SeenRefund: ...


class UnknownKind(Exception):
    """A line of a report is of a kind that the vendor's documents, as we know them, do not name."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind[:80]


def read_report[L](
    until: datetime,
    lines: Iterable[tuple[str, L]],
    movements_of: Callable[[L], Iterable[Movement]],
) -> BalanceReport:
    """Line by line, each by its name in the report: what cannot be read hides nothing else."""
    movements: list[Movement] = []
    odd: list[OddLine] = []
    for name, line in lines:
        try:
            movements.extend(list(movements_of(line)))
        except UnknownKind as unknown:
            odd.append(OddLine(name, unknown.kind))
        except UNREADABLE:
            odd.append(OddLine(name))
    return BalanceReport(until, tuple(movements), tuple(odd))


def utc_of(text: Any) -> datetime:
    """Raises ValueError for a time without a zone."""
    found = datetime.fromisoformat(str(text))
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)


class VendorRefund(Payment):
    """Back to the payment that it came from; the vendor may take a success back later."""

    CAN_COME_BACK: ClassVar[bool] = True
    ASKED_EVERY: ClassVar[timedelta | None] = timedelta(hours=1)

    gateway_account = models.ForeignKey(GatewayAccount, models.PROTECT, related_name="%(class)ss")
    paid_by = models.CharField(max_length=120, help_text="The vendor's id of the payment")

    class Meta:
        abstract = True

    def client(self) -> RefundClient:
        raise NotImplementedError

    def draw_on_tender(self) -> None:
        """In memory, before it is saved; raises NotPaidThere."""
        tender = self.tender
        account = GatewayAccount.objects.of_store(self.gateway, self.merchant_id, self.store_id)
        theirs = tender is not None and vendor_of(tender.gateway, tender.external_id)
        if account is None or tender is None or theirs != self.gateway:
            raise NotPaidThere(order=str(self.order_id), gateway=self.gateway)
        self.gateway_account, self.environment = account, account.environment
        self.paid_by = tender.external_id

    @override
    def call(self) -> Answer:
        client = self.client()
        try:
            earlier = self._made_before(client) if self.generation > 1 else None
            return self.answer(earlier or client.refund(self._wanted()))
        except AccessRefused as refused:
            if self.attempts > 1:
                raise NoAnswer from refused
            return Answer(Outcome.FAILED, failure_code=refused.code)
        except Refused as refused:
            return Answer(Outcome.FAILED, failure_code=refused.code)

    @override
    def ask(self) -> Answer:
        """By its id where we know it, else among the refunds of the payment by our reference."""
        client = self.client()
        try:
            if self.provider_ref:
                return self.answer(client.refund_by_id(self.provider_ref, self.paid_by))
            for seen in client.refunds_of(self.paid_by):
                if seen.reference == self.idempotency_key:
                    return self.answer(seen)
        except Refused as refused:
            raise NoAnswer from refused
        return Answer(Outcome.ABSENT)

    def answer(self, seen: SeenRefund) -> Answer:
        """Another sum than was asked for is never believed: somebody must look (I-16)."""
        if seen.amount != self.amount:
            logger.critical("%s is of %s, not %s", seen.id, seen.amount, self.amount)
            return Answer(Outcome.UNKNOWN)
        failure = seen.failure[:60] if seen.outcome == Outcome.FAILED else ""
        return Answer(seen.outcome, provider_ref=seen.id, failure_code=failure)

    def answer_to(self, seen: SeenRefund) -> Answer | None:
        """None when it is no refund of this generation."""
        is_mine = seen.reference == self.idempotency_key
        return self.answer(seen) if is_mine and self.provider_ref in ("", seen.id) else None

    def _made_before(self, client: RefundClient) -> SeenRefund | None:
        """An earlier generation that was held for refused and is there all the same."""
        mine = f"{self.purpose}:{self.id}:"
        for seen in client.refunds_of(self.paid_by):
            if seen.reference.startswith(mine) and seen.outcome != Outcome.FAILED:
                return seen
        return None

    def _wanted(self) -> WantedRefund:
        return WantedRefund(source=self.paid_by, amount=self.amount, reference=self.idempotency_key)


def limits() -> http.Limits:
    return http.Limits(read=settings.GATEWAY_READ_SECONDS, attempts=1)


def account_of(gateway: str, token: str) -> GatewayAccount | None:
    """`token`, of a webhook's address, is the id of its row; None for no account in use there."""
    try:
        found = _ACCOUNTS.of(UUID(token))
    except ValueError:
        return None
    return found if found is not None and found.gateway == gateway else None


def of_own_merchant(table: str) -> DeferredCheck:
    """The merchant's column stands in the parent's table, out of reach of a foreign key."""
    return DeferredCheck(
        holds="""EXISTS (
  SELECT FROM payments_payment p JOIN payments_gatewayaccount a ON a.merchant_id = p.merchant_id
  WHERE p.id = changed.payment_ptr_id AND a.id = changed.gateway_account_id
    AND a.gateway = p.gateway
)""",
        message="a refund goes through an account of its own merchant",
        events="INSERT OR UPDATE",
        name=f"{table}_merchant",
    )


def _code(code_of: Callable[[Any], str], answer: http.Answer) -> str:
    try:
        return str(code_of(answer.json()) or "")
    except (http.Unreadable, AttributeError, IndexError, KeyError, TypeError):
        return ""
