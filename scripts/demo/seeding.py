"""The sandbox merchant, as `manage.py seed_shop` makes it."""

import subprocess
import sys


def seed(*more: str) -> dict[str, str]:
    command = [sys.executable, "manage.py", "seed_shop", "--print", *more]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
