"""What the benches write past the models must go on fitting them: they run rarely."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
INSERT = re.compile(r"INSERT INTO (\w+) \(([\w\s,]+)\)")
COMMON = {"id", "created_at", "updated_at", "merchant_id"}
TABLES = {model._meta.db_table: model for model in apps.get_models()}


def statements() -> Iterator[tuple[str, str, set[str]]]:
    for path in sorted((ROOT / "benchmarks").rglob("*.py")):
        for found in INSERT.finditer(path.read_text(encoding="utf-8")):
            columns = {each.strip() for each in found[2].split(",")}
            yield f"{path.stem}:{found[1]}", found[1], columns


def written() -> Iterator[tuple[str, set[str]]]:
    """Table and columns of each model; not imported, since they belong to other settings."""
    text = (ROOT / "benchmarks/limits/written.py").read_text(encoding="utf-8")
    for model in ast.parse(text).body:
        if isinstance(model, ast.ClassDef):
            table = re.search(r"db_table = '(\w+)'", ast.unparse(model))
            assert table is not None
            given = {column(each) for each in model.body if is_field(each)}
            yield table[1], given | (COMMON if "Table" in ast.unparse(model.bases[0]) else set())


def is_field(part: ast.stmt) -> bool:
    return isinstance(part, ast.Assign) and "models." in ast.unparse(part.value)


def column(part: ast.stmt) -> str:
    name, _, value = ast.unparse(part).partition(" = ")
    return f"{name}_id" if value.startswith("models.ForeignKey") else name


def known(table: str) -> set[str]:
    return {str(field.column) for field in TABLES[table]._meta.local_concrete_fields}


def wanted(table: str) -> set[str]:
    return {
        str(field.column)
        for field in TABLES[table]._meta.local_concrete_fields
        if not field.null and not field.has_db_default() and not field.generated
    }


class InsertTest:
    @pytest.mark.parametrize(
        ("table", "columns"),
        [pytest.param(table, columns, id=name) for name, table, columns in statements()],
    )
    def test_a_statement_names_each_column_that_must_be_filled(
        self, table: str, columns: set[str]
    ) -> None:
        assert (wanted(table) - columns, columns - known(table)) == (set(), set())


class WrittenTest:
    @pytest.mark.parametrize(
        ("table", "columns"), [pytest.param(*each, id=each[0]) for each in written()]
    )
    def test_a_model_of_the_limits_fills_each_column_that_must_be(
        self, table: str, columns: set[str]
    ) -> None:
        assert (wanted(table) - columns, columns - known(table)) == (set(), set())
