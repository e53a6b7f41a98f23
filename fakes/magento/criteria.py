"""searchCriteria: filters of a group are alternatives, groups hold together."""

import re

from fakes.shops.figures import Row

FILTER = re.compile(
    r"searchCriteria\[filter_groups\]\[(\d+)\]\[filters\]\[(\d+)\]\[(field|value|condition_type)\]"
)


def searched(rows: list[Row], params: dict[str, str], most: int) -> Row:
    """Beyond the last page it gives the last one again; `most` is what a shop allows."""
    found = [row for row in rows if _fits(row, _groups(params))]
    sort = params.get("searchCriteria[sortOrders][0][field]", "")
    if sort:
        found = sorted(found, key=lambda row: _key(row[sort]))
    size = min(int(params.get("searchCriteria[pageSize]", 20)), most)
    last = max(1, -(-len(found) // size))
    page = min(int(params.get("searchCriteria[currentPage]", 1)), last)
    told = found[(page - 1) * size : page * size]
    return {"items": told, "search_criteria": {}, "total_count": len(found)}


def _groups(params: dict[str, str]) -> list[list[Row]]:
    groups: dict[str, dict[str, Row]] = {}
    for name, value in params.items():
        found = FILTER.fullmatch(name)
        if found:
            group, at, part = found.groups()
            groups.setdefault(group, {}).setdefault(at, {})[part] = value
    return [list(each.values()) for each in groups.values()]


def _fits(row: Row, groups: list[list[Row]]) -> bool:
    return all(any(_meets(row, each) for each in group) for group in groups)


def _meets(row: Row, wanted: Row) -> bool:
    told, value = str(row[wanted["field"]]), str(wanted["value"])
    match wanted.get("condition_type", "eq"):
        case "eq":
            return told == value
        case "in":
            return told in value.split(",")
        case "gteq":
            return told >= value
    raise KeyError(wanted["condition_type"])


def _key(value: object) -> tuple[int, str]:
    """Numbers by their size."""
    told = str(value)
    return (len(told), told) if told.isdecimal() else (0, told)
