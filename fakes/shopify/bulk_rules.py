"""What a query in bulk must not be, although the schema would allow it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from fakes.psp.refusals import Refusal
from fakes.shopify import schema

MOST_CONNECTIONS, MOST_DEEP = 5, 2


@dataclass(frozen=True)
class Place:
    """`deep` connections stand around it; `in_list` of the nearest there is a list between."""

    kind: GraphQLNamedType
    deep: int = 0
    in_list: bool = False


def assert_bulk(document: DocumentNode) -> None:
    """Raises Refusal `invalid`."""
    operations = [
        each for each in document.definitions if isinstance(each, OperationDefinitionNode)
    ]
    if len(operations) != 1 or operations[0].operation.value != "query":
        raise _invalid("A bulk query is one query")
    if operations[0].variable_definitions:
        raise _invalid("A bulk query has no variables")
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    root = schema.loaded().query_type
    assert root is not None  # noqa: S101
    for name, kind in _selected(operations[0].selection_set, root, fragments):
        if not _is_connection(kind) or name.name.value in ("node", "nodes"):
            raise _invalid("Bulk queries must contain a connection at the top level")
    count = _count(operations[0].selection_set, Place(root), fragments)
    if count > MOST_CONNECTIONS:
        raise _invalid(f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections")


def _count(selected: SelectionSetNode, place: Place, fragments: dict[str, Any]) -> int:
    count = 0
    for field, kind in _selected(selected, place.kind, fragments):
        if field.selection_set is None:
            continue
        inner = _inside(field, kind, place)
        if _is_connection(kind):
            count += 1
            _assert_allowed(selected, place, inner, fragments)
        count += _count(field.selection_set, inner, fragments)
    return count


def _inside(field: FieldNode, kind: GraphQLOutputType, place: Place) -> Place:
    named = get_named_type(kind)
    if _is_connection(kind):
        return Place(named, place.deep + 1, place.in_list)
    if field.name.value in ("edges", "nodes") and place.kind.name.endswith("Connection"):
        return replace(place, kind=named)
    return Place(named, place.deep, place.in_list or is_list_type(get_nullable_type(kind)))


def _assert_allowed(
    selected: SelectionSetNode, place: Place, inner: Place, fragments: dict[str, Any]
) -> None:
    if place.in_list:
        raise _invalid(
            "Queries that contain a connection field within a list field are not supported"
        )
    if inner.deep > MOST_DEEP + 1:
        raise _invalid(f"Bulk queries cannot nest connections deeper than {MOST_DEEP} levels")
    names = {each.name.value for each, _ in _selected(selected, place.kind, fragments)}
    if place.deep and "id" not in names:
        raise _invalid("The parent of a nested connection must select its 'id'")


def _selected(
    selected: SelectionSetNode, kind: GraphQLNamedType, fragments: dict[str, Any]
) -> Iterator[tuple[FieldNode, GraphQLOutputType]]:
    """Fields with their types, those of fragments too."""
    for each in selected.selections:
        if isinstance(each, FieldNode):
            fields = kind.fields if isinstance(kind, GraphQLObjectType) else {}
            if each.name.value in fields:
                yield each, fields[each.name.value].type
            continue
        found: Any = fragments[each.name.value] if isinstance(each, FragmentSpreadNode) else each
        wanted = found.type_condition
        inner = schema.loaded().get_type(wanted.name.value) if wanted else kind
        yield from _selected(found.selection_set, inner or kind, fragments)


def _is_connection(kind: GraphQLOutputType) -> bool:
    return get_named_type(kind).name.endswith("Connection")


def _invalid(message: str) -> Refusal:
    return Refusal(422, "refused", message, "invalid")
