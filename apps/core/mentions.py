"""Rows whose raw bytes name somebody: bodies of webhooks and of answers, in whatever encoding."""

import json
from collections.abc import Iterable
from functools import reduce
from operator import or_
from urllib.parse import quote

from django.db import models
from django.db.models import Func, Q
from django.db.models.lookups import Contains

# Shorter ones stand in bodies that are about others.
SHORTEST = 6


class _Readable(Func):
    """Bytes as PostgreSQL writes them in ASCII, lower-cased; never refuses any."""

    template = "lower(encode(%(expressions)s, 'escape'))"
    output_field = models.TextField()


def mentioning[M: models.Model](
    rows: "models.QuerySet[M, M]", column: str, names: Iterable[str]
) -> "models.QuerySet[M, M]":
    """Reads every body among `rows`: narrow them first. Names as they are, in JSON and in forms."""
    told = sorted(
        {spelled for name in names if len(name) >= SHORTEST for spelled in _spelled(name)}
    )
    if not told:
        return rows.none()
    return rows.filter(reduce(or_, (Q(Contains(_Readable(column), each)) for each in told)))


def _spelled(name: str) -> Iterable[str]:
    ways = {name, json.dumps(name)[1:-1], quote(name, safe="")}
    return (_readable(each) for each in ways)


def _readable(text: str) -> str:
    return "".join(map(_written, text.encode())).lower()


def _written(byte: int) -> str:
    if byte == ord("\\"):
        return "\\\\"
    return chr(byte) if 0 < byte < 128 else f"\\{byte:03o}"
