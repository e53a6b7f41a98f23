"""Checks docker/ as far as that goes without an engine; exit code 1 with every finding printed.

The Compose file against the Compose specification's schema and against the files it names; the
Dockerfile by hadolint, by its COPY sources, and by running its `uv sync` lines in a folder of
their own.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = Path("docker/local.yml")
IGNORED_RULES = ("DL3008", "DL3059")
type Service = Mapping[str, object]


def run(command: Sequence[str | Path], **environment: str) -> list[str]:
    """The output as findings when the command fails, else nothing."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=dict(os.environ) | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return []
    return [f"{Path(command[0]).name}: {done.stdout.strip()}\n{done.stderr.strip()}".strip()]


def tool(name: str) -> Path:
    return Path(sys.executable).parent / name


def find_uv() -> str:
    done = subprocess.run([ROOT / "scripts/runtime_uv.sh"], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().strip()


def schema_findings(root: Path) -> list[str]:
    checker = tool("check-jsonschema")
    return run([checker, "--builtin-schema", "vendor.compose-spec", root / COMPOSE])


def reference_findings(root: Path) -> Iterator[str]:
    """What the schema cannot know: files, services, volumes and stages that are named."""
    document = YAML(typ="safe").load((root / COMPOSE).read_text())
    folder = (root / COMPOSE).parent
    for name, service in document["services"].items():
        faults = [
            *_missing_files(service, folder),
            *_unknown_names(service, document),
            *_build_faults(service.get("build"), folder),
        ]
        yield from (f"{COMPOSE}: {name}: {fault}" for fault in faults)


def _missing_files(service: Service, folder: Path) -> Iterator[str]:
    for file in _strings(service.get("env_file")):
        if not (folder / file).is_file():
            yield f"env_file {file} does not exist"
    for source in _volumes(service):
        if source[0] in "./" and not (folder / source).exists():
            yield f"volume {source} does not exist"


def _unknown_names(service: Service, document: Mapping[str, Service]) -> Iterator[str]:
    for other in _strings(service.get("depends_on")):
        if other not in document["services"]:
            yield f"depends_on {other} is no service"
    for source in _volumes(service):
        if source[0] not in "./" and source not in document.get("volumes", {}):
            yield f"volume {source} is not declared"


def _build_faults(build: object, folder: Path) -> Iterator[str]:
    if not isinstance(build, Mapping):
        return
    dockerfile = folder / str(build["context"]) / str(build["dockerfile"])
    if not dockerfile.is_file():
        yield f"{build['dockerfile']} does not exist"
    elif f" AS {build['target']}\n" not in dockerfile.read_text():
        yield f"{build['dockerfile']} has no stage {build['target']}"


def _volumes(service: Service) -> list[str]:
    """The left side of each `source:target`."""
    return [volume.partition(":")[0] for volume in _strings(service.get("volumes"))]


def _strings(value: object) -> list[str]:
    """A YAML list, the keys of a mapping or one scalar, as text."""
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, Sequence | Mapping) else []


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """(name, arguments) with continued lines joined."""
    text = re.sub(r"\s*\\\n\s*", " ", dockerfile.read_text())
    lines = (line.strip() for line in text.splitlines())
    return [
        (line.partition(" ")[0].upper(), line.partition(" ")[2])
        for line in lines
        if line and not line.startswith("#")
    ]


def copy_findings(root: Path, dockerfile: Path) -> Iterator[str]:
    for name, arguments in instructions(dockerfile):
        words = [word for word in shlex.split(arguments) if not word.startswith("--")]
        if name == "COPY" and "--from=" not in arguments:
            for source in words[:-1]:
                if source != "." and not list(root.glob(source)):
                    yield f"{dockerfile.name}: COPY {source}: no such file"


def sync_findings(root: Path, dockerfile: Path) -> Iterator[str]:
    """Runs each `uv sync` line as the image would, and looks for what CMD starts."""
    calls = instructions(dockerfile)
    programs = {
        shlex.split(arguments.strip("[]").replace(",", " "))[0]
        for name, arguments in calls
        if name == "CMD"
    }
    for name, arguments in calls:
        if name != "RUN" or not arguments.startswith("uv sync "):
            continue
        with tempfile.TemporaryDirectory() as scratch:
            for file in ("pyproject.toml", "uv.lock"):
                shutil.copy(root / file, scratch)
            environment = Path(scratch) / "venv"
            command = [
                find_uv(),
                *shlex.split(arguments)[1:],
                "--directory",
                scratch,
                "--quiet",
            ]
            found = run(
                [*command, "--python", sys.executable],
                UV_PROJECT_ENVIRONMENT=str(environment),
                VIRTUAL_ENV="",
            )
            yield from found
            for program in sorted(programs) if not found else ():
                if not (environment / "bin" / program).exists():
                    yield f"{dockerfile.name}: `{arguments}` does not install {program}"


def client_findings(root: Path) -> list[str] | None:
    """None when there is no Compose client to ask."""
    if shutil.which("docker") is None or run(["docker", "compose", "version"]):
        return None
    return run(["docker", "compose", "-f", root / COMPOSE, "config", "--quiet"])


def main(root: Path = ROOT) -> int:
    findings = [*schema_findings(root), *reference_findings(root)]
    for dockerfile in sorted((root / "docker").glob("*.Dockerfile")):
        ignored = [word for rule in IGNORED_RULES for word in ("--ignore", rule)]
        findings += run([tool("hadolint"), *ignored, dockerfile])
        findings += copy_findings(root, dockerfile)
        findings += sync_findings(root, dockerfile)
    asked = client_findings(root)
    findings += asked or []
    for finding in findings:
        print(finding)
    client = "not asked (no client here)" if asked is None else "asked"
    print(f"docker: {len(findings)} findings; `docker compose config` {client}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
