from datetime import UTC, datetime, timedelta
from threading import Thread

import time_machine

from apps.core import clock

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


class ClockTest:
    @time_machine.travel(NOON, tick=False)
    def test_is_aware_and_in_utc(self) -> None:
        assert clock.now() == NOON
        assert clock.now().tzinfo is UTC

    @time_machine.travel(NOON, tick=False)
    def test_moves_add_up_and_end_with_their_blocks(self) -> None:
        with clock.moved(timedelta(days=30)):
            with clock.moved(timedelta(hours=-2)):
                assert clock.now() == datetime(2026, 4, 28, 10, tzinfo=UTC)
            assert clock.now() == datetime(2026, 4, 28, 12, tzinfo=UTC)
        assert clock.now() == NOON

    @time_machine.travel(NOON, tick=False)
    def test_other_threads_keep_their_time(self) -> None:
        seen: list[datetime] = []
        with clock.moved(timedelta(days=1)):
            thread = Thread(target=lambda: seen.append(clock.now()))
            thread.start()
            thread.join()
        assert seen == [NOON]
