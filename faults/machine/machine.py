"""All rules in one machine, and how often they are played.

A gateway that is called gets a rule file of its own in `rules/`, its accounts in `purse.SENT`,
`SUCCEEDED` and `RETURNED`, and a double of its client; what it answers is drawn.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from faults.machine.rules.cards import CardRules
from faults.machine.rules.money import MoneyRules
from faults.machine.rules.parcels import ParcelRules
from faults.machine.rules.returns import ReturnRules
from faults.machine.rules.shop import ShopRules
from faults.machine.rules.time import TimeRules
from faults.machine.rules.transfers import TransferRules

# Runs x steps; `MACHINE=full`, `nightly` or two figures ask for more than the short one.
SIZES = {"short": "12x20", "full": "200x60", "nightly": "3000x100"}
KEPT = ".hypothesis/machine"


class Machine(ShopRules, ReturnRules, ParcelRules, MoneyRules, TransferRules, CardRules, TimeRules):
    pass


def size() -> settings:
    """The same lives at every run, unless `MACHINE_ANEW=1`: it keeps what it finds."""
    name = os.environ.get("MACHINE", "short")
    runs, steps = map(int, SIZES.get(name, name).split("x"))
    anew = os.environ.get("MACHINE_ANEW") == "1"
    return settings(
        max_examples=runs,
        stateful_step_count=steps,
        derandomize=not anew,
        database=DirectoryBasedExampleDatabase(KEPT) if anew else None,
        print_blob=True,
        report_multiple_bugs=False,
        phases=_phases(),
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )


def _phases() -> list[Phase]:
    """Shrinking a long life takes minutes: `MACHINE_SHRINK=0` shows the first failure as it is."""
    shrinks = os.environ.get("MACHINE_SHRINK", "1") == "1"
    return [Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if shrinks else [])]
