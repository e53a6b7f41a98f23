"""How many of the made-up addresses the deterministic parser reads rightly, and how fast."""

import time

from apps.integrations.addresses.tests import scoring
from benchmarks.measuring import Bench, Figure

GOAL = 0.93


def addresses(bench: Bench) -> list[Figure]:
    scoring.score()
    started = time.process_time()
    scores = scoring.score()
    each = (time.process_time() - started) / scores["all"].addresses
    for country, score in scores.items():
        bench.say(scoring.line(country, score))
    whole = scores["all"]
    return [
        Figure(
            "addresses",
            f"of {whole.addresses} read rightly as a whole",
            f"{whole.share:.1%}",
            cpu=f"{each * 1000:.2f} ms",
            goal=f">= {GOAL:.0%}",
            met=whole.share >= GOAL,
        ),
        Figure("addresses", "of their fields", f"{whole.share_of_fields:.1%}"),
        Figure(
            "addresses",
            "of those that it is sure of",
            f"{whole.sure_right / whole.sure:.1%}",
        ),
    ]
