"""The short set of the fault tests, in processes and on servers of its own."""

from pathlib import Path

import pytest

from faults.__main__ import NO_SERVERS
from scripts.tests.short_set import ShortSet


class ShortSetTest:
    def test_passes(self, request: pytest.FixtureRequest, tmp_path: Path) -> None:
        started = getattr(request.config, "workerinput", {}).get("short_set")
        short_set = ShortSet(Path(started or tmp_path))
        try:
            if started is None:
                short_set.start()
            code, said = short_set.judge()
        finally:
            short_set.stop()

        if code == NO_SERVERS:
            pytest.skip(said)
        assert code == 0, said
