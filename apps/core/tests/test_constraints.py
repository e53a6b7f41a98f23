from collections.abc import Callable
from typing import ClassVar

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, IntegrityError, connection, migrations, transaction
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter

from apps.core.constraints import (
    AppendOnly,
    DeferredCheck,
    SqlConstraint,
    StatusMoves,
    TenantForeignKey,
    tenant,
)
from apps.core.ids import uuid7
from apps.core.tests.samples import Parcel, Posting, Shelf, create_tables

MINE, THEIRS = uuid7(), uuid7()


def shelf(merchant: object = MINE) -> Shelf:
    row = Shelf(merchant=merchant)
    row.save()
    return row


def parcel(**fields: object) -> Parcel:
    row = Parcel(**{"merchant": MINE, **fields})
    row.save()
    return row


def posting(entry: int, minor: int) -> Posting:
    row = Posting(entry=entry, minor=minor)
    row.save()
    return row


def constraints_of(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass UNION "
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [table, table],
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
class TenantForeignKeyTest:
    @pytest.fixture(autouse=True)
    def tables(self) -> None:
        create_tables(Shelf, Parcel)

    def test_lets_a_row_of_the_same_merchant_pass(self, check_deferred: Callable[[], None]) -> None:
        row = parcel(shelf=shelf())
        check_deferred()
        assert Parcel._base_manager.filter(pk=row.pk, shelf__isnull=False).count() == 1

    def test_lets_an_empty_key_pass(self, check_deferred: Callable[[], None]) -> None:
        row = parcel(shelf=None)
        check_deferred()
        assert row.shelf is None

    def test_refuses_a_row_of_another_merchant(self, check_deferred: Callable[[], None]) -> None:
        with pytest.raises(IntegrityError, match="core_parcel_shelf_tenant"):  # noqa: PT012
            parcel(shelf=shelf(THEIRS))
            check_deferred()

    def test_refuses_to_move_the_parent_to_another_merchant(
        self, check_deferred: Callable[[], None]
    ) -> None:
        held = shelf()
        parcel(shelf=held)
        with pytest.raises(IntegrityError, match="core_parcel_shelf_tenant"):  # noqa: PT012
            Shelf._base_manager.filter(pk=held.pk).update(merchant=THEIRS)
            check_deferred()

    @pytest.mark.parametrize("field", ["label", "merchant"])
    def test_wants_a_foreign_key(self, field: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=f"core.Parcel.{field} is no foreign key"):
            TenantForeignKey(field=field, name="x").sql_up(Parcel)

    def test_the_prefix_names_every_constraint(self) -> None:
        assert [rule.name for rule in tenant("core_parcel", "shelf", "box")] == [
            "core_parcel_tenant",
            "core_parcel_shelf_tenant",
            "core_parcel_box_tenant",
        ]


@pytest.mark.django_db
class AppendOnlyTest:
    STATEMENTS: ClassVar[list[str]] = [
        "UPDATE core_posting SET minor = 0",
        "DELETE FROM core_posting",
        "TRUNCATE core_posting",
    ]

    @pytest.mark.parametrize("statement", STATEMENTS)
    def test_refuses(self, statement: str) -> None:
        create_tables(Posting)
        posting(1, 0)
        connection.check_constraints()
        with (
            pytest.raises(IntegrityError, match="core_posting is append-only"),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.django_db
class StatusMovesTest:
    @pytest.fixture(autouse=True)
    def tables(self) -> None:
        create_tables(Shelf, Parcel)

    @pytest.mark.parametrize(
        ("source", "target"),
        [("open", "sent"), ("open", "lost"), ("sent", "lost"), ("lost", "lost")],
    )
    def test_lets_the_moves_of_the_table_pass(self, source: str, target: str) -> None:
        row = parcel(status=source)
        Parcel._base_manager.filter(pk=row.pk).update(status=target)
        row.refresh_from_db()
        assert row.status == target

    @pytest.mark.parametrize(
        ("source", "target"), [("sent", "open"), ("lost", "open"), ("open", "eaten")]
    )
    def test_refuses_every_other_move(self, source: str, target: str) -> None:
        row = parcel(status=source)
        with pytest.raises(IntegrityError, match="status of core_parcel cannot move like this"):
            Parcel._base_manager.filter(pk=row.pk).update(status=target)

    def test_other_columns_are_free(self) -> None:
        row = parcel(status="lost")
        row.label = "kept"
        row.save()
        row.refresh_from_db()
        assert row.label == "kept"


@pytest.mark.django_db
class DeferredCheckTest:
    @pytest.fixture(autouse=True)
    def tables(self) -> None:
        create_tables(Posting)

    def test_two_rows_balance_at_the_end(self, check_deferred: Callable[[], None]) -> None:
        posting(1, 250)
        posting(1, -250)
        check_deferred()
        assert Posting._base_manager.count() == 2

    def test_refuses_at_the_end_what_does_not_hold(
        self, check_deferred: Callable[[], None]
    ) -> None:
        posting(1, 250)
        posting(1, -249)
        with pytest.raises(IntegrityError, match="the entry isn't balanced"):
            check_deferred()

    def test_judges_the_row_that_was_deleted(self) -> None:
        rule = DeferredCheck(
            name="core_shelf_kept", holds="changed.merchant_id IS NULL", message="shelves are kept"
        )
        create_tables(Shelf)
        shelf()
        with connection.schema_editor() as editor:
            editor.add_constraint(Shelf, rule)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM core_shelf")
        with pytest.raises(IntegrityError, match="shelves are kept"):
            connection.check_constraints()


@pytest.mark.django_db
class SqlConstraintMigrationTest:
    RULES: ClassVar[list[SqlConstraint]] = [
        TenantForeignKey(field="shelf", name="core_parcel_again"),
        AppendOnly(name="core_parcel_append"),
        StatusMoves(name="core_parcel_more", moves={"open": ["lost"]}),
        DeferredCheck(name="core_parcel_check", holds="changed.minor % 2 = 0", message="100% odd"),
    ]
    TRIGGERS: ClassVar[list[set[str]]] = [
        {"core_parcel_again"},
        {"core_parcel_append_rows", "core_parcel_append_table"},
        {"core_parcel_more"},
        {"core_parcel_check"},
    ]

    @pytest.mark.parametrize(("rule", "made"), list(zip(RULES, TRIGGERS, strict=True)))
    def test_is_added_taken_away_and_added_again(self, rule: SqlConstraint, made: set[str]) -> None:
        create_tables(Shelf, Parcel)
        before = constraints_of("core_parcel")
        for _ in range(2):
            with connection.schema_editor() as editor:
                editor.add_constraint(Parcel, rule)
            assert constraints_of("core_parcel") == before | made
            with connection.schema_editor() as editor:
                editor.remove_constraint(Parcel, rule)
            assert constraints_of("core_parcel") == before

    @pytest.mark.parametrize("rule", RULES)
    def test_is_written_into_a_migration_and_read_back(self, rule: SqlConstraint) -> None:
        text, imports = MigrationWriter.serialize(rule)
        assert imports == {"import apps.core.constraints"}
        namespace: dict[str, object] = {}
        exec(f"import apps.core.constraints\nrule = {text}", namespace)  # noqa: S102
        assert namespace["rule"] == rule

    def test_a_child_may_come_before_its_parent_in_one_migration(self) -> None:
        create_tables(Parcel, Shelf)
        assert "core_parcel_shelf_tenant" in constraints_of("core_parcel")

    def test_the_state_of_a_migration_keeps_it(self) -> None:
        operation = migrations.AddConstraint("parcel", AppendOnly(name="core_parcel_append"))
        state = ProjectState()
        migrations.CreateModel("Parcel", fields=[]).state_forwards("core", state)
        operation.state_forwards("core", state)
        assert state.models["core", "parcel"].options["constraints"] == [operation.constraint]

    def test_nothing_is_written_without_a_model(self) -> None:
        rule = AppendOnly(name="x")
        assert rule.remove_sql(None, None) is None
        assert rule.constraint_sql(None, None) is None
        assert rule.create_sql(None, None) == "/* x follows at the end of the migration */"


class SqlConstraintEqualityTest:
    def test_equal_when_stated_alike(self) -> None:
        one = StatusMoves(name="m", moves={"a": {"c", "b"}, "b": ()})
        assert one == StatusMoves(name="m", moves={"b": [], "a": ["b", "c"]})
        assert hash(one) == hash(StatusMoves(name="m", moves={}))
        assert one != StatusMoves(name="m", moves={"a": ["b"]})
        assert one != "m"

    def test_python_never_asks(self) -> None:
        assert AppendOnly(name="x").validate(Parcel, Parcel()) is None

    @pytest.mark.parametrize("side", ["sql_up", "sql_down"])
    def test_the_base_has_no_sql(self, side: str) -> None:
        with pytest.raises(NotImplementedError):
            getattr(SqlConstraint(name="x"), side)(Parcel)


@pytest.mark.django_db(transaction=True)
class CommitTest:
    def test_the_checks_fire_at_commit(self) -> None:
        create_tables(Posting)
        try:
            with pytest.raises(DatabaseError, match="isn't balanced"), transaction.atomic():
                posting(7, 1)
            assert Posting._base_manager.count() == 0
        finally:
            with connection.schema_editor() as editor:
                editor.delete_model(Posting)
