from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError
from pytest_django import Settings

from apps.core import queueing


@pytest.fixture
def two_seats(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.LOCK_SEATS, settings.LOCK_SEAT_WAIT = 2, timedelta(0)
    monkeypatch.setattr(queueing, "_room", queueing.Room())


@pytest.mark.usefixtures("two_seats")
class SeatTest:
    def test_who_finds_none_is_told_as_after_a_lock_timeout(self) -> None:
        with queueing.seat(), queueing.seat():
            with pytest.raises(OperationalError) as refused, queueing.seat():
                pass
            assert isinstance(refused.value.__cause__, psycopg.errors.LockNotAvailable)
            assert refused.value.__cause__.sqlstate == "55P03"

    def test_a_seat_is_free_again_also_after_an_error(self) -> None:
        for _ in range(3):
            with pytest.raises(KeyError), queueing.seat():
                raise KeyError
        with queueing.seat():
            assert True
