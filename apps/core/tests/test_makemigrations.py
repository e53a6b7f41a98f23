import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter
from pytest_django import Settings

from apps.core.constraints import AppendOnly
from apps.core.management.commands.makemigrations import fold_constraints, name_choices


def written(app: str, *operations: Operation) -> str:
    migration = migrations.Migration("0001_initial", app)
    vars(migration)["operations"] = list(operations)
    name_choices(f"apps.{app}", migration)
    return MigrationWriter(migration).as_string()


def listed(label: str, name: str) -> models.CharField[str, str]:
    """A field with the choices of an existing one, as the list that Django keeps."""
    field = apps.get_model(label)._meta.get_field(name)
    assert isinstance(field, models.Field)
    return models.CharField(max_length=20, choices=list(field.choices or []))


class NameChoicesTest:
    def test_of_the_same_app(self) -> None:
        operation = migrations.CreateModel(
            "Merchant",
            [
                ("name", models.CharField(max_length=9)),
                ("plan", listed("accounts.merchant", "plan")),
            ],
        )
        text = written("accounts", operation)
        assert "('plan', models.CharField(choices=choices.Merchant.Plan.choices, " in text
        assert "from apps.accounts import choices\n" in text

    def test_of_another_app_under_an_alias(self) -> None:
        operation = migrations.AddField("order", "plan", listed("accounts.merchant", "plan"))
        text = written("orders", operation)
        assert "choices=accounts_choices.Merchant.Plan.choices" in text
        assert "from apps.accounts import choices as accounts_choices\n" in text

    def test_of_two_apps(self) -> None:
        text = written(
            "orders",
            migrations.AddField("order", "plan", listed("accounts.merchant", "plan")),
            migrations.AlterField("return", "status", listed("orders.return", "status")),
        )
        assert "choices=accounts_choices.Merchant.Plan.choices" in text
        assert "choices=choices.Return.Status.choices" in text

    def test_of_equal_lists_the_noun_of_the_model_wins(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from types import ModuleType

        module = ModuleType("apps.accounts.choices")
        source = (
            "from django.db import models\n"
            "class Bag:\n"
            "    class Kind(models.TextChoices):\n"
            "        A = 'a', 'A'\n"
            "class Sack:\n"
            "    class Kind(models.TextChoices):\n"
            "        A = 'a', 'A'\n"
        )
        exec(source, vars(module))  # noqa: S102
        monkeypatch.setitem(sys.modules, "apps.accounts.choices", module)
        field = models.CharField(max_length=1, choices=[("a", "A")])
        assert "choices.Sack.Kind.choices" in written(
            "accounts", migrations.AddField("sack", "kind", field)
        )
        field = models.CharField(max_length=1, choices=[("a", "A")])
        assert "choices.Bag.Kind.choices" in written(
            "accounts", migrations.AddField("box", "kind", field)
        )

    def test_refuses_a_list_that_no_choices_file_holds(self) -> None:
        field = models.CharField(max_length=1, choices=[("x", "Inlined")])
        with pytest.raises(CommandError, match=r"apps.orders order.kind: move its choices"):
            written("orders", migrations.AddField("order", "kind", field))

    def test_other_operations_stay_as_they_are(self) -> None:
        text = written("orders", migrations.RemoveField("order", "kind"))
        assert "import choices" not in text


class FoldConstraintsTest:
    UNIQUE = models.UniqueConstraint(fields=("a",), name="unique")
    INDEX = models.Index(fields=("a",), name="index")
    GUARD = AppendOnly(name="guard")

    def folded(self, *operations: Operation) -> list[Operation]:
        migration = migrations.Migration("0001_initial", "orders")
        vars(migration)["operations"] = list(operations)
        fold_constraints(migration)
        return list(migration.operations)

    def test_into_the_table_that_the_same_migration_makes(self) -> None:
        table = migrations.CreateModel("Box", [("a", models.IntegerField())], {"indexes": []})
        assert self.folded(
            table,
            migrations.AddConstraint("box", self.UNIQUE),
            migrations.AddIndex("box", self.INDEX),
            migrations.AddConstraint("box", self.GUARD),
        ) == [table]
        assert table.options == {
            "constraints": [self.UNIQUE, self.GUARD],
            "indexes": [self.INDEX],
        }

    def test_not_when_a_column_comes_later(self) -> None:
        operations = [
            migrations.CreateModel("Box", []),
            migrations.AddField("box", "a", models.IntegerField()),
            migrations.AddConstraint("box", self.UNIQUE),
        ]
        assert self.folded(*operations) == operations

    def test_sql_stays_apart_when_another_table_grows(self) -> None:
        operations = [
            migrations.CreateModel("Box", []),
            migrations.CreateModel("Lid", []),
            migrations.AddField("lid", "a", models.IntegerField()),
            migrations.AddConstraint("box", self.GUARD),
        ]
        assert self.folded(*operations) == operations

    def test_of_a_table_that_stands_already_sql_comes_last(self) -> None:
        guard = migrations.AddConstraint("box", self.GUARD)
        unique = migrations.AddConstraint("box", self.UNIQUE)
        assert self.folded(guard, unique) == [unique, guard]


@pytest.mark.django_db
class MakemigrationsTest:
    def test_writes_a_file_that_leaves_nothing_to_change(
        self, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        package = tmp_path / "scratch_accounts_migrations"
        package.mkdir()
        (package / "__init__.py").touch()
        monkeypatch.syspath_prepend(tmp_path)
        others = dict.fromkeys((config.label for config in apps.get_app_configs()), None)
        settings.MIGRATION_MODULES = {**others, "accounts": package.name}
        call_command("makemigrations", "accounts", verbosity=0)
        text = (package / "0001_initial.py").read_text()
        assert "choices=choices.Merchant.Status.choices" in text
        assert "choices=[" not in text
        assert "apps.core.constraints.TenantForeignKey(field='store'" in text
        call_command("makemigrations", "accounts", check_changes=True, dry_run=True, verbosity=0)
        for name in [name for name in sys.modules if name.startswith(package.name)]:
            monkeypatch.delitem(sys.modules, name)
