"""Time passes, settings change, events are told again, late, and in another order."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from apps.accounts.models import Store
from apps.events import announcer
from apps.events.models import Event
from faults.machine.play import HOW, NUMBER, How, Play
from faults.machine.world import Crash, CrashPoint, Hook

MINUTES = st.sampled_from([1, 7, 60, 24 * 60, 7 * 24 * 60, 29 * 24 * 60, 40 * 24 * 60])
SETTINGS = st.sampled_from(
    [
        ("restocking_fixed_minor", "restocking", 150),
        ("restocking_fixed_minor", "restocking", 0),
        ("bonus_percent", "bonus_percent", 10),
        ("bonus_percent", "bonus_percent", 0),
        ("shipping_rule", "shipping", "never"),
        ("shipping_rule", "shipping", "share_by_value"),
        ("shipping_rule", "shipping", "when_all_returned"),
        ("fee_over_refund", "fee_over_refund", "collect"),
        ("fee_over_refund", "fee_over_refund", "cap"),
        ("tender_order", "tender_order", "pro_rata"),
        ("tender_order", "tender_order", "credit_first"),
        ("auto_approve", "", True),
        ("auto_approve", "", False),
    ]
)


class TimeRules(Play):
    @rule(minutes=MINUTES, order=st.integers(0, 99), how=HOW)
    def time_passes(self, minutes: int, order: int, how: How) -> None:
        """Beat ticks after it, its jobs in some order; one that dies is run again."""
        self.travel(timedelta(minutes=minutes))
        self.world.arm(how.crash)
        try:
            self.tick(random.Random(order))
        except Crash:
            self.world.arm(None)
            self.world.held.clear()
            self.recover()
        finally:
            self.world.arm(None)

    @rule(setting=SETTINGS, how=HOW)
    def change_policy(self, setting: tuple[str, str, object], how: How) -> None:
        """What is open keeps the terms that its shopper was shown."""
        field, mine, value = setting

        def booked() -> None:
            changed: dict[str, Any] = {mine: value}
            if mine:
                self.model.terms = replace(self.model.terms, **changed)
            else:
                self.model.auto_approve = bool(value)

        def call() -> None:
            store = Store.objects.get(pk=self.stage.store.pk)
            store.preferences.override(field, value)

        self.act(call, booked, how, legal=True)

    @rule(count=st.integers(1, 12))
    def tell_again(self, count: int) -> None:
        """The latest events once more, the newest first: ears may hear twice."""
        for event in Event.objects.order_by("-id")[:count]:
            if event.announced_at:
                announcer.tell(event)

    @rule()
    @precondition(lambda self: not self.world.holds)
    def hold_events(self) -> None:
        """From now on nobody is told, until they all are."""
        self.world.holds = True

    @rule(order=NUMBER, crash=st.sampled_from([None, None, 0, 1, 2, 3]))
    @precondition(lambda self: self.world.holds)
    def tell_what_was_held(self, order: int, crash: int | None) -> None:
        point = None if crash is None else CrashPoint(crash, order % 2 == 0)
        self.world.arm(point)
        try:
            self.world.deliver(_shuffled(order))
        except Crash:
            self.world.arm(None)
            self.recover()
        finally:
            self.world.arm(None)


def _shuffled(seed: int) -> Callable[[list[Hook]], list[Hook]]:
    def order(hooks: list[Hook]) -> list[Hook]:
        mixed = list(hooks)
        random.Random(seed).shuffle(mixed)
        return mixed

    return order
