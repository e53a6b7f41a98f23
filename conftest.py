"""What every test gets: muted ears, clean Valkey databases, and no HTTP inside a transaction."""

import gc
import hashlib
import http.client
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
import redis
from django.conf import settings as django_settings
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings
from redis.connection import parse_url

from scripts.tests import short_set

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
SHARED = Path("shared", "data")
KEEP_THE_SEEDS = """
DO $$ DECLARE name text; filled boolean; BEGIN
  CREATE SCHEMA seeds;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
    IF filled THEN EXECUTE format('CREATE TABLE seeds.%1$I AS TABLE public.%1$I', name); END IF;
  END LOOP;
END $$"""
# Append-only tables refuse DELETE and TRUNCATE by triggers, which a replica does not run.
BACK_TO_THE_SEEDS = """
DO $$ DECLARE name text; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', name);
  END LOOP;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'seeds' LOOP
    EXECUTE format('INSERT INTO public.%1$I TABLE seeds.%1$I', name);
  END LOOP;
END $$"""
# True from a test's emptying of its Valkey databases until something else may write there.
EMPTY = pytest.StashKey[bool]()
NO_DATA = "the real data of ../shared/data is not here"

hypothesis_settings.register_profile(
    "house", deadline=None, max_examples=50, derandomize=True, database=None
)
hypothesis_settings.load_profile("house")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a quarter of a worker's time it waits for PostgreSQL."""
    asked = os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS")
    return int(asked) if asked else (os.process_cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    """Every way to HTTP asks first: httpx2 (openai), and http.client under urllib and requests."""
    from apps.core.http import assert_no_transaction

    def guarded[**P, R](send: Callable[P, R]) -> Callable[P, R]:
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            assert_no_transaction()
            return send(*args, **kwargs)

        return wrapper

    for owner, name in (
        (httpx2.HTTPTransport, "handle_request"),
        (http.client.HTTPConnection, "putrequest"),
    ):
        setattr(owner, name, guarded(getattr(owner, name)))
    _empty_tables_without_flush()
    _send_the_rows_of_a_factory_together()
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(short_set.Beside())


def _empty_tables_without_flush() -> None:
    """A test with real commits ends in DELETEs: `flush` writes every permission anew (a second)."""
    from django.test import TransactionTestCase

    def empty(self: TransactionTestCase) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(BACK_TO_THE_SEEDS)

    TransactionTestCase._fixture_teardown = empty  # type: ignore[attr-defined]


def _send_the_rows_of_a_factory_together() -> None:
    from apps.core.tests import inserts

    inserts.install()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.nodeid.startswith(short_set.ITS_TEST))


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not walk it again in every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="class")
def built_once(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """`built_once(make)`: rows that a whole class reads, made silently and rolled back at its end.

    Each test still has a transaction of its own inside; give it a deepcopy of what was made. Not
    for a class with `transactional_db`, whose tests empty the tables.
    """
    from django.db import transaction

    def build[R](make: Callable[[], R]) -> R:
        request.config.stash[EMPTY] = False
        with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
            _mute(patch)
            return make()

    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        around.__enter__()
    yield build
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _ears(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Announcements reach nobody unless the test is marked `enable_signals`."""
    if request.node.get_closest_marker("enable_signals") is None:
        _mute(monkeypatch)


def _mute(patch: pytest.MonkeyPatch) -> None:
    from apps.events.signals.signals import EventSignal

    patch.setattr(EventSignal, "send_robust", _nobody_hears)
    patch.setattr(EventSignal, "send", _nobody_hears)


def _nobody_hears(*args: object, **named: object) -> list[object]:
    return []


@pytest.fixture(scope="session")
def _flush_valkey() -> Iterator[Callable[[], None]]:
    """Empties the cache, the limiter's counts and cacheops in one round trip."""
    databases = [
        parse_url(str(django_settings.CACHES["default"]["LOCATION"]))["db"],
        parse_url(str(django_settings.LIMITER_URL))["db"],
        django_settings.CACHEOPS_REDIS["db"],
    ]
    client = redis.Redis.from_url(str(django_settings.LIMITER_URL))
    connection = client.connection_pool.get_connection()
    commands = [words for each in databases for words in (("SELECT", each), ("FLUSHDB",))]
    packed = connection.pack_commands(commands)

    def flush() -> None:
        connection.send_packed_command(packed)
        for _ in commands:
            connection.read_response()

    yield flush
    connection.disconnect()
    client.close()


@pytest.fixture
def valkey(_flush_valkey: Callable[[], None], pytestconfig: pytest.Config) -> Iterator[None]:
    """This worker's Valkey databases, empty before and after."""
    if not pytestconfig.stash.get(EMPTY, False):
        _flush_valkey()
    pytestconfig.stash[EMPTY] = False
    yield
    _flush_valkey()
    pytestconfig.stash[EMPTY] = True


@pytest.fixture(autouse=True)
def _clean_valkey(request: pytest.FixtureRequest) -> None:
    """Tests with a database get clean Valkey databases too; pure tests need no server at all."""
    marked = request.node.get_closest_marker("django_db") is not None
    if marked or DATABASE_FIXTURES.intersection(request.fixturenames):
        request.getfixturevalue("valkey")
    elif "valkey" not in request.fixturenames:
        request.config.stash[EMPTY] = False


@pytest.fixture
def cacheops_on(settings: Settings, valkey: None) -> Iterator[None]:
    """cacheops at work; needs `transactional_db`, since a dirty transaction is never cached."""
    from cacheops import invalidate_all

    settings.CACHEOPS_ENABLED = True
    invalidate_all()
    yield
    invalidate_all()


@pytest.fixture(scope="session")
def django_db_createdb(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> bool:
    """A kept database whose tables come from other migrations than those of today is made anew."""
    from django.db import connection

    if request.config.getvalue("create_db"):
        return True
    facts = {name.lower(): connection.settings_dict[name] for name in ("HOST", "PORT", "USER")}
    name: str = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    secret = connection.settings_dict["PASSWORD"]
    try:
        with psycopg.connect(**facts, dbname=name, password=secret) as kept:
            marked = "SELECT obj_description(oid) FROM pg_namespace WHERE nspname = 'seeds'"
            found = kept.execute(marked).fetchone()
    except psycopg.OperationalError:
        return False
    return found is not None and found[0] != _tables()


def _tables() -> str:
    """What the tables are made of, as far as it is written down: every change has a migration."""
    files = sorted(Path(__file__).parent.glob("apps/**/migrations/*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Keeps what the new tables hold as seeds; a kept database starts with those and no more."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_namespace WHERE nspname = 'seeds'")
        cursor.execute(BACK_TO_THE_SEEDS if cursor.fetchone() is not None else KEEP_THE_SEEDS)
        cursor.execute(f"COMMENT ON SCHEMA seeds IS '{_tables()}'")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())]
    if count := sum(NO_DATA in reason for reason in skipped):
        terminalreporter.write_line(f"{count} tests skipped: {NO_DATA}")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """`shared/data` beside the checkout or one of its parents; without it CI fails."""
    here = Path(__file__).resolve().parent
    found = next((p / SHARED for p in here.parents if (p / SHARED).is_dir()), None)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(NO_DATA)
    if found is None:
        pytest.skip(NO_DATA)
    return found


@pytest.fixture
def check_deferred(db: None) -> Callable[[], None]:
    """Call it where COMMIT would be: deferred constraints and constraint triggers fire there."""
    from django.db import connection

    return connection.check_constraints
