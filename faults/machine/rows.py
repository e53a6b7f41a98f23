"""What a run of the machine cost and found, as a line of JSON in the file MACHINE_RESULT names."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection

from faults.machine.play import Play

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Row:
    """`cpu` in seconds, of this process and of its database server; `found` is what was said."""

    name: str
    runs: int = 0
    steps: int = 0
    cpu: float = 0
    found: str = ""


@contextmanager
def measured(name: str) -> Iterator[Row]:
    """The counts of Play begin anew; the row is written also when the block raises."""
    row = Row(name)
    Play.counts.update(dict.fromkeys(Play.counts, 0))
    began = _spent()
    try:
        yield row
    finally:
        row.runs, row.steps = Play.counts["lives"], Play.counts["steps"]
        row.cpu = round(_spent() - began, 1)
        if result := os.environ.get("MACHINE_RESULT"):
            with Path(result).open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(row)) + "\n")


def _spent() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ((server,),) = cursor.fetchall()
    return time.process_time() + _of_server(server)


def _of_server(process: int) -> float:
    """0 where the server runs on another machine, or in a container of its own."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0
    name, _, fields = stat.rpartition(")")
    if "postgres" not in name:
        return 0
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / TICKS
