from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Merchant
from apps.core import clock
from apps.underwriting.models import UnderwritingPolicy
from apps.underwriting.services import simulate
from apps.underwriting.services.simulating import lines_of


class Command(BaseCommand):
    help = "Replay a policy over past requests: which decisions and which sums would change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("policy", type=UUID, help="id of the policy, a draft as a rule")
        parser.add_argument("--merchant", default="", help="slug; else all, or the policy's own")
        parser.add_argument("--days", type=int, default=90)

    def handle(self, *args: Any, **options: Any) -> None:
        policy = UnderwritingPolicy.objects.filter(pk=options["policy"]).first()
        if policy is None:
            raise CommandError("There is no such policy.")
        merchant = policy.merchant
        if options["merchant"]:
            merchant = Merchant.objects.filter(slug=options["merchant"]).first()
            if merchant is None or policy.merchant_id not in (None, merchant.pk):
                raise CommandError("There is no such merchant, or the policy is another's.")
        now = clock.now()
        replay = simulate(policy.read(), now - timedelta(days=options["days"]), now, merchant)
        for line in lines_of(replay):
            self.stdout.write(line)
