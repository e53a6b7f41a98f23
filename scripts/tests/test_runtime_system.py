import os
import pwd
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts import runtime_system as system
from scripts.runtime_state import RuntimeRefused, State

ME = system.Account("me", os.geteuid(), os.getegid(), switch=False)


def entry(name: str, uid: int) -> SimpleNamespace:
    return SimpleNamespace(pw_name=name, pw_uid=uid, pw_gid=uid + 1)


class AccountTest:
    @pytest.mark.parametrize(
        ("entries", "name"),
        [
            ([("root", 0), ("nobody", 65534), ("postgres", 101)], "postgres"),
            ([("root", 0), ("ann", 1000), ("nobody", 65534)], "nobody"),
            ([("root", 0), ("daemon", 1), ("ann", 1000)], "ann"),
        ],
    )
    def test_root_hands_the_servers_to_an_account_without_rights(
        self, monkeypatch: pytest.MonkeyPatch, entries: list[tuple[str, int]], name: str
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(pwd, "getpwall", lambda: [entry(*known) for known in entries])
        found = system.service_account()
        assert (found.name, found.switch) == (name, True)
        assert found.gid == found.uid + 1

    def test_root_alone_is_told_what_to_add(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(pwd, "getpwall", lambda: [entry("root", 0)])
        with pytest.raises(RuntimeRefused, match="useradd --system postgres"):
            system.service_account()

    def test_an_ordinary_user_runs_them_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1234)
        monkeypatch.setattr(os, "getegid", lambda: 55)
        monkeypatch.setattr(pwd, "getpwuid", lambda uid: entry("ann", uid))
        assert system.service_account() == system.Account("ann", 1234, 55, switch=False)

    def test_a_user_without_a_name_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 54321)
        monkeypatch.setattr(pwd, "getpwuid", lambda uid: {}[uid])
        with pytest.raises(RuntimeRefused, match="user id 54321"):
            system.service_account()


class HomeTest:
    def test_the_folder_itself_when_the_account_can_enter_it(self, tmp_path: Path) -> None:
        state = State("p")
        assert system.find_home(state, tmp_path, ME) == tmp_path
        assert state.home is None

    def test_a_private_folder_elsewhere_when_it_cannot(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(system, "can_enter", lambda account, folder: False)
        state = State("p")
        home = system.find_home(state, tmp_path, ME)
        try:
            assert home != tmp_path
            assert home.stat().st_mode & 0o777 == 0o700
            assert system.find_home(state, tmp_path, ME) == home
        finally:
            home.rmdir()

    def test_one_that_has_gone_is_made_anew(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        state = State("p", home=str(tmp_path / "gone"))
        assert system.find_home(state, tmp_path, ME) == tmp_path
        assert "has gone" in capsys.readouterr().err
        assert state.home is None

    def test_no_entry_without_the_right_to_enter(self, tmp_path: Path) -> None:
        assert not system.can_enter(ME, tmp_path / "missing")

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders away")
    def test_the_servers_folder_is_the_accounts_own(self, tmp_path: Path) -> None:
        account = system.Account("nobody", 65534, 65534, switch=True)
        folder = system.owned_folder(tmp_path / "deep" / "data", account)
        assert folder.stat().st_uid == 65534


class RunAsTest:
    def test_a_program_that_cannot_run_gives_the_shells_code(self, tmp_path: Path) -> None:
        done = system.run_as(ME, tmp_path / "missing")
        assert done.returncode == 126
        assert "missing" in done.stdout

    def test_keeps_nothing_of_the_callers_folder(self) -> None:
        assert system.run_as(ME, "/bin/sh", "-c", "pwd; umask").stdout == "/\n0077\n"


class ProcessTest:
    def test_a_living_one_has_a_command(self) -> None:
        assert system.is_alive(os.getpid())
        assert not system.has_ended(os.getpid())
        assert "py" in system.command_of(os.getpid())

    def test_a_killed_one_is_gone_once_buried(self) -> None:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        assert not system.wait_until_gone(child.pid, 0.06)
        child.kill()
        assert system.wait_until_ended(child.pid, 5)
        assert system.wait_until_gone(child.pid, 5)
        child.communicate()
        assert system.command_of(child.pid) == ""

    def test_a_zombie_has_ended_and_is_not_gone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(system, "is_alive", lambda pid: True)
        monkeypatch.setattr(system, "command_of", lambda pid: "")
        assert system.is_zombie(1)
        assert system.has_ended(1)

    def test_one_of_another_user_is_alive(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(pid: int, number: int) -> None:
            raise PermissionError

        monkeypatch.setattr(os, "kill", refuse)
        assert system.is_alive(1)

    def test_without_proc_ps_is_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(system, "PROC", Path("/nonexistent"))
        answer = SimpleNamespace(stdout="postgres -D /data\n")
        monkeypatch.setattr(subprocess, "run", lambda *args, **options: answer)
        assert system.command_of(7) == "postgres -D /data"
        answer.stdout = "[postgres] <defunct>\n"
        assert system.command_of(7) == ""

    @pytest.mark.parametrize(("text", "pid"), [("12\n/data\n", 12), ("", None), ("x", None)])
    def test_a_pid_file_is_read_or_nothing(
        self, tmp_path: Path, text: str, pid: int | None
    ) -> None:
        (tmp_path / "pid").write_text(text)
        assert system.read_pid(tmp_path / "pid") == pid
        assert system.read_pid(tmp_path / "none") is None


class PackageTest:
    def test_is_found_on_the_path_without_an_import(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "nosuchwheel").mkdir()
        assert system.package_folder("nosuchwheel") is None
        monkeypatch.setattr(sys, "path", ["", str(tmp_path)])
        assert system.package_folder("nosuchwheel") == tmp_path / "nosuchwheel"
        assert "nosuchwheel" not in sys.modules
