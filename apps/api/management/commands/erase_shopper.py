from argparse import ArgumentParser
from typing import Any, override

from django.core.management.base import BaseCommand

from apps.accounts.models import Merchant
from apps.api.services import erasing
from apps.core import clock
from apps.core.ids import uuid7
from apps.orders.modules.privacy import choices
from apps.orders.services.privacy import Asked, ask


class Command(BaseCommand):
    help = "Erases a shopper of a merchant, or says what that waits for."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("merchant", help="its slug")
        parser.add_argument("email")
        parser.add_argument("--reference", default="", help="of the shopper's own request")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        merchant, at = Merchant.objects.get(slug=options["merchant"]), clock.now()
        asked = Asked(
            kind=choices.PrivacyRequest.Kind.ERASURE,
            source=choices.PrivacyRequest.Source.STAFF,
            reference=options["reference"] or str(uuid7()),
            email=options["email"],
        )
        made = ask(merchant, asked, at)
        erasing.go_on(made, at)
        self.stdout.write(" ".join([made.status, *made.why]))
