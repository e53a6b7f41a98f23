"""How a whole run is shared out: every file to one lane, the longest first."""

from pathlib import Path

import pytest

from faults import lanes

pytestmark = pytest.mark.fault("the harness itself")


def taken(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """What a lane takes that finds the others' claims there."""
    monkeypatch.setenv("FAULTS_CLAIMS", str(folder))
    return [path.stem for path in lanes.files() if lanes.is_mine.__wrapped__(path)]


class LanesTest:
    def test_every_file_is_run_once(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        there = [path.stem for path in Path(__file__).parent.glob("test_*.py")]
        first = taken(monkeypatch, tmp_path)
        second = taken(monkeypatch, tmp_path)

        assert first[0] == "test_f40_chaos"
        assert sorted(first) == sorted(there)
        assert second == []

    def test_without_lanes_all_is_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("FAULTS_CLAIMS", raising=False)

        assert lanes.is_mine.__wrapped__(Path(__file__))

    def test_a_lane_that_was_left_nothing_has_not_failed(self) -> None:
        assert [lanes._worst(codes) for codes in ([0, 5], [5, 5], [1, 5], [-15, 0])] == [
            0,
            5,
            1,
            -15,
        ]
        assert lanes._how_many(["--lanes=2", "--count"]) == (2, ["--count"])
