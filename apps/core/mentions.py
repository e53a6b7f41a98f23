"""Rows whose raw bytes name somebody: bodies of webhooks and of answers, in whatever encoding."""

import json
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import quote

from django.db import models
from django.db.models import Func, Q
from django.db.models.lookups import Contains

# Shorter ones stand in bodies that are about others.
SHORTEST = 6
AT_ONCE = 1_000


class _Readable(Func):
    """Bytes as PostgreSQL writes them in ASCII, lower-cased; never refuses any."""

    template = "lower(encode(%(expressions)s, 'escape'))"
    output_field = models.TextField()


def mentioning[M: models.Model](
    rows: "models.QuerySet[M, M]", column: str, names: Iterable[str]
) -> list[Any]:
    """Keys of those among `rows` whose bytes hold a name as it is, in JSON or in a form. Every body
    is read, some at a time, so that no statement takes long: hold no lock meanwhile."""
    told = sorted(
        {spelled for name in names if len(name) >= SHORTEST for spelled in _spelled(name)}
    )
    if not told:
        return []
    wanted = reduce(or_, (Q(Contains(_Readable(column), each)) for each in told))
    found: list[Any] = []
    keys = rows.order_by("pk").values_list("pk", flat=True)
    some = list(keys[:AT_ONCE])
    while some:
        found += keys.filter(wanted, pk__gte=some[0], pk__lte=some[-1])
        some = list(keys.filter(pk__gt=some[-1])[:AT_ONCE])
    return found


def _spelled(name: str) -> Iterable[str]:
    ways = {name, json.dumps(name)[1:-1], quote(name, safe="")}
    return (_readable(each) for each in ways)


def _readable(text: str) -> str:
    return "".join(map(_written, text.encode())).lower()


def _written(byte: int) -> str:
    if byte == ord("\\"):
        return "\\\\"
    return chr(byte) if 0 < byte < 128 else f"\\{byte:03o}"
