"""Constraints that Django has no word for, declared in Meta and written by makemigrations."""

from collections.abc import Iterable, Mapping
from typing import Any, override

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint

type Model = type[models.Model]
type Editor = BaseDatabaseSchemaEditor


class SqlConstraint(BaseConstraint):
    """Base of constraints kept by SQL alone: Python never validates them, PostgreSQL does.

    Subclasses give the SQL; their keyword arguments are listed in `stated`, for migrations.
    """

    stated: tuple[str, ...] = ()

    def sql_up(self, model: Model) -> str:
        raise NotImplementedError

    def sql_down(self, model: Model) -> str:
        raise NotImplementedError

    @override
    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, **{name: getattr(self, name) for name in self.stated}}

    @override
    def constraint_sql(self, model: Model | None, schema_editor: Editor | None) -> Any:
        """Part of CREATE TABLE in Django; here it runs after every table of the migration."""
        self._defer(model, schema_editor)

    @override
    def create_sql(self, model: Model | None, schema_editor: Editor | None) -> Any:
        self._defer(model, schema_editor)
        # Never None: Django executes what it gets for a table with a default of the database.
        return f"/* {self.name} follows at the end of the migration */"

    @override
    def remove_sql(self, model: Model | None, schema_editor: Editor | None) -> Any:
        if model is not None and schema_editor is not None:
            schema_editor.execute(self.sql_down(model), None)

    def helper_functions(self) -> tuple[str, ...]:
        """Functions shared by all constraints of this kind, as CREATE OR REPLACE."""
        return ()

    def _defer(self, model: Model | None, schema_editor: Editor | None) -> None:
        # Deferred: the key that a foreign key points at may be made later in the same migration.
        # Functions first, and again each time: replacing them is free and needs no bookkeeping.
        if model is not None and schema_editor is not None:
            for sql in (*self.helper_functions(), self.sql_up(model)):
                table = Table(model._meta.db_table, schema_editor.quote_name)
                schema_editor.deferred_sql.append(Statement("%(sql)s", table=table, sql=sql))

    @override
    def validate(
        self, model: Model, instance: models.Model, exclude: Any = None, using: str = "default"
    ) -> None:
        """SQL alone decides; nothing is asked before."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SqlConstraint):
            return NotImplemented
        return bool(self.deconstruct() == other.deconstruct())

    def __hash__(self) -> int:
        return hash(self.name)


class TenantForeignKey(SqlConstraint):
    """(merchant_id, field_id) references (merchant_id, id): no row points at another tenant."""

    stated = ("field",)

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    @override
    def sql_up(self, model: Model) -> str:
        field = model._meta.get_field(self.field)
        target = field.related_model
        if not isinstance(field, models.ForeignKey) or target is None or isinstance(target, str):
            raise ImproperlyConfigured(f"{model._meta.label}.{self.field} is no foreign key")
        return (
            f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT "{self.name}" '
            f'FOREIGN KEY ("merchant_id", "{field.column}") '
            f'REFERENCES "{target._meta.db_table}" ("merchant_id", "id") '
            f'DEFERRABLE INITIALLY DEFERRED; SET CONSTRAINTS "{self.name}" IMMEDIATE'
        )

    @override
    def sql_down(self, model: Model) -> str:
        # Events of rows written in this transaction would block ALTER TABLE; settle them first.
        return (
            f'SET CONSTRAINTS "{self.name}" IMMEDIATE; '
            f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{self.name}"'
        )


def tenant(prefix: str, *fields: str) -> list[BaseConstraint]:
    """UNIQUE (merchant, id), and one composite key per foreign key to another tenant table."""
    return [
        models.UniqueConstraint(fields=("merchant", "id"), name=f"{prefix}_tenant"),
        *(TenantForeignKey(field=name, name=f"{prefix}_{name}_tenant") for name in fields),
    ]


class AppendOnly(SqlConstraint):
    """Rows are never updated, deleted or truncated; SQLSTATE 23514 says so."""

    @override
    def helper_functions(self) -> tuple[str, ...]:
        return (
            """
CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23514';
END $$""",
        )

    @override
    def sql_up(self, model: Model) -> str:
        table = model._meta.db_table
        return f"""
CREATE TRIGGER "{self.name}_rows" BEFORE UPDATE OR DELETE ON "{table}"
  FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER "{self.name}_table" BEFORE TRUNCATE ON "{table}"
  FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change()"""

    @override
    def sql_down(self, model: Model) -> str:
        table = model._meta.db_table
        return (
            f'DROP TRIGGER "{self.name}_rows" ON "{table}"; '
            f'DROP TRIGGER "{self.name}_table" ON "{table}"'
        )


class StatusMoves(SqlConstraint):
    """A column changes only along `moves` (from -> allowed targets), whoever writes it (I-11)."""

    stated = ("field", "moves")

    def __init__(
        self, *, moves: Mapping[str, Iterable[str]], name: str, field: str = "status"
    ) -> None:
        super().__init__(name=name)
        self.field = field
        self.moves = {
            str(source): sorted(map(str, targets)) for source, targets in sorted(moves.items())
        }

    @override
    def helper_functions(self) -> tuple[str, ...]:
        return (
            """
CREATE OR REPLACE FUNCTION core_refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % cannot move like this', TG_ARGV[0], TG_TABLE_NAME
    USING ERRCODE = '23514', DETAIL = 'id ' || OLD.id;
END $$""",
        )

    @override
    def sql_up(self, model: Model) -> str:
        table, column = model._meta.db_table, self.field
        allowed = ", ".join(
            f"({_quoted(source)}, {_quoted(target)})"
            for source, targets in self.moves.items()
            for target in targets
        )
        return f"""
CREATE TRIGGER "{self.name}" BEFORE UPDATE OF "{column}" ON "{table}" FOR EACH ROW
  WHEN (OLD."{column}" IS DISTINCT FROM NEW."{column}"
    AND (OLD."{column}", NEW."{column}") NOT IN ({allowed}))
  EXECUTE FUNCTION core_refuse_move({_quoted(column)})"""

    @override
    def sql_down(self, model: Model) -> str:
        return f'DROP TRIGGER "{self.name}" ON "{model._meta.db_table}"'


class DeferredCheck(SqlConstraint):
    """At COMMIT `holds` must be true for each row written; `changed` is that row, old when deleted.

    `holds` is an SQL expression, for instance
    `(SELECT sum(p.minor) FROM payments_posting p WHERE p.entry_id = changed.entry_id) = 0`.
    """

    stated = ("holds", "message", "events")

    def __init__(
        self, *, holds: str, message: str, name: str, events: str = "INSERT OR UPDATE OR DELETE"
    ) -> None:
        super().__init__(name=name)
        self.holds = holds
        self.message = message
        self.events = events

    @override
    def sql_up(self, model: Model) -> str:
        table = model._meta.db_table
        return f"""
CREATE OR REPLACE FUNCTION "{self.name}_check"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed "{table}"%ROWTYPE;
BEGIN
  IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;
  IF ({self.holds}) IS NOT TRUE THEN
    RAISE EXCEPTION USING MESSAGE = {_quoted(self.message)}, ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "{self.name}" AFTER {self.events} ON "{table}"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "{self.name}_check"()"""

    @override
    def sql_down(self, model: Model) -> str:
        return (
            f'SET CONSTRAINTS "{self.name}" IMMEDIATE; '
            f'DROP TRIGGER "{self.name}" ON "{model._meta.db_table}"; '
            f'DROP FUNCTION "{self.name}_check"()'
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
