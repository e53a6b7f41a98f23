"""A trigger that no other app needs."""

from typing import override

from apps.core.constraints import Model, SqlConstraint


class FixedOncePublished(SqlConstraint):
    """`fields` change while the row is a draft and never again; no row but a draft is deleted."""

    stated = ("fields",)

    def __init__(self, *, fields: tuple[str, ...], name: str) -> None:
        super().__init__(name=name)
        self.fields = tuple(fields)

    @override
    def sql_up(self, model: Model) -> str:
        table = model._meta.db_table
        changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in self.fields)
        return f"""
CREATE OR REPLACE FUNCTION "{self.name}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'draft' AND (TG_OP = 'DELETE' OR {changed}) THEN
    RAISE EXCEPTION 'a published {table} is fixed' USING ERRCODE = '23514';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "{self.name}" BEFORE UPDATE OR DELETE ON "{table}"
  FOR EACH ROW EXECUTE FUNCTION "{self.name}_refuse"()"""

    @override
    def sql_down(self, model: Model) -> str:
        return (
            f'DROP TRIGGER "{self.name}" ON "{model._meta.db_table}"; '
            f'DROP FUNCTION "{self.name}_refuse"()'
        )
