"""What a balance report says otherwise than the log: the rows of the log, bent by a mode."""

from typing import Any

from fakes.psp.modes import Mode

type Row = dict[str, Any]
REFUNDS = ("refund", "refund_failure")


def bent(rows: list[Row], mode: Mode | None) -> list[Row]:
    """In the order of `rows`; a line that is added stands beside the first of a refund."""
    name = mode.name if mode else ""
    if name == "report_lacks":
        return [row for row in rows if row["type"] not in REFUNDS]
    if name == "report_amount":
        return [_less(row) if row["type"] in REFUNDS else row for row in rows]
    added = ADDED.get(name)
    if added is None:
        return rows
    first = next((place for place, row in enumerate(rows) if row["type"] in REFUNDS), None)
    if first is None:
        return rows
    odd = {**rows[first], "id": f"{rows[first]['id']}_odd", **added}
    return [*rows[:first], odd, *rows[first:]]


ADDED: dict[str, Row] = {
    "report_unknown": {"type": "mystery"},
    "report_unreadable": {"amount": "n/a"},
}


def _less(row: Row) -> Row:
    return {**row, "amount": row["amount"] - 1}
