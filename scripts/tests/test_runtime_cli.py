import runpy
import shlex
import sys
from pathlib import Path

import pytest

from scripts import runtime_cli, runtime_processes
from scripts.runtime_cli import Runtime, main
from scripts.runtime_state import RuntimeRefused


class FakeProcesses:
    """Remembers what it was told instead of starting anything."""

    runs = False
    started: tuple[dict[str, str], int] | None = None

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder = folder

    def is_running(self) -> bool:
        return type(self).runs

    def clear(self) -> bool:
        return False

    def start(self, environment: dict[str, str], port: int) -> None:
        type(self).started = (environment, port)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeProcesses]:
    made = type("Made", (FakeProcesses,), {})
    monkeypatch.setattr(runtime_processes, "Processes", made)
    return made


class EnvTest:
    def test_prints_what_a_shell_can_read(
        self, running: Runtime, servers_folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["env"], servers_folder) == 0
        lines = capsys.readouterr().out.splitlines()
        values = dict(shlex.split(line)[0].split("=", 1) for line in lines)
        assert values == running.environment()
        assert values["DATABASE_URL"].endswith(f":{running.state.postgres_port}/reveni")
        assert values["CACHE_URL"].endswith("/1")
        assert values["BROKER_URL"].endswith("/0")

    def test_leaves_the_settings_module_to_its_reader(self, running: Runtime) -> None:
        assert "DJANGO_SETTINGS_MODULE" not in running.environment()


class UpTest:
    @pytest.mark.usefixtures("running")
    def test_starts_the_processes_on_the_noted_port(
        self, servers_folder: Path, fake: type[FakeProcesses]
    ) -> None:
        assert main(["up"], servers_folder) == 0
        assert fake.started is not None
        environment, port = fake.started
        assert environment["PORT"] == str(port)
        assert Runtime.open(servers_folder).state.web_port == port

    @pytest.mark.usefixtures("running")
    def test_moves_off_a_taken_port_and_says_so(
        self,
        servers_folder: Path,
        fake: type[FakeProcesses],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(runtime_cli, "choose_port", lambda *preferred: 4321)
        assert main(["up"], servers_folder) == 0
        assert fake.started is not None
        assert fake.started[1] == 4321
        assert "the web moves to 4321" in capsys.readouterr().err

    @pytest.mark.usefixtures("running")
    def test_leaves_running_ones_alone(
        self, servers_folder: Path, fake: type[FakeProcesses]
    ) -> None:
        fake.runs = True
        assert main(["up"], servers_folder) == 0
        assert fake.started is None


class LookTest:
    def test_status_says_what_runs(
        self, running: Runtime, servers_folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["status"], servers_folder) == 0
        postgres, valkey, processes = capsys.readouterr().out.splitlines()
        assert postgres.split()[:4] == [
            "postgres", "running", "port", str(running.state.postgres_port),
        ]  # fmt: skip
        assert valkey.split()[1] == "running"
        assert processes.split()[1] == "stopped"

    @pytest.mark.usefixtures("running")
    def test_logs_come_with_their_paths(
        self, servers_folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["logs"], servers_folder) == 0
        assert capsys.readouterr().out.count("==> /") == 3

    def test_urls_name_the_six_hosts(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["urls", "--port", "8123"], tmp_path) == 0
        out = capsys.readouterr().out
        for host in ("merchants-api", "returns-api", "customers-api", "platforms", "api", "admin"):
            assert f"http://{host}.reveni.localhost:8123/" in out
            assert f"{host}.reveni.local" in out

    @pytest.mark.usefixtures("running")
    def test_urls_use_the_noted_port(
        self, servers_folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["urls"], servers_folder) == 0
        port = Runtime.open(servers_folder).state.web_port
        assert f"http://api.reveni.localhost:{port}/" in capsys.readouterr().out


class DownTest:
    @pytest.mark.usefixtures("running")
    def test_names_what_it_stopped(
        self, servers_folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["down"], servers_folder) == 0
        assert "stopped Valkey, PostgreSQL" in capsys.readouterr().err
        assert main(["down"], servers_folder) == 0
        assert "nothing was running" in capsys.readouterr().err


class RefusalTest:
    @pytest.mark.parametrize(
        ("error", "code", "words"),
        [
            (RuntimeRefused("no room"), 1, "runtime: no room"),
            (PermissionError("state.json"), 1, "another user's"),
            (KeyboardInterrupt(), 130, "interrupted"),
        ],
    )
    def test_is_one_line_and_an_exit_code(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        error: BaseException,
        code: int,
        words: str,
    ) -> None:
        def fail(folder: Path) -> Runtime:
            raise error

        monkeypatch.setattr(Runtime, "open", fail)
        assert main(["status"], tmp_path) == code
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1


class ScriptTest:
    def test_the_file_itself_is_a_command(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        script = runtime_cli.ROOT / "scripts" / "runtime.py"
        monkeypatch.setattr(sys, "argv", [str(script), "urls", "--port", "8124"])
        monkeypatch.setattr(sys, "path", list(sys.path))
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(script), run_name="__main__")
        assert ended.value.code == 0
        assert "admin.reveni.localhost:8124" in capsys.readouterr().out
