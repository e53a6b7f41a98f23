"""Writes apps/api/<host>/openapi.json and says which lines CHANGELOG.md needs."""

from typing import Any, override

from django.core.management.base import BaseCommand

from apps.api.common import openapi


class Command(BaseCommand):
    help = "Writes the OpenAPI document of every host into the repository."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        for host in openapi.TITLES:
            document = openapi.generate(host)
            openapi.path_of(host).write_bytes(document)
            self.stdout.write(openapi.changelog_line(host, document))
