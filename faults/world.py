"""A merchant with a store and orders, and what its systems do over HTTP."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.accounts.models import Merchant, Store
from apps.accounts.tests.factories import StoreFactory
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.orders.models import Order, Return
from apps.orders.tests.factories import OrderFactory, ReturnFactory
from apps.payments.gateways.stripe.models import StripeAccount
from apps.payments.models import Payment
from apps.payments.tests.factories import DebtorFactory, StripeAccountFactory
from apps.users.tests.factories import SECRET, ApiKeyFactory
from fakes.psp.control import Psp
from faults.client import DOMAIN, Client, Reply
from faults.rig import Rig
from faults.waiting import wait_for

HOOK_SECRET = "whsec_canary"  # noqa: S105
CANARIES = ("canary-shopper", "Kanarienvogel", SECRET, "sk_test_", HOOK_SECRET)


@dataclass(slots=True)
class World:
    """Rows are made in this process; what is tested happens in the others."""

    rig: Rig
    merchant: Merchant = field(default_factory=DebtorFactory.create)
    store: Store = field(init=False)
    stripe_key: str = field(default_factory=lambda: f"sk_test_{uuid7().hex}")
    _bearer: str = field(init=False, repr=False)
    stripe: StripeAccount | None = field(init=False, default=None)

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

    def card_order(self, **named: Any) -> Order:
        """Paid through Stripe; the fake knows a larger capture, so that only we keep the cap."""
        intent = f"pi_{uuid7().hex}"
        order = self.order(tenders=[{"external_id": intent}], **named)
        self.psp.capture(self.stripe_key, 10 * order.captured.minor, id=intent)
        return order

    def received_card(self) -> Return:
        return self.received(self.card_order(), "original")

    @property
    def psp(self) -> Psp:
        """Its account is the merchant's from the first use on."""
        if self.stripe is None:
            self.stripe = StripeAccountFactory.create(
                merchant=self.merchant, key=self.stripe_key, hook=HOOK_SECRET
            )
        return self.rig.psp()

    def hear_webhooks(self) -> None:
        """From now on the fake tells the platforms host what became of refunds."""
        psp = self.psp
        assert self.stripe is not None
        url = f"http://127.0.0.1:{self.rig.web().port}/v1/gateways/stripe/{self.stripe.pk}"
        psp.webhooks_to(url, HOOK_SECRET, self.stripe_key, f"platforms.{DOMAIN}")

    def refunded_there(self, ret: Return) -> list[dict[str, Any]]:
        """The refunds that the fake made for the return."""
        found = (each for each in self.psp.effects() if each["effect"] == "refund.created")
        return [each for each in found if each["metadata"].get("return") == str(ret.pk)]

    def accepting(self, ret: Return) -> Callable[[str], Reply]:
        """Over HTTP under the key given; reads its rows now, so that many threads may call it."""
        path, body = f"/v1/returns/{ret.pk}/decisions", self.decisions(ret)
        return lambda key: self.api.post(path, body, key=key)

    def accept(self, ret: Return, key: str = "") -> Reply:
        """With the last unit the return is concluded and its refund promised."""
        return self.accepting(ret)(key or f"accept-{ret.pk}")

    def decisions(self, ret: Return) -> dict[str, Any]:
        """The body that accepts every unit."""
        lines = ret.lines.order_by("pk").values_list("pk", flat=True)
        return {"units": [{"line": str(pk), "outcome": "accepted"} for pk in lines]}

    def payments(self, ret: Return) -> list[Payment]:
        return list(Payment.objects.filter(ret_id=ret.pk).order_by("pk"))

    def statuses(self, ret: Return) -> list[str]:
        return [payment.status for payment in self.payments(ret)]

    def paid(self, ret: Return) -> Money:
        """What its succeeded payments come to."""
        paid = [each.amount for each in self.payments(ret) if each.status == "succeeded"]
        return sum(paid, Money.zero(ret.currency))

    def seconds_until_paid(self, *returns: Return, within: float = 15) -> float:
        started = time.monotonic()
        wait_for("the refunds to be paid", lambda: self.are_paid(returns), within)
        return time.monotonic() - started

    def is_paid(self, ret: Return) -> bool:
        statuses = self.statuses(ret)
        return bool(statuses) and set(statuses) == {"succeeded"}

    def are_paid(self, returns: Sequence[Return]) -> bool:
        return all(self.is_paid(ret) for ret in returns)


def new_key() -> str:
    return f"fault-{uuid7()}"
