from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from apps.core import remembered
from apps.core.remembered import recently, row_of


@pytest.fixture(autouse=True)
def _nothing_yet(settings: Settings) -> Iterator[None]:
    """The moment is longer than the slowest machine takes."""
    settings.ROWS_REMEMBERED = timedelta(hours=1)
    remembered.forget()
    yield
    remembered.forget()


class Table:
    """`there` under one key, and how often it was read."""

    def __init__(self, there: str | None) -> None:
        self.there = there
        self.reads = 0

    def _read(self) -> str | None:
        self.reads += 1
        return self.there

    def row(self, key: str = "key") -> str | None:
        found: str | None = row_of((self, key), self._read)
        return found

    def recent(self) -> str | None:
        return recently(self.row, self.row)


class RecentlyTest:
    def test_one_read_serves_all_of_a_moment(self) -> None:
        table = Table("old")

        assert [table.recent() for _ in range(3)] == ["old"] * 3
        assert table.reads == 1

    def test_whoever_asks_otherwise_reads_what_is_there(self) -> None:
        table = Table("old")
        table.recent()
        table.there = "new"

        assert (table.row(), table.recent()) == ("new", "old")

    def test_what_is_not_there_is_asked_for_each_time(self) -> None:
        table = Table(None)
        first = table.recent()
        table.there = "new"

        assert (first, table.recent(), table.reads) == (None, "new", 2)

    def test_what_the_remembered_row_does_not_say_the_row_as_it_is_may(self) -> None:
        table = Table("old")
        table.recent()
        table.there = "new"

        def look() -> str | None:
            return table.row() if table.row() == "new" else None

        assert recently(look, look) == "new"
        assert table.recent() == "new"

    def test_who_asks_no_row_is_asked_once(self) -> None:
        asked: list[int] = []

        assert recently(lambda: asked.append(1), lambda: asked.append(2)) is None
        assert asked == [1]

    def test_a_moment_ends(self, settings: Settings) -> None:
        settings.ROWS_REMEMBERED = timedelta(0)
        table = Table("old")
        table.recent()
        table.there = "new"

        assert table.recent() == "new"

    def test_many_rows_are_forgotten_together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(remembered, "MOST", 2)
        tables = [Table(str(number)) for number in range(3)]
        for table in tables:
            table.recent()

        assert [table.recent() for table in reversed(tables)] == ["2", "1", "0"]
        assert [table.reads for table in tables] == [2, 2, 1]
