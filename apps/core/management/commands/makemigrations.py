"""makemigrations that writes choices by name, and constraints into the table they belong to."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, override

from django.apps import apps
from django.core.management.base import CommandError
from django.core.management.commands import makemigrations
from django.db import models
from django.db.migrations import Migration
from django.db.migrations.operations import AddConstraint, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.serializer import BaseSerializer
from django.db.migrations.writer import MigrationWriter
from django.utils.choices import CallableChoiceIterator

from apps.core.constraints import SqlConstraint

type Field = models.Field[Any, Any]


@dataclass(frozen=True, slots=True)
class NamedChoices:
    """A Choices class that a `choices.py` knows, and its name in migrations of `app`."""

    enum: type[models.Choices]
    app: str

    def __call__(self) -> Any:
        return self.enum.choices

    @property
    def package(self) -> str:
        return self.enum.__module__.rpartition(".")[0]

    @property
    def alias(self) -> str:
        if self.package == self.app:
            return "choices"
        return f"{self.package.rpartition('.')[2]}_choices"


class NamedChoicesSerializer(BaseSerializer):
    @override
    def serialize(self) -> tuple[str, set[str]]:
        named: NamedChoices = self.value
        renamed = "" if named.alias == "choices" else f" as {named.alias}"
        return (
            f"{named.alias}.{named.enum.__qualname__}.choices",
            {f"from {named.package} import choices{renamed}"},
        )


MigrationWriter.register_serializer(NamedChoices, NamedChoicesSerializer)


class Command(makemigrations.Command):
    @override
    def write_migration_files(
        self, changes: dict[str, list[Migration]], *args: Any, **kwargs: Any
    ) -> None:
        for label, migrations in changes.items():
            for migration in migrations:
                name_choices(apps.get_app_config(label).name, migration)
                fold_constraints(migration)
        super().write_migration_files(changes, *args, **kwargs)


def name_choices(app: str, migration: Migration) -> None:
    """Put names in the place of lists; raises CommandError for a list that no choices.py holds."""
    for operation in migration.operations:
        for model, name, field in _fields(operation):
            if field.choices is not None:
                enum = _find(app, model, list(field.choices))
                if enum is None:
                    raise CommandError(f"{app} {model}.{name}: move its choices to a choices.py")
                field.choices = CallableChoiceIterator(NamedChoices(enum, app))  # type: ignore[assignment]


def fold_constraints(migration: Migration) -> None:
    """Put constraints and indexes into CreateModel; constraints of SQL that are left come last.

    Django leaves them apart and renders every related model again for each, which takes long. Last,
    because the reverse must drop them before the keys that they point at: for the same reason they
    are folded only where every table is made at once.
    """
    created = {op.name_lower: op for op in migration.operations if isinstance(op, CreateModel)}
    grown = {op.model_name_lower for op in migration.operations if isinstance(op, FieldOperation)}
    at_once = bool(created) and not grown
    created = {name: table for name, table in created.items() if name not in grown}
    kept: list[Operation] = []
    for operation in migration.operations:
        table = created.get(getattr(operation, "model_name_lower", ""))
        if _is_sql(operation) and not at_once:
            kept.append(operation)
        elif table is not None and isinstance(operation, AddConstraint):
            _append(table, "constraints", operation.constraint)
        elif table is not None and isinstance(operation, AddIndex):
            _append(table, "indexes", operation.index)
        else:
            kept.append(operation)
    vars(migration)["operations"] = sorted(kept, key=_is_sql)


def _append(table: CreateModel, option: str, rule: object) -> None:
    table.options[option] = [*table.options.get(option, ()), rule]


def _is_sql(operation: Operation) -> bool:
    return isinstance(getattr(operation, "constraint", None), SqlConstraint)


def _fields(operation: Operation) -> Iterator[tuple[str, str, Field]]:
    model = getattr(operation, "model_name", getattr(operation, "name", ""))
    if isinstance(fields := getattr(operation, "fields", None), list):
        yield from ((model, name, field) for name, field in fields)
    if isinstance(field := getattr(operation, "field", None), models.Field):
        yield model, getattr(operation, "name", ""), field


def _find(app: str, model: str, pairs: list[Any]) -> type[models.Choices] | None:
    """Of several equal lists: that of the same app, then of the noun named like the model."""

    def distance(enum: type[models.Choices]) -> tuple[bool, bool, bool, str]:
        noun = enum.__qualname__.partition(".")[0]
        return (
            not enum.__module__.startswith(f"{app}."),
            enum.__module__ != f"{app}.choices",
            noun.lower() != model.lower(),
            enum.__qualname__,
        )

    return min((enum for enum in _enums() if enum.choices == pairs), key=distance, default=None)


def _enums() -> Iterator[type[models.Choices]]:
    for name, module in sorted(sys.modules.items()):
        if name.startswith("apps.") and name.endswith(".choices"):
            yield from _nested(name.removesuffix(".choices"), vars(module).values())


def _nested(package: str, values: Iterable[object]) -> Iterator[type[models.Choices]]:
    for value in values:
        if isinstance(value, type) and value.__module__.rpartition(".")[0] == package:
            if issubclass(value, models.Choices):
                yield value
            else:
                yield from _nested(package, vars(value).values())
