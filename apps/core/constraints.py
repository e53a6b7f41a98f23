"""Constraints that Django has no word for, declared in Meta and written by makemigrations."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models.constraints import BaseConstraint


class SqlConstraint(BaseConstraint):
    """Base of constraints kept by SQL alone: Python never validates them, PostgreSQL does."""

    def sql_up(self, model: type[models.Model]) -> str:
        raise NotImplementedError

    def sql_down(self, model: type[models.Model]) -> str:
        raise NotImplementedError

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: "BaseDatabaseSchemaEditor | None"
    ) -> Any:
        if model is not None and schema_editor is not None:
            # Deferred: the table that a foreign key points at may come later in the migration.
            schema_editor.deferred_sql.append(_statement(self.sql_up(model), model))
        return None

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: "BaseDatabaseSchemaEditor | None"
    ) -> Any:
        if model is not None and schema_editor is not None:
            schema_editor.deferred_sql.append(_statement(self.sql_up(model), model))
        return None

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: "BaseDatabaseSchemaEditor | None"
    ) -> Any:
        return None if model is None else _statement(self.sql_down(model), model)

    def validate(
        self, model: Any, instance: Any, exclude: Any = None, using: str = "default"
    ) -> None:
        return None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SqlConstraint):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


def _statement(sql: str, model: type[models.Model]) -> Statement:
    return Statement("%(sql)s", table=model._meta.db_table, sql=sql.replace("%", "%%"))


class TenantForeignKey(SqlConstraint):
    """(merchant_id, field_id) references (merchant_id, id): a row cannot point at another tenant."""

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def sql_up(self, model: type[models.Model]) -> str:
        field = model._meta.get_field(self.field)
        target = field.related_model
        assert isinstance(field, models.ForeignKey) and not isinstance(target, str)
        return (
            f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT "{self.name}" '
            f'FOREIGN KEY ("merchant_id", "{field.column}") '
            f'REFERENCES "{target._meta.db_table}" ("merchant_id", "id") '
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def sql_down(self, model: type[models.Model]) -> str:
        return f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{self.name}"'


def tenant(prefix: str, *fields: str) -> list[BaseConstraint]:
    """UNIQUE (merchant, id), and one composite key per foreign key to another tenant table."""
    return [
        models.UniqueConstraint(fields=("merchant", "id"), name=f"{prefix}_tenant"),
        *(TenantForeignKey(field=name, name=f"{prefix}_{name}_tenant") for name in fields),
    ]


class AppendOnly(SqlConstraint):
    """Rows are never updated, deleted or truncated; SQLSTATE 23514 says so."""

    def sql_up(self, model: type[models.Model]) -> str:
        table = model._meta.db_table
        return f"""
CREATE FUNCTION "{self.name}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{table} is append-only' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER "{self.name}_rows" BEFORE UPDATE OR DELETE ON "{table}"
  FOR EACH ROW EXECUTE FUNCTION "{self.name}_refuse"();
CREATE TRIGGER "{self.name}_table" BEFORE TRUNCATE ON "{table}"
  FOR EACH STATEMENT EXECUTE FUNCTION "{self.name}_refuse"()"""

    def sql_down(self, model: type[models.Model]) -> str:
        table = model._meta.db_table
        return f"""
DROP TRIGGER "{self.name}_rows" ON "{table}";
DROP TRIGGER "{self.name}_table" ON "{table}";
DROP FUNCTION "{self.name}_refuse"()"""
