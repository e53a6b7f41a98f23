"""When the short set is started beside a run, and how its end is read."""

from pathlib import Path

from scripts.tests.short_set import ITS_TEST, Beside, ShortSet


class BesideTest:
    def test_not_started_where_no_worker_has_its_test(self) -> None:
        beside = Beside()
        folder = beside.short_set.folder
        beside.pytest_xdist_node_collection_finished(None, ["apps/core/tests/test_ids.py::T::t"])
        assert beside.short_set.process is None
        assert folder.is_dir()
        beside.pytest_sessionfinish()
        assert not folder.exists()

    def test_its_test_is_where_it_is_looked_for(self) -> None:
        assert (Path(__file__).resolve().parents[2] / ITS_TEST).is_file()


class ShortSetTest:
    def test_a_failed_one_is_told_with_all_that_it_said(self, tmp_path: Path) -> None:
        (tmp_path / "said").write_text("F-07 lost a refund")
        (tmp_path / "code").write_text("1")
        assert ShortSet(tmp_path).judge() == (1, "F-07 lost a refund")
