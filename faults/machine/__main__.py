"""`python -m faults.machine [--runs 200] [--steps 60] [--no-controls]`: rows as JSON on stdout.

Each row has name, runs, steps, cpu (seconds) and found; exit 0 when the machine found nothing and
every control did. What pytest says goes to stderr.
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


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m faults.machine")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--no-controls", action="store_true")
    asked = parser.parse_args(arguments)
    # The plugins of the ordinary suite are wanted here, whoever calls.
    os.environ.pop("PYTEST_DISABLE_PLUGIN_AUTOLOAD", None)
    os.environ["MACHINE"] = f"{asked.runs}x{asked.steps}"
    places = [
        TESTS / "test_machine.py",
        *([] if asked.no_controls else [TESTS / "test_controls.py"]),
    ]
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "rows"
        os.environ["MACHINE_RESULT"] = str(result)
        with redirect_stdout(sys.stderr):
            code = pytest.main(["-c", str(ROOT / "pyproject.toml"), *WORDS, *map(str, places)])
        lines = result.read_text(encoding="utf-8").splitlines() if result.exists() else []
    sys.stdout.write(json.dumps([json.loads(line) for line in lines], indent=2) + "\n")
    return int(code)


WORDS = ["-n", "0", "-q", "-p", "no:randomly"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
