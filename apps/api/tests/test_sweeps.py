"""Sweeps made from the router: every route with another tenant's ids (F-24), on every other host,
and under unknown hosts (F-25). A new route is swept as soon as it is routed; one that names a row
or takes an id that the sweep does not know fails it until that is told here."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from rest_framework import serializers
from rest_framework.test import APIClient

from apps.api.common import photo_links
from apps.api.common.openapi import OpenApiView
from apps.api.common.operations import operation_of
from apps.api.common.permissions import Anyone
from apps.api.common.renderers import as_json
from apps.api.common.views import ApiView
from apps.api.tests.test_every_route import EVERY, Swept
from apps.api.tests.worlds import World
from apps.core import clock
from apps.core.ids import uuid7
from apps.core.managers import TenantDoor
from apps.core.models import TenantModel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
HOSTS = ("merchants", "public", "returns", "customers")
SHOPPERS = ("returns", "customers")
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
# A bulk answers 200 with one outcome for each row, a sign-in as for any wrong code.
REFUSED_IN_PLACE = r'"code":"(not_found|code_refused)"'
type Worlds = tuple[World, World]
type Body = Callable[[World, World], dict[str, Any]]


def units(word: str, **named: Any) -> Body:
    return lambda mine, theirs: {"units": [{"line": theirs.ids[word], **named}]}


def nothing(mine: World, theirs: World) -> dict[str, Any]:
    return {}


# What a list does not answer without.
YEAR = "from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z"
QUERIES = {
    "GET merchants /v1/ledger/statement": YEAR,
    "GET merchants /v1/ledger/statement/csv": YEAR,
    "GET merchants /v1/ledger/statement/document": YEAR,
    "GET merchants /v1/ledger/statement/pdf": YEAR,
    "GET merchants /v1/ledger/entries": YEAR,
}
# A body of mine that names a row of theirs.
BODIES: dict[str, Body] = {
    "POST merchants /v1/orders/<uuid:id>/quotes": units("order-line", quantity=1, wish="refund"),
    "POST merchants /v1/orders/<uuid:id>/returns": lambda mine, theirs: {
        "quote": theirs.ids["quote"],
        "refund_method": "original",
    },
    "POST merchants /v1/returns/bulk": lambda mine, theirs: {
        "action": "receive",
        "returns": [theirs.ids["returns"]],
    },
    "POST merchants /v1/returns/<uuid:id>/decisions": units("line", outcome="accepted"),
    "POST merchants /v1/returns/<uuid:id>/restock": lambda mine, theirs: {
        "line": theirs.ids["line"],
    },
    "POST merchants /v1/stores/<slug:slug>/return-methods": lambda mine, theirs: {
        "code": "swept",
        "type": "own_label",
        "names": {"en": "Post"},
        "location": theirs.ids["location"],
    },
    "PATCH merchants /v1/return-methods/<uuid:id>": lambda mine, theirs: {
        "location": theirs.ids["location"],
    },
    "POST merchants /v1/returns/<uuid:id>/manual-refund": lambda mine, theirs: {
        "reference": "TPV-1",
        "amount": {"amount": "1.00", "currency": "EUR"},
        "payment": theirs.ids["tender"],
    },
    "POST merchants /v1/payouts": lambda mine, theirs: {"payments": [theirs.ids["payment"]]},
    "POST returns /v1/stores/<slug:slug>/quotes": units("order-line", quantity=1, wish="refund"),
    "POST returns /v1/stores/<slug:slug>/returns": lambda mine, theirs: {
        "quote": theirs.ids["quote"],
        "refund_method": "original",
    },
    "POST returns /v1/stores/<slug:slug>/returns/<slug:number>/keep": lambda mine, theirs: {
        "units": [theirs.ids["line"]],
    },
    "POST returns /v1/stores/<slug:slug>/returns/<slug:number>/recoveries/<uuid:id>/contests": (
        lambda mine, theirs: {"kind": "sent", "images": [theirs.ids["evidence"]]}
    ),
    "POST customers /v1/stores/<slug:slug>/sessions": lambda mine, theirs: {
        "code_id": theirs.ids["code"],
        "code": "123456",
    },
    "POST public /v1/returns/<uuid:id>/decisions": units("line", outcome="accepted"),
}


@pytest.fixture(scope="class")
def both(built_once: Callable[[Callable[[], Worlds]], Worlds]) -> Worlds:
    return built_once(lambda: (World.build("ours"), World.build("canary")))


@pytest.fixture
def mine(both: Worlds, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(ApiView, "check_throttles", lambda view, request: None)
    return deepcopy(both[0])


@pytest.fixture
def theirs(both: Worlds) -> World:
    return deepcopy(both[1])


def swept(host: str) -> list[Swept]:
    return [each for each in EVERY if each.host == host]


def words(each: Swept) -> list[tuple[str, str]]:
    """The word before each parameter of the path, with the parameter."""
    before = PARAMETER.split(each.route)[::3]
    return [
        (text.rstrip("/").rpartition("/")[2], match[0])
        for text, match in zip(before, PARAMETER.finditer(each.route), strict=False)
    ]


def path_of(each: Swept, worlds: Sequence[World]) -> str:
    """One world for each parameter of the path, in order."""
    path = each.route
    for (word, parameter), world in zip(words(each), worlds, strict=True):
        number = parameter == "<slug:number>"
        path = path.replace(parameter, world.ret.number if number else world.ids[word], 1)
    return "/" + path + (photo_query(worlds) if word_before_last(each) == "evidence" else "")


def word_before_last(each: Swept) -> str:
    return words(each)[-1][0] if words(each) else ""


def photo_query(worlds: Sequence[World]) -> str:
    """Signed for the first world's store, as its portal would."""
    photo = UUID(worlds[-1].ids["evidence"])
    return "?" + photo_links.query_for(worlds[0].store.pk, photo, clock.now())


def foreign_paths(each: Swept, mine: World, theirs: World) -> Iterator[str]:
    """My path with one row of theirs in it, once for each place."""
    places = [word for word, _ in words(each)]
    for place, word in enumerate(places):
        worlds = [theirs if index == place else mine for index in range(len(places))]
        # Their shop's address is open to all; what is behind a session of mine is not.
        if word != "stores" or not opened(each):
            yield path_of(each, worlds)


def own_path(each: Swept, mine: World) -> str:
    return path_of(each, [mine for _ in words(each)])


def opened(each: Swept) -> bool:
    return Anyone in each.view.permission_classes or issubclass(each.view, OpenApiView)


def missing(each: Swept, path: str, theirs: World) -> tuple[int, ...]:
    """A session of one shop is none in another; all else is a plain 404."""
    elsewhere = f"/stores/{theirs.ids['stores']}" in path and each.host in SHOPPERS
    return (401,) if elsewhere else (404,)


def shows(theirs: World, text: str, but: str = "") -> bool:
    """Whether the answer names anything of theirs that was not asked for by name."""
    secrets = {theirs.name, *theirs.ids.values()}
    return any(secret in text for secret in secrets if secret not in but)


def filters(each: Swept, theirs: World) -> Iterator[str]:
    """Each filter of a list that can name a row, naming one of theirs."""
    described = operation_of(each.view.get)
    if described is None or described.query is None:
        return
    for name, field in described.query().fields.items():
        if isinstance(field, serializers.UUIDField):
            yield f"{name}={theirs.ids[name + 's']}"
        elif name == "store":
            yield f"{name}={theirs.store.slug}"


def call(client: APIClient, each: Swept, path: str, body: Any = None) -> tuple[int, str]:
    response = client.generic(
        each.method,
        path,
        "" if each.method == "GET" else as_json(body or {}).decode(),
        "application/json",
        headers={"idempotency-key": str(uuid7())},
    )
    stream = getattr(response, "streaming_content", None)
    return response.status_code, str(b"".join(stream) if stream else response.content, "latin-1")


def rows_of(world: World) -> dict[str, str | None]:
    """A fingerprint of that merchant's rows in every table."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, TenantModel) and model._meta.get_field("merchant").model is model
    ]
    parts = [
        f"SELECT '{table}', md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t"  # noqa: S608
        f" WHERE merchant_id = '{world.store.merchant_id}'"
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


@contextmanager
def unchanged(world: World) -> Iterator[None]:
    before = rows_of(world)
    assert sum(value is not None for value in before.values()) > 20
    yield
    after = rows_of(world)
    assert {table for table in before if before[table] != after[table]} == set()


def undone[R](act: Callable[[], R]) -> R:
    """What `act` gives; what it wrote is rolled back."""
    with transaction.atomic():
        result = act()
        transaction.set_rollback(True)
    return result


def id_fields(fields: Mapping[str, Any]) -> Iterator[str]:
    """Names of the ids that a form takes, however deep."""
    for name, each in fields.items():
        inner = getattr(each, "child", each)
        if isinstance(inner, serializers.UUIDField):
            yield name
        yield from id_fields(getattr(inner, "fields", {}))


def takes_ids(each: Swept) -> bool:
    described = operation_of(getattr(each.view, each.method.lower()))
    if described is None or described.form is None:
        return False
    return any(id_fields(described.form().fields))


def found_by_others(host: str, mine: World, theirs: World) -> dict[str, tuple[int, str]]:
    """Every answer to my credential for a row of theirs that is not that of a missing row."""
    client, found = mine.client(host), {}
    for each in swept(host):
        body = BODIES.get(str(each), nothing)(theirs, theirs)
        for path in foreign_paths(each, mine, theirs):
            status, text = undone(partial(call, client, each, path, body))
            if status not in missing(each, path, theirs) or shows(theirs, text):
                found[f"{each.method} {path}"] = (status, text[:200])
    return found


class TenantSweepTest:
    @pytest.mark.parametrize("host", HOSTS)
    def test_their_ids_in_paths_are_missing(self, host: str, mine: World, theirs: World) -> None:
        with unchanged(theirs):
            assert found_by_others(host, mine, theirs) == {}
        assert len([path for each in swept(host) for path in foreign_paths(each, mine, theirs)]) > 5

    def test_with_the_door_open_the_sweep_sees_it(
        self, mine: World, theirs: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second control: one door that lets everybody through."""
        monkeypatch.setattr(TenantDoor, "for_merchant", lambda rows, merchant: rows.all())
        found = found_by_others("public", mine, theirs)

        assert f"GET /v1/orders/{theirs.ids['orders']}" in found
        assert len(found) >= 6

    @pytest.mark.parametrize("host", HOSTS)
    def test_the_same_ids_are_found_by_their_owner(self, host: str, theirs: World) -> None:
        """The control: were the ids of no row, a sweep for 404s would prove nothing."""
        client, wrong = theirs.client(host), {}
        for each in filter(words, swept(host)):
            status, text = undone(partial(call, client, each, own_path(each, theirs)))
            if status in (401, 403, 404) or status >= 500:
                wrong[str(each)] = (status, text[:200])
        assert wrong == {}

    @pytest.mark.parametrize("host", HOSTS)
    def test_their_ids_in_bodies_are_refused(self, host: str, mine: World, theirs: World) -> None:
        client, wrong = mine.client(host), {}
        with unchanged(theirs):
            for each in filter(takes_ids, swept(host)):
                body = BODIES[str(each)](mine, theirs)
                status, text = undone(partial(call, client, each, own_path(each, mine), body))
                if status not in (400, 404) and not re.search(REFUSED_IN_PLACE, text):
                    wrong[str(each)] = (status, text[:300])
        assert wrong == {}

    @pytest.mark.parametrize("host", HOSTS)
    def test_what_is_mine_shows_nothing_of_theirs(
        self, host: str, mine: World, theirs: World
    ) -> None:
        client, wrong = mine.client(host), {}
        for each in [each for each in swept(host) if each.method == "GET"]:
            path = "?".join(filter(None, (own_path(each, mine), QUERIES.get(str(each)))))
            for query in ("", *filters(each, theirs)):
                glue = "&" if "?" in path else "?"
                asked = path + (glue + query if query else "")
                status, text = undone(partial(call, client, each, asked))
                # 409: a batch that nobody approved has no file yet.
                fine = (200, 409) if not query else (200, 400, 404)
                if status not in fine or shows(theirs, text, but=query):
                    wrong[asked] = (status, text[:200])
        assert wrong == {}

    def test_every_body_with_an_id_is_swept(self) -> None:
        taking = {str(each) for each in EVERY if each.host in HOSTS and takes_ids(each)}
        assert taking == set(BODIES)
