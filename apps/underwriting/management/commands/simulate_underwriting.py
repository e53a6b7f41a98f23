from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Merchant
from apps.core import clock
from apps.underwriting import choices
from apps.underwriting.models import UnderwritingPolicy
from apps.underwriting.services import Replay, simulate

LABELS = dict(choices.Rung.choices)


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
        replay = simulate(
            policy.read(), now - timedelta(days=options["days"]), now, merchant
        )
        for line in lines_of(replay):
            self.stdout.write(line)


def lines_of(replay: Replay) -> list[str]:
    """A table for people: rungs, sums by currency, and the first changes."""
    lines = [f"{replay.requests} requests, {replay.changed} decided otherwise", ""]
    lines.append(f"{'rung':<26}{'before':>10}{'after':>10}")
    for rung in choices.RUNGS:
        before, after = replay.rungs_before[rung], replay.rungs_after[rung]
        lines.append(f"{LABELS[rung]:<26}{before:>10}{after:>10}")
    for currency, sums in sorted(replay.sums.items()):
        rows = (
            ("asked for", sums.requested, sums.requested),
            ("before inspection", sums.early_before, sums.early_after),
            ("expected loss", sums.expected_before, sums.expected_after),
            ("known loss", sums.lost_before, sums.lost_after),
        )
        lines += ["", f"{currency:<26}{'before':>14}{'after':>14}"]
        lines += [f"{name:<26}{one.amount:>14}{other.amount:>14}" for name, one, other in rows]
    lines += ["", *(["order, value: before -> after, early sum"] if replay.changes else [])]
    lines += [
        f"{each.order_id} {each.value}: {each.rung_before} -> {each.rung_after},"
        f" {each.early_before.amount} -> {each.early_after.amount}"
        for each in replay.changes
    ]
    return lines
