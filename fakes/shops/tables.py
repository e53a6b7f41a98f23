"""Rows of one shop by table, kept by what the journal says."""

import threading
from dataclasses import dataclass
from typing import Any, Protocol

from fakes.psp.clock import Clock
from fakes.psp.journal import Journal
from fakes.psp.refusals import Refusal
from fakes.shops.faults import Faults
from fakes.shops.figures import Row


class Tell(Protocol):
    def __call__(self, shop: str, topic: str, row: Row) -> None: ...


@dataclass(frozen=True)
class Ground:
    """What all shops of one fake stand on."""

    clock: Clock
    journal: Journal
    faults: Faults
    tell: Tell


class Tables:
    def __init__(self, shop: str, ground: Ground) -> None:
        self.shop, self.ground = shop, ground
        self.lock = threading.RLock()
        self.tables: dict[str, dict[str, Row]] = {}
        for line in ground.journal.of("row", "effect", "reset"):
            if line["kind"] == "reset":
                self.tables = {}
            elif line["shop"] == shop:
                self._put(line["table"], line["body"])

    def rows(self, table: str, **wanted: Any) -> list[Row]:
        """In the order of making, those whose fields equal what is wanted."""
        with self.lock:
            found = list(self.tables.get(table, {}).values())
        return [row for row in found if all(row.get(name) == want for name, want in wanted.items())]

    def get(self, table: str, id: str) -> Row:  # noqa: A002
        """Raises Refusal 404."""
        row = self.tables.get(table, {}).get(str(id))
        if row is None:
            raise Refusal(404, "not_found", f"No such {table}: '{id}'", "not_found")
        return row

    def by_reference(self, table: str, reference: str) -> Row | None:
        return next(iter(self.rows(table, reference=reference)), None) if reference else None

    def keep(self, table: str, row: Row) -> Row:
        """What is no effect: tokens, quotes, carts."""
        return self._write("row", table, row)

    def effect(self, effect: str, table: str, row: Row, **facts: Any) -> Row:
        return self._write("effect", table, row, effect=effect, **facts)

    def new_id(self) -> str:
        """Rises, digits only."""
        return str(self.ground.clock.number())

    def now(self) -> float:
        """Never twice the same, so that changes have an order."""
        clock = self.ground.clock
        return clock.number() / 1_000_000 + clock.offset

    def _write(self, kind: str, table: str, row: Row, **facts: Any) -> Row:
        with self.lock:
            self.ground.journal.write(kind, shop=self.shop, table=table, body=row, **facts)
            self._put(table, row)
            return row

    def _put(self, table: str, row: Row) -> None:
        self.tables.setdefault(table, {})[str(row["id"])] = row
