"""One fault after the other, drawn by a seed, while callers go on calling."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connections

from faults.board import Board
from faults.rig import Rig
from faults.world import World

POINTS = ("K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "K13")
ANSWERS = ("reset_before", "reset_after", "error_before", "error_after", "conflict", "hang_drop")
FROZEN = 5.0


@dataclass(slots=True)
class Chaos:
    """`told` is what was done, in order; a failure is sought with that and the seed."""

    rig: Rig
    world: World
    board: Board
    seed: int
    told: list[str] = field(default_factory=list)
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    @property
    def faults(self) -> dict[str, Callable[[], object]]:
        servers = self.rig.servers
        return {
            "a process dies at a point": self._crash,
            "the processor answers badly": self._bad_answers,
            "a worker's child is killed": lambda: self.rig.worker().kill_child(),
            "a worker is killed": lambda: self.rig.worker().kill_group(),
            "web is killed": lambda: self.rig.web().kill_group(),
            "beat is killed": lambda: self.rig.beat().kill_group(),
            "web and worker are deployed": self._deploy,
            "PostgreSQL restarts at once": servers.restart_postgres_at_once,
            "a session is killed": self._kill_session,
            "Valkey forgets all": servers.empty_valkey,
            "Valkey dies and is empty": self._kill_valkey,
            "Valkey hangs": self._freeze_valkey,
        }

    def strike(self) -> str:
        """One fault; then whoever is dead is started again, as a supervisor does."""
        name = self._chance.choice(sorted(self.faults))
        self.told.append(name)
        self.faults[name]()
        self.mend()
        return name

    def mend(self) -> None:
        self.rig.web()
        self.rig.worker()
        self.rig.beat()
        # PostgreSQL may have thrown out the sessions of this process too.
        connections.close_all()

    def _crash(self) -> None:
        point = self._chance.choice(POINTS)
        self.told.append(point)
        self.board.arm(point, self._chance.randint(1, 3))

    def _bad_answers(self) -> None:
        for name in self._chance.sample(ANSWERS, 3):
            self.told.append(name)
            self.world.psp.mode(name, times=2)

    def _deploy(self) -> None:
        for process in (self.rig.web(), self.rig.worker()):
            process.terminate()

    def _kill_session(self) -> None:
        """PostgreSQL throws everybody out and recovers."""
        named = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'reveni-%'"
        sessions = self.rig.servers.sql(named)
        if sessions:
            self.rig.servers.kill_backend(int(str(sessions[0][0])))
            time.sleep(1)

    def _kill_valkey(self) -> None:
        self.rig.servers.kill_valkey()
        time.sleep(2)
        self.rig.servers.start_valkey(empty=True)

    def _freeze_valkey(self) -> None:
        pid = self.rig.servers.freeze_valkey()
        time.sleep(FROZEN)
        self.rig.servers.thaw(pid)
