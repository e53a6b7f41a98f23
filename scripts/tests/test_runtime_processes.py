"""Honcho and what it runs: started, found, stopped, left behind."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts import runtime_processes, runtime_system
from scripts.runtime_processes import Processes, answers, children_of, tail
from scripts.runtime_state import RuntimeRefused, choose_port

WEB = "web: exec python -m http.server --bind 127.0.0.1 $PORT\n"


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    folder = tmp_path / ".embedded"
    folder.mkdir()
    runner = Processes(tmp_path, folder)
    yield runner
    runner.stop()


class ProcessesTest:
    def test_start_waits_for_the_web_and_stop_ends_it(self, processes: Processes) -> None:
        (processes.root / "Procfile.dev").write_text(WEB)
        port = choose_port()
        processes.start({"PORT": str(port)}, port)
        assert processes.is_running()
        assert answers(port)
        assert processes.stop()
        assert not processes.is_running()
        assert not answers(port)
        assert not processes.stop()

    def test_one_that_fails_shows_its_last_words(self, processes: Processes) -> None:
        (processes.root / "Procfile.dev").write_text("web: echo no such table; exit 3\n")
        with pytest.raises(RuntimeRefused, match=r"stopped at once:(.|\n)*no such table"):
            processes.start({}, choose_port())
        assert not processes.is_running()

    def test_waits_for_the_worker_too(
        self, processes: Processes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runtime_processes, "READY", {"echo worker": "worker ready."})
        slow = "worker: sleep 0.3; echo worker ready.; sleep 60\n"
        (processes.root / "Procfile.dev").write_text(WEB + slow)
        port = choose_port()
        processes.start({"PORT": str(port)}, port)
        assert "worker ready." in processes.log.read_text()

    def test_a_silent_web_is_given_up(
        self, processes: Processes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runtime_processes, "START_SECONDS", 0.1)
        (processes.root / "Procfile.dev").write_text("web: exec sleep 60\n")
        with pytest.raises(RuntimeRefused, match="were not ready within"):
            processes.start({}, choose_port())
        assert not processes.is_running()

    def test_one_that_ignores_the_signal_is_killed(
        self,
        processes: Processes,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(runtime_processes, "STOP_SECONDS", 0.1)
        (processes.root / "Procfile.dev").write_text(f"{WEB}deaf: trap '' TERM; sleep 60 & wait\n")
        port = choose_port()
        processes.start({"PORT": str(port)}, port)
        family = [int(pid) for pid in processes.groups_file.read_text().split()]
        processes.stop()
        assert all(runtime_system.wait_until_ended(pid, 5) for pid in family)
        assert "killing it" in capsys.readouterr().err

    def test_children_of_a_killed_honcho_are_ended(
        self, processes: Processes, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (processes.root / "Procfile.dev").write_text(WEB)
        port = choose_port()
        processes.start({"PORT": str(port)}, port)
        honcho = runtime_system.read_pid(processes.pid_file)
        assert honcho is not None
        os.kill(honcho, signal.SIGKILL)
        runtime_system.wait_until_ended(honcho, 5)
        assert not processes.is_running()
        assert processes.clear()
        assert not answers(port)
        assert "left behind" in capsys.readouterr().err

    def test_a_stale_pid_file_is_removed(
        self, processes: Processes, capsys: pytest.CaptureFixture[str]
    ) -> None:
        processes.pid_file.write_text(str(os.getpid()))
        assert not processes.is_running()
        assert not processes.clear()
        assert not processes.pid_file.exists()
        assert f"names pid {os.getpid()}, another program" in capsys.readouterr().err


class TailTest:
    def test_gives_the_last_lines(self, tmp_path: Path) -> None:
        (tmp_path / "log").write_text("1\n2\n3\n")
        assert tail(tmp_path / "log", 2) == ["2", "3"]
        assert tail(tmp_path / "none", 2) == ["(no log yet)"]


class ChildrenTest:
    def test_without_proc_ps_is_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(runtime_system, "PROC", Path("/nonexistent"))
        answer = SimpleNamespace(stdout="  2   1\n  3   2\n")
        monkeypatch.setattr(subprocess, "run", lambda *words, **options: answer)
        assert children_of(1) == [2, 3]

    def test_are_found_down_to_the_last_generation(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pairs = [(2, 1), (3, 2), (4, 3), (9, 8)]
        monkeypatch.setattr(runtime_processes, "_pairs", lambda: pairs)
        assert children_of(1) == [2, 3, 4]
        assert children_of(4) == []
