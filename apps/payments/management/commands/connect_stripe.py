import sys
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Merchant, Store
from apps.core.errors import DomainError
from apps.payments import services
from apps.payments.gateways.stripe.models import StripeAccount
from apps.payments.refusals import NoAnswer


class Command(BaseCommand):
    help = (
        "Let a merchant's Stripe account give card payments back. The secret is read from standard "
        "input, never from the arguments: first the account's key, which prints the webhook's "
        "path, then with --webhook ID its signing secret (two lines while it is rolled over)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("merchant", help="slug")
        parser.add_argument("--store", help="slug; without it for all stores that have no account")
        parser.add_argument("--webhook", metavar="ID", type=UUID, help="as it was printed")

    def handle(self, *args: Any, **options: Any) -> None:
        merchant = _one(Merchant.objects.filter(slug=options["merchant"]).first())
        secrets = sys.stdin.read().split()
        if not secrets:
            raise CommandError("no secret on standard input")
        if options["webhook"]:
            accounts = StripeAccount.objects.for_merchant(merchant)
            _one(accounts.filter(pk=options["webhook"]).first()).let_speak(secrets[:2])
            self.stdout.write("Its webhooks are heard.")
            return
        slug = options["store"]
        stores = Store.objects.for_merchant(merchant).filter(slug=slug)
        store = _one(stores.first()) if slug else None
        try:
            account = services.connect_stripe(
                services.StripeConnection(merchant, secrets[0], store)
            )
        except (DomainError, NoAnswer) as error:
            raise CommandError(repr(error)) from error
        self.stdout.write(f"{account.account_id} ({account.environment}) gives refunds back.")
        self.stdout.write(f"Webhooks to the platforms host: /v1/gateways/stripe/{account.pk}")


def _one[M](found: M | None) -> M:
    if found is None:
        raise CommandError("there is none of that name")
    return found
