"""Until when goods may come back: whole days of the store's own calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Window:
    """`ends_at` is the first moment after the last local day."""

    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of_days(cls, starts_at: datetime, days: int, zone: ZoneInfo) -> Self:
        """Day 0 is the local day of `starts_at`; day `days` is the last and counts whole."""
        day_after = starts_at.astimezone(zone).date() + timedelta(days=days + 1)
        return cls(starts_at, datetime(day_after.year, day_after.month, day_after.day, tzinfo=zone))

    @property
    def last_day(self) -> date:
        return self.ends_at.date() - timedelta(days=1)

    def is_open(self, at: datetime) -> bool:
        return at < self.ends_at

    def days_at(self, at: datetime) -> int:
        """Local calendar days since the window began; negative before it."""
        zone = self.ends_at.tzinfo
        return (at.astimezone(zone).date() - self.starts_at.astimezone(zone).date()).days
