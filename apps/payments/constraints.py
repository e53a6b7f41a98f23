"""Triggers of money that no other app needs."""

from collections.abc import Iterable, Mapping
from typing import Any, override

from apps.core.constraints import Model, SqlConstraint, StatusMoves


class MovesOf(StatusMoves):
    """StatusMoves for the rows of one direction: refunds and collections share a table."""

    def __init__(
        self,
        *,
        moves: Mapping[str, Iterable[str]],
        direction: str,
        name: str,
        field: str = "status",
    ) -> None:
        super().__init__(moves=moves, name=name, field=field)
        self.direction = str(direction)

    @override
    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "direction": self.direction}

    @override
    def sql_up(self, model: Model) -> str:
        only = f"""WHEN (OLD."direction" = '{self.direction}' AND"""
        return super().sql_up(model).replace("WHEN (", f"{only} ", 1)


class FixedOnceSubmitted(SqlConstraint):
    """`fields` never change after `submitted_at` is set, nor `always` at any time (I-14, I-24).

    A definite refusal that is tried again (failed -> pending, next generation) frees `fields`.
    """

    stated = ("fields", "always")

    def __init__(self, *, fields: tuple[str, ...], always: tuple[str, ...], name: str) -> None:
        super().__init__(name=name)
        self.fields = tuple(fields)
        self.always = tuple(always)

    @override
    def sql_up(self, model: Model) -> str:
        table = model._meta.db_table
        return f"""
CREATE OR REPLACE FUNCTION "{self.name}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {_changed(self.always)} OR (OLD.submitted_at IS NOT NULL
      AND (NEW.submitted_at IS NULL OR {_changed(self.fields)})
      AND NOT (OLD.status = 'failed' AND NEW.status = 'pending'
        AND NEW.generation = OLD.generation + 1)) THEN
    RAISE EXCEPTION 'a submitted {table} is fixed' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "{self.name}" BEFORE UPDATE ON "{table}"
  FOR EACH ROW EXECUTE FUNCTION "{self.name}_refuse"()"""

    @override
    def sql_down(self, model: Model) -> str:
        return (
            f'DROP TRIGGER "{self.name}" ON "{model._meta.db_table}"; '
            f'DROP FUNCTION "{self.name}_refuse"()'
        )


class AddsToAccount(SqlConstraint):
    """Each new entry raises the cached balance of its account, in the same statement (I-20)."""

    stated = ("accounts",)

    def __init__(self, *, accounts: str, name: str) -> None:
        super().__init__(name=name)
        self.accounts = accounts

    @override
    def sql_up(self, model: Model) -> str:
        return f"""
CREATE OR REPLACE FUNCTION "{self.name}_add"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "{self.accounts}" SET balance_minor = balance_minor + NEW.amount_minor
    WHERE id = NEW.account_id AND currency = NEW.currency;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the entry is not in the currency of its account' USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "{self.name}" AFTER INSERT ON "{model._meta.db_table}"
  FOR EACH ROW EXECUTE FUNCTION "{self.name}_add"()"""  # noqa: S608

    @override
    def sql_down(self, model: Model) -> str:
        return (
            f'DROP TRIGGER "{self.name}" ON "{model._meta.db_table}"; '
            f'DROP FUNCTION "{self.name}_add"()'
        )


def _changed(fields: tuple[str, ...]) -> str:
    return "(" + " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in fields) + ")"
