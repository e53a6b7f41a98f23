"""Executes a document over plain rows: dicts, lists, and functions of a field's arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLResolveInfo,
    execute_sync,
    get_named_type,
    parse,
    validate,
    value_from_ast_untyped,
)
from graphql.type import is_non_null_type

from fakes.psp.refusals import Refusal
from fakes.shopify import schema
from fakes.shops.faults import Cut
from fakes.shops.figures import Row

type Field = Callable[..., Any]

# Stands in the payload of a mutation that did nothing: every other field of it is null.
REFUSED = "_refused"
# Nodes in a page of a query in bulk.
ALL = 1_000_000_000


class Unfit(Exception):
    """The document breaks the schema: Shopify would refuse it whole."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


@dataclass(frozen=True)
class Asked:
    text: str
    variables: Row
    operation: str


@cache
def checked(text: str) -> DocumentNode:
    """Raises Unfit."""
    try:
        document = parse(text)
    except GraphQLError as error:
        raise Unfit([error]) from error
    if errors := validate(schema.loaded(), document):
        raise Unfit(errors)
    return document


def execute(asked: Asked, root: Mapping[str, Field], most: int = 250) -> Row:
    """`data` with `most` nodes in a page, or Refusal and Cut as the book raised them. Raises Unfit
    for wrong variables."""
    found = execute_sync(
        schema.loaded(),
        checked(asked.text),
        root_value=root,
        context_value=most,
        variable_values=asked.variables,
        operation_name=asked.operation or None,
        field_resolver=resolve,
        type_resolver=lambda value, *_: value["__typename"],
    )
    for error in found.errors or ():
        if isinstance(error.original_error, Refusal | Cut):
            raise error.original_error
        raise Unfit([error]) from error.original_error
    return dict(found.data or {})


def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    """Raises KeyError for a field that the fake does not know: silence would look like null."""
    if info.field_name not in source:
        if REFUSED in source:
            return None
        raise KeyError(f"the fake knows no {info.parent_type.name}.{info.field_name}")
    value = source[info.field_name]
    if callable(value):
        value = value(**arguments, **_directive(info))
    if value is None and is_non_null_type(info.return_type):
        raise KeyError(f"the fake has no {info.parent_type.name}.{info.field_name}")
    return _cut(value, info, arguments) if isinstance(value, list) else value


def _cut(value: list[Any], info: GraphQLResolveInfo[Any], arguments: Row) -> Any:
    if get_named_type(info.return_type).name.endswith("Connection"):
        return page(value, arguments, info.context)
    return value[: arguments.get("first")]


def page(rows: list[Row], arguments: Row, most: int) -> Row:
    """A cursor is what the last row is sorted by, or its position in a list that stands still."""
    listed = list(reversed(rows)) if arguments.get("reverse") else rows
    keyed = [(row.get("_cursor", f"{at:09}"), row) for at, row in enumerate(listed)]
    left = [each for each in keyed if each[0] > (arguments.get("after") or "")]
    found = left if most == ALL else left[: min(arguments.get("first") or 50, most)]
    nodes = [row for _, row in found]
    end = found[-1][0] if found else None
    info = {"hasNextPage": len(left) > len(found), "endCursor": end}
    return {"nodes": nodes, "edges": [{"node": node} for node in nodes], "pageInfo": info}


def _directive(info: GraphQLResolveInfo[Any]) -> Row:
    """`idempotency_key`, where the field is a mutation's that carries one."""
    for directive in info.field_nodes[0].directives or ():
        if directive.name.value == "idempotent":
            key = value_from_ast_untyped(
                (directive.arguments or ())[0].value, info.variable_values.coerced
            )
            return {"idempotency_key": key}
    return {}
