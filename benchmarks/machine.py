"""The machine as far as it decides figures: no name of it, no path on it."""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.place import Place

PACKAGES = ("django", "djangorestframework", "psycopg", "gunicorn", "celery", "orjson")


def describe(place: Place) -> dict[str, object]:
    with place.server() as server:
        row = server.execute("SELECT current_setting('server_version')").fetchone()
        sync = server.execute("SHOW fsync").fetchone()
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": row[0] if row else "",
        "fsync": sync[0] if sync else "",
        **{name: version(name) for name in PACKAGES},
    }


def processor() -> str:
    told = Path("/proc/cpuinfo")
    if sys.platform == "linux" and told.exists():
        for line in told.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def busy() -> float:
    """How many processes wanted a core in the last minute: above the cores, others were at work."""
    return round(os.getloadavg()[0], 1)
