from datetime import UTC, date, datetime

import pytest

from apps.accounts.models import Store, StorePreferences
from apps.orders.models import Order

PLACED = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHIPPED = datetime(2026, 3, 3, 12, tzinfo=UTC)
DELIVERED = datetime(2026, 3, 6, 12, tzinfo=UTC)


def order(**dates: datetime) -> Order:
    return Order(store=Store(time_zone="Europe/Madrid"), placed_at=PLACED, **dates)


class ReturnWindowTest:
    @pytest.mark.parametrize(
        ("start", "dates", "expected"),
        [
            ("delivered", {"shipped_at": SHIPPED, "delivered_at": DELIVERED}, DELIVERED),
            ("delivered", {"shipped_at": SHIPPED}, SHIPPED),
            ("delivered", {}, PLACED),
            ("shipped", {"shipped_at": SHIPPED, "delivered_at": DELIVERED}, SHIPPED),
            ("shipped", {"delivered_at": DELIVERED}, PLACED),
            ("ordered", {"shipped_at": SHIPPED, "delivered_at": DELIVERED}, PLACED),
        ],
    )
    def test_where_it_starts(
        self, start: str, dates: dict[str, datetime], expected: datetime
    ) -> None:
        window = order(**dates).return_window(StorePreferences(window_start=start))
        assert window.starts_at == expected

    def test_exchanges_have_days_of_their_own(self) -> None:
        preferences = StorePreferences(return_window_days=14, exchange_window_days=60)
        mine = order(delivered_at=DELIVERED)
        assert mine.return_window(preferences).last_day == date(2026, 3, 20)
        assert mine.return_window(preferences, exchange=True).last_day == date(2026, 5, 5)
