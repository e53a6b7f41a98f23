from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.payments import services


class Command(BaseCommand):
    help = "Ask the books every question that must have no answer; exit 1 when one has."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = services.reconcile()
        for finding in findings:
            self.stdout.write(str(finding))
        if findings:
            raise CommandError(f"{len(findings)} findings", returncode=1)
        self.stdout.write("The books agree.")
