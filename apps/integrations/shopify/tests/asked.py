"""What the tests of Shopify ask for, again and again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from apps.core.http import Answer
from apps.core.money import Money
from apps.integrations.dtos import RefundOrder

Row = dict[str, Any]


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def refund_of(order: Row, amount: Money, reference: str = "pay-1", **facts: Any) -> RefundOrder:
    payment = facts.pop("payment_id", order["tenders"][0]["id"])
    return RefundOrder(
        order_id=order["id"], payment_id=payment, amount=amount, reference=reference, **facts
    )


def answer(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer("shopify", status, headers or {}, body)


class KeptSecrets:
    """Where a connector keeps what it has renewed, for tests."""

    def __init__(self, **kept: str) -> None:
        self.kept: Mapping[str, str] = kept
        self.renewals = 0

    @contextmanager
    def locked(self) -> Iterator[Mapping[str, str]]:
        yield self.kept

    def keep(self, secrets: Mapping[str, str]) -> None:
        self.kept = dict(secrets)
        self.renewals += 1
