"""Writes the tables of docs/platforms.md; it reads the tests, so that only developers run it."""

from typing import Any, override

from django.core.management.base import BaseCommand

from apps.integrations.registry import all_connectors


class Command(BaseCommand):
    help = "Writes what each platform's connector can do into docs/platforms.md."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        from apps.integrations.tests import platforms_table as table

        page = table.PAGE.read_text(encoding="utf-8")
        table.PAGE.write_text(table.written(page), encoding="utf-8")
        self.stdout.write(f"{table.PAGE.name}: {len(all_connectors())} platforms")
