"""Facts of a plain unit: delivered on 1 March 2026 at noon in Madrid, 30 days to return it."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.orders.modules.eligibility.judge import UnitFacts
from apps.orders.modules.eligibility.rules import Condition, Rule
from apps.orders.modules.eligibility.windows import Window

MADRID = ZoneInfo("Europe/Madrid")
DELIVERED = datetime(2026, 3, 1, 11, tzinfo=UTC)
MARCH_5 = datetime(2026, 3, 5, 9, tzinfo=UTC)
APRIL_2 = datetime(2026, 4, 2, 9, tzinfo=UTC)


def window(days: int) -> Window:
    return Window.of_days(DELIVERED, days, MADRID)


def unit(**facts: Any) -> UnitFacts:
    return UnitFacts(
        **{
            "at": MARCH_5,
            "refund_window": window(30),
            "exchange_window": window(30),
            "sku": "TS-1-RED",
            **facts,
        }
    )


def rule(action: str, *conditions: tuple[str, str, object], **more: Any) -> Rule:
    read = tuple(
        Condition.from_json({"field": name, "operator": operator, "value": value})
        for name, operator, value in conditions
    )
    return Rule(**{"code": f"{action}_rule", "action": action, "conditions": read, **more})
