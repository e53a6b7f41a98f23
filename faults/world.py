"""A merchant with a store and orders, and what its systems do over HTTP."""

import time
from dataclasses import dataclass, field
from typing import Any

from apps.accounts.models import Merchant, Store
from apps.accounts.tests.factories import StoreFactory
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.orders.models import Order, Return
from apps.orders.tests.factories import OrderFactory, ReturnFactory
from apps.payments.models import Payment
from apps.payments.tests.factories import DebtorFactory
from apps.users.tests.factories import SECRET, ApiKeyFactory
from faults.client import Client, Reply
from faults.rig import Rig
from faults.waiting import wait_for

CANARIES = ("canary-shopper", "Kanarienvogel", SECRET)


@dataclass(slots=True)
class World:
    """Rows are made in this process; what is tested happens in the others."""

    rig: Rig
    merchant: Merchant = field(default_factory=DebtorFactory.create)
    store: Store = field(init=False)
    _bearer: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.store = StoreFactory.create(merchant=self.merchant)
        key = ApiKeyFactory.create(merchant=self.merchant)
        self._bearer = f"Bearer {key.prefix}_{SECRET}"

    @property
    def api(self) -> Client:
        """The public API with a key that may do everything."""
        return Client(self.rig.web().port, "api", {"Authorization": self._bearer})

    def order(self, **named: Any) -> Order:
        """2 x 25.00 and 1 x 50.00 EUR, delivered five days ago and paid by card."""
        email = f"canary-shopper-{uuid7().hex}@example.test"
        shopper = {"customer__email": email, "customer__name": "Kanarienvogel"}
        made: Order = OrderFactory.create(**{"store": self.store, **shopper, **named})
        return made

    def orders(self, count: int, **named: Any) -> list[Order]:
        return [self.order(**named) for _ in range(count)]

    def received(self, order: Order | None = None, method: str = "store_credit") -> Return:
        """A return of every unit, in the merchant's hands and not yet decided."""
        made: Return = ReturnFactory.create(
            order=order or self.order(), received=True, refund_method=method
        )
        return made

    def accept(self, ret: Return, key: str = "") -> Reply:
        """Over HTTP; with the last unit the return is concluded and its refund promised."""
        units = [
            {"line": str(pk), "outcome": "accepted"}
            for pk in ret.lines.order_by("pk").values_list("pk", flat=True)
        ]
        return self.api.post(
            f"/v1/returns/{ret.pk}/decisions", {"units": units}, key=key or f"accept-{ret.pk}"
        )

    def payments(self, ret: Return) -> list[Payment]:
        return list(Payment.objects.filter(ret_id=ret.pk).order_by("pk"))

    def statuses(self, ret: Return) -> list[str]:
        return [payment.status for payment in self.payments(ret)]

    def paid(self, ret: Return) -> Money:
        """What its succeeded payments come to."""
        paid = [each.amount for each in self.payments(ret) if each.status == "succeeded"]
        return sum(paid, Money.zero(ret.currency))

    def seconds_until_paid(self, ret: Return, within: float = 15) -> float:
        started = time.monotonic()
        wait_for("the refund to be paid", lambda: self.is_paid(ret), within)
        return time.monotonic() - started

    def is_paid(self, ret: Return) -> bool:
        statuses = self.statuses(ret)
        return bool(statuses) and set(statuses) == {"succeeded"}


def new_key() -> str:
    return f"fault-{uuid7()}"
