"""`python -m faults [--short] [--count] [pytest's own arguments]`; exit 0 when all passed.

A whole run goes in lanes; the short set, named files and what pytest selects go in one process.
"""

import os
import signal
import sys
from pathlib import Path

import pytest

from faults import lanes
from faults.starting import FOLDER, started
from scripts.runtime_state import RuntimeRefused

HERE = Path(__file__).resolve().parent
NO_SERVERS = 77
ONE_PROCESS = {"--short", "-k", "--collect-only", "--co", "--help"}


def main(arguments: list[str]) -> int:
    # Whoever ends the run must not leave its processes behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ.setdefault("FAULTS_RESULT", str(FOLDER / "result.json"))
    # The plugins of the ordinary suite set Django up for tests in one process.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    named = [word for word in arguments if not word.startswith("-") and Path(word).exists()]
    places = named or [str(HERE / "tests")]
    words = [word for word in arguments if word not in named]
    if not named and not ONE_PROCESS.intersection(words):
        return lanes.run_all(FOLDER, words)
    try:
        with started():
            return int(
                pytest.main(
                    ["-c", str(HERE / "tests.ini"), "--confcutdir", str(HERE), *words, *places]
                )
            )
    except RuntimeRefused as refused:
        print(f"faults: no server can run here: {refused}", file=sys.stderr)
        return 1 if os.environ.get("REQUIRE_FAULTS") == "1" else NO_SERVERS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
