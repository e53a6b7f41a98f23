import json
import sys
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Merchant, Store
from apps.core.errors import DomainError
from apps.payments import choices, services
from apps.payments.models import GatewayAccount
from apps.payments.refusals import NoAnswer
from apps.payments.services.vendors import CHECKS


class Command(BaseCommand):
    help = (
        "Let a merchant's PayPal, Adyen or Mollie account give payments back. The credentials are "
        "read from standard input as a JSON object, never from the arguments; with --webhook ID "
        "the secrets that its webhooks are signed with, one a line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("gateway", choices=sorted(CHECKS))
        parser.add_argument("merchant", help="slug")
        parser.add_argument("--store", help="slug; without it for all stores that have no account")
        parser.add_argument("--test", action="store_true", help="an account of the test system")
        parser.add_argument("--webhook", metavar="ID", type=UUID, help="as it was printed")

    def handle(self, *args: Any, **options: Any) -> None:
        merchant = _one(Merchant.objects.filter(slug=options["merchant"]).first())
        given = sys.stdin.read()
        if options["webhook"]:
            accounts = GatewayAccount.objects.for_merchant(merchant)
            account = _one(accounts.filter(pk=options["webhook"]).first())
            account.let_speak(given.split()[:2])
            self.stdout.write("Its webhooks are heard.")
            return
        slug = options["store"]
        stores = Store.objects.for_merchant(merchant).filter(slug=slug)
        environments = choices.Payment.Environment
        asked = services.GatewayConnection(
            merchant=merchant,
            gateway=options["gateway"],
            environment=environments.TEST if options["test"] else environments.LIVE,
            credentials=_credentials(given),
            store=_one(stores.first()) if slug else None,
        )
        try:
            account = services.connect_gateway(asked)
        except (DomainError, NoAnswer) as error:
            raise CommandError(repr(error)) from error
        self.stdout.write(f"{account} ({account.environment}) gives refunds back.")
        path = f"/v1/gateways/{account.gateway}/{account.pk}"
        self.stdout.write(f"Webhooks to the platforms host: {path}")


def _credentials(given: str) -> dict[str, str]:
    try:
        found = json.loads(given)
    except ValueError as error:
        raise CommandError("no JSON object on standard input") from error
    if not isinstance(found, dict):
        raise CommandError("no JSON object on standard input")
    return {str(name): str(value) for name, value in found.items()}


def _one[M](found: M | None) -> M:
    if found is None:
        raise CommandError("there is none of that name")
    return found
