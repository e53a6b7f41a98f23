"""What a query costs, and the bucket that it has to fit in."""

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    value_from_ast_untyped,
)

from fakes.shops.book import Book
from fakes.shops.figures import Row

MOST, RATE, MOST_OF_ONE, MUTATION = 2000, 100, 1000, 10


class Throttled(Exception):
    def __init__(self, cost: Row) -> None:
        super().__init__("Throttled")
        self.cost = cost


class TooCostly(Exception):
    """MAX_COST_EXCEEDED."""


def cost_of(document: DocumentNode, variables: Row) -> int:
    """An object costs 1, a list with `first` so many times its nodes, a mutation 10 more."""
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    (operation,) = (
        each for each in document.definitions if isinstance(each, OperationDefinitionNode)
    )
    extra = MUTATION if operation.operation.value == "mutation" else 0
    return extra + _cost(operation.selection_set, fragments, variables)


def _cost(selected: SelectionSetNode, fragments: Row, variables: Row) -> int:
    total = 0
    for each in selected.selections:
        if isinstance(each, FieldNode):
            total += _of_field(each, fragments, variables)
        elif isinstance(each, FragmentSpreadNode):
            total += _cost(fragments[each.name.value].selection_set, fragments, variables)
        elif isinstance(each, InlineFragmentNode):
            total += _cost(each.selection_set, fragments, variables)
    return total


def _of_field(field: FieldNode, fragments: Row, variables: Row) -> int:
    if field.selection_set is None or field.name.value == "pageInfo":
        return 0
    inside = _cost(field.selection_set, fragments, variables)
    if field.name.value == "nodes":
        return inside + 1
    return 1 + _times(field, variables) * inside


def _times(field: FieldNode, variables: Row) -> int:
    for argument in field.arguments or ():
        if argument.name.value == "first":
            return int(value_from_ast_untyped(argument.value, variables) or 1)
    return 1


def spend(book: Book, cost: int) -> Row:
    """`extensions.cost` of a call that fits. Raises Throttled, TooCostly."""
    if cost > MOST_OF_ONE:
        raise TooCostly(f"{cost} points")
    with book.lock:
        now = book.ground.clock.now()
        kept = next(iter(book.rows("points")), {"level": MOST, "at": now})
        rate, most = kept.get("rate", RATE), kept.get("most", MOST)
        level = min(most, kept["level"] + (now - kept["at"]) * rate)
        if level < cost:
            raise Throttled(_told(cost, None, level, rate, most))
        actual = max(1, cost // 10)
        left = {"id": "points", **kept, "level": level - actual, "at": now}
        book.tables.setdefault("points", {})["points"] = left
    return _told(cost, actual, level - actual, rate, most)


def set_points(book: Book, facts: Row) -> Row:
    row = {"id": "points", "at": book.ground.clock.now(), **facts}
    book.tables.setdefault("points", {})["points"] = row
    return row


def _told(asked: int, actual: int | None, level: float, rate: float, most: float) -> Row:
    status: dict[str, Any] = {
        "maximumAvailable": float(most),
        "currentlyAvailable": int(level),
        "restoreRate": float(rate),
    }
    return {
        "requestedQueryCost": asked,
        "actualQueryCost": actual,
        "throttleStatus": status,
    }
