"""Each check is shown to fail on a planted fault, and to pass on the project's own files."""

import shutil
from pathlib import Path

import pytest

from scripts import check_docker


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A copy of the files that are checked."""
    for folder in ("docker", ".envs"):
        shutil.copytree(check_docker.ROOT / folder, tmp_path / folder)
    for file in ("pyproject.toml", "uv.lock"):
        shutil.copy(check_docker.ROOT / file, tmp_path)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


class ComposeTest:
    def test_the_projects_own_file_passes(self) -> None:
        assert list(check_docker.reference_findings(check_docker.ROOT)) == []

    def test_a_word_the_schema_does_not_know(self, planted: Path) -> None:
        change(planted / check_docker.COMPOSE, "    healthcheck:", "    healthchecks:")
        (finding,) = check_docker.schema_findings(planted)
        assert "healthchecks" in finding

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            (".local/.postgres", ".local/.nothing", "env_file ../.envs/.local/.nothing"),
            ("    valkey:\n      condition", "    redis:\n      condition", "depends_on redis"),
            ("- valkey:/data", "- cache:/data", "volume cache is not declared"),
            ("- ..:/app", "- ../nowhere:/app", "volume ../nowhere"),
            ("target: local", "target: remote", "no stage remote"),
            ("docker/django.Docker", "docker/other.Docker", "docker/other.Dockerfile does not"),
        ],
    )
    def test_a_name_that_leads_nowhere(self, planted: Path, old: str, new: str, words: str) -> None:
        change(planted / check_docker.COMPOSE, old, new)
        findings = list(check_docker.reference_findings(planted))
        assert findings
        assert all(words in finding for finding in findings)

    def test_one_env_file_may_be_a_plain_string(self, planted: Path) -> None:
        (planted / check_docker.COMPOSE).write_text("services:\n  one:\n    env_file: missing\n")
        assert list(check_docker.reference_findings(planted)) == [
            "docker/local.yml: one: env_file missing does not exist"
        ]


class DockerfileTest:
    def test_continued_lines_are_one_instruction(self, tmp_path: Path) -> None:
        (tmp_path / "Dockerfile").write_text("# note\nRUN a \\\n    && b\n\nUSER 1\n")
        found = check_docker.instructions(tmp_path / "Dockerfile")
        assert found == [("RUN", "a && b"), ("USER", "1")]

    def test_a_copied_file_that_is_not_there(self, planted: Path) -> None:
        dockerfile = planted / "docker" / "django.Dockerfile"
        assert list(check_docker.copy_findings(planted, dockerfile)) == []
        change(dockerfile, "COPY pyproject.toml uv.lock ./", "COPY pyproject.toml uv.lok ./")
        assert list(check_docker.copy_findings(planted, dockerfile)) == [
            "django.Dockerfile: COPY uv.lok: no such file"
        ]

    def test_the_sync_lines_are_run_and_judged(
        self, planted: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ran: list[list[str]] = []

        def record(command: list[str], **environment: str) -> list[str]:
            ran.append([str(word) for word in command])
            return []

        monkeypatch.setattr(check_docker, "run", record)
        monkeypatch.setattr(check_docker, "find_uv", lambda: "uv")
        dockerfile = planted / "docker" / "django.Dockerfile"
        findings = list(check_docker.sync_findings(planted, dockerfile))
        assert [command[:3] for command in ran] == [["uv", "sync", "--locked"]] * 2
        assert findings[0].endswith("does not install gunicorn")


class CommandTest:
    def test_success_says_nothing_and_failure_what_was_printed(self) -> None:
        assert check_docker.run(["sh", "-c", "exit 0"]) == []
        (finding,) = check_docker.run(["sh", "-c", 'echo "$WHAT"; exit 3'], WHAT="a fault")
        assert finding.startswith("sh: a fault")

    def test_no_client_is_not_a_finding(
        self, planted: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda name: None)
        assert check_docker.client_findings(planted) is None
        monkeypatch.setattr(shutil, "which", lambda name: "/bin/docker")
        monkeypatch.setattr(check_docker, "run", lambda command: [])
        assert check_docker.client_findings(planted) == []

    def test_the_exit_code_counts_findings(
        self, planted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(check_docker, "run", lambda command, **environment: [])
        monkeypatch.setattr(check_docker, "sync_findings", lambda root, dockerfile: [])
        monkeypatch.setattr(check_docker, "client_findings", lambda root: None)
        assert check_docker.main(planted) == 0
        assert "0 findings" in capsys.readouterr().out
        change(planted / check_docker.COMPOSE, "target: local", "target: remote")
        assert check_docker.main(planted) == 1
        assert "no stage remote" in capsys.readouterr().out
