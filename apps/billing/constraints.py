"""Triggers that keep what was billed as it was billed."""

from typing import override

from apps.core.constraints import Model, SqlConstraint


class FrozenWhen(SqlConstraint):
    """Where `holds` is true of the row as it was, only `may_change` may change and it stays.

    `holds` is an SQL expression over OLD.
    """

    stated = ("holds", "may_change", "message")

    def __init__(self, *, holds: str, may_change: tuple[str, ...], message: str, name: str) -> None:
        super().__init__(name=name)
        self.holds = holds
        self.may_change = tuple(may_change)
        self.message = message

    @override
    def sql_up(self, model: Model) -> str:
        table = model._meta.db_table
        names = ", ".join(f"'{name}'" for name in self.may_change)
        return f"""
CREATE OR REPLACE FUNCTION "{self.name}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ({self.holds}) AND (TG_OP = 'DELETE'
      OR to_jsonb(OLD) - ARRAY[{names}] IS DISTINCT FROM to_jsonb(NEW) - ARRAY[{names}]) THEN
    RAISE EXCEPTION '{self.message}' USING ERRCODE = '23514';
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


class FixedFee(SqlConstraint):
    """A fee is never changed or deleted; it goes onto an invoice once (I-39)."""

    @override
    def sql_up(self, model: Model) -> str:
        table = model._meta.db_table
        return f"""
CREATE OR REPLACE FUNCTION "{self.name}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a fee is never deleted' USING ERRCODE = '23514';
  END IF;
  IF OLD.invoice_id IS NOT NULL OR (OLD.merchant_id, OLD.kind, OLD.vat_class, OLD.currency,
      OLD.amount_minor, OLD.description, OLD.subject_type, OLD.subject_id, OLD.reference,
      OLD.occurred_at, OLD.period) IS DISTINCT FROM (NEW.merchant_id, NEW.kind, NEW.vat_class,
      NEW.currency, NEW.amount_minor, NEW.description, NEW.subject_type, NEW.subject_id,
      NEW.reference, NEW.occurred_at, NEW.period) THEN
    RAISE EXCEPTION 'a fee is fixed, and billed once' USING ERRCODE = '23514';
  END IF;
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


class LinesOfDrafts(SqlConstraint):
    """Lines come, change and go only while their invoice is a draft (I-39)."""

    stated = ("invoices",)

    def __init__(self, *, invoices: str, name: str) -> None:
        super().__init__(name=name)
        self.invoices = invoices

    @override
    def sql_up(self, model: Model) -> str:
        return f"""
CREATE OR REPLACE FUNCTION "{self.name}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE line "{model._meta.db_table}"%ROWTYPE; state text;
BEGIN
  IF TG_OP = 'INSERT' THEN line := NEW; ELSE line := OLD; END IF;
  SELECT i.status INTO state FROM "{self.invoices}" i WHERE i.id = line.invoice_id FOR SHARE;
  IF state <> 'draft' OR (TG_OP = 'UPDATE' AND NEW.invoice_id <> OLD.invoice_id) THEN
    RAISE EXCEPTION 'the lines of an issued invoice are frozen' USING ERRCODE = '23514';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "{self.name}" BEFORE INSERT OR UPDATE OR DELETE ON "{model._meta.db_table}"
  FOR EACH ROW EXECUTE FUNCTION "{self.name}_refuse"()"""  # noqa: S608

    @override
    def sql_down(self, model: Model) -> str:
        return (
            f'DROP TRIGGER "{self.name}" ON "{model._meta.db_table}"; '
            f'DROP FUNCTION "{self.name}_refuse"()'
        )
