"""`python -m faults.machine [--runs 200] [--steps 60] [--no-controls] [--anew]`

Rows as JSON on stdout: each has name, runs, steps, cpu (seconds) and found; exit 0 when the machine
found nothing and every control did. What pytest says goes to stderr. Without controls the machine
of recoveries plays beside it, of which the exit code tells.
"""

import argparse
import json
import os
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "faults" / "machine" / "tests"
RECOVERIES = ROOT / "apps/orders/modules/recoveries/tests/test_machine.py"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m faults.machine")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--no-controls", action="store_true")
    parser.add_argument("--anew", action="store_true", help="other lives than the last time")
    asked = parser.parse_args(arguments)
    if asked.anew:
        os.environ["MACHINE_ANEW"] = "1"
    # The plugins of the ordinary suite are wanted here, whoever calls.
    os.environ.pop("PYTEST_DISABLE_PLUGIN_AUTOLOAD", None)
    os.environ["MACHINE"] = os.environ["RECOVERY_MACHINE"] = f"{asked.runs}x{asked.steps}"
    beside = f"{RECOVERIES}::MachineTest" if asked.no_controls else TESTS / "test_controls.py"
    words = [*WORDS, "-n", "2" if asked.no_controls else "0"]
    places = [TESTS / "test_machine.py", beside]
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "rows"
        os.environ["MACHINE_RESULT"] = str(result)
        with redirect_stdout(sys.stderr):
            code = pytest.main(["-c", str(ROOT / "pyproject.toml"), *words, *map(str, places)])
        lines = result.read_text(encoding="utf-8").splitlines() if result.exists() else []
    sys.stdout.write(json.dumps([json.loads(line) for line in lines], indent=2) + "\n")
    return int(code)


WORDS = ["-q", "-p", "no:randomly"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
