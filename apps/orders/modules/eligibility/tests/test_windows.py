from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from apps.orders.modules.eligibility.windows import Window

MADRID = ZoneInfo("Europe/Madrid")
TOKYO = ZoneInfo("Asia/Tokyo")


class WindowTest:
    def test_the_last_local_day_counts_whole(self) -> None:
        window = Window.of_days(datetime(2026, 1, 10, 15, tzinfo=UTC), 30, MADRID)
        assert window.last_day == date(2026, 2, 9)
        assert window.is_open(datetime(2026, 2, 9, 22, 59, 59, tzinfo=UTC))
        assert not window.is_open(datetime(2026, 2, 9, 23, tzinfo=UTC))

    def test_the_first_day_is_the_local_one(self) -> None:
        """16:00 UTC on the 10th is already the 11th in Tokyo."""
        window = Window.of_days(datetime(2026, 1, 10, 16, tzinfo=UTC), 14, TOKYO)
        assert window.last_day == date(2026, 1, 25)
        assert window.ends_at == datetime(2026, 1, 25, 15, tzinfo=UTC)

    def test_a_night_of_summer_time_moves_no_day(self) -> None:
        """Madrid goes to UTC+2 on 29 March 2026; the window still ends at local midnight."""
        window = Window.of_days(datetime(2026, 3, 1, 12, tzinfo=UTC), 30, MADRID)
        assert window.last_day == date(2026, 3, 31)
        assert window.is_open(datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC))
        assert not window.is_open(datetime(2026, 3, 31, 22, tzinfo=UTC))

    def test_a_night_of_winter_time_moves_no_day(self) -> None:
        """25 October 2026 has 25 hours in Madrid."""
        window = Window.of_days(datetime(2026, 10, 24, 12, tzinfo=UTC), 1, MADRID)
        assert window.is_open(datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC))
        assert not window.is_open(datetime(2026, 10, 25, 23, tzinfo=UTC))

    def test_a_leap_day_is_a_day(self) -> None:
        leap = Window.of_days(datetime(2028, 2, 27, 12, tzinfo=UTC), 2, MADRID)
        plain = Window.of_days(datetime(2027, 2, 27, 12, tzinfo=UTC), 2, MADRID)
        assert leap.last_day == date(2028, 2, 29)
        assert plain.last_day == date(2027, 3, 1)

    def test_days_are_counted_in_the_store_s_calendar(self) -> None:
        window = Window.of_days(datetime(2026, 3, 1, 22, tzinfo=UTC), 30, MADRID)
        assert window.days_at(datetime(2026, 3, 1, 22, 30, tzinfo=UTC)) == 0
        assert window.days_at(datetime(2026, 3, 1, 23, tzinfo=UTC)) == 1
        assert window.days_at(datetime(2026, 2, 28, 12, tzinfo=UTC)) == -1
