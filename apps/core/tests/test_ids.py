import uuid
from datetime import UTC, datetime, timedelta

import time_machine

from apps.core.ids import uuid7

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


class Uuid7Test:
    def test_is_version_7_of_the_rfc(self) -> None:
        made = uuid7()
        assert isinstance(made, uuid.UUID)
        assert (made.version, made.variant) == (7, uuid.RFC_4122)

    @time_machine.travel(NOON, tick=False)
    def test_begins_with_the_milliseconds(self) -> None:
        assert uuid7().int >> 80 == 1_774_785_600_000

    def test_later_ones_sort_behind(self) -> None:
        made = []
        for microseconds in (0, 1, 500, 999, 1_000, 1_000_000):
            with time_machine.travel(NOON + timedelta(microseconds=microseconds), tick=False):
                made.append(uuid7())
        assert made == sorted(made)

    def test_does_not_repeat(self) -> None:
        assert len({uuid7() for _ in range(1000)}) == 1000
