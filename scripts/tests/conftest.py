"""One checkout's runtime in a folder of its own, stopped and removed afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import runtime_system
from scripts.runtime_cli import Runtime
from scripts.runtime_state import RuntimeRefused


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    try:
        runtime_system.service_account()
    except RuntimeRefused as refused:
        pytest.skip(f"no server can run here: {refused}")
    folder = Path(tempfile.mkdtemp(prefix="runtime-test-"))
    folder.chmod(0o711)
    yield folder
    runtime = Runtime.open(folder)
    runtime.valkey.stop()
    runtime.postgres.stop()
    shutil.rmtree(folder)


@pytest.fixture
def running(servers_folder: Path) -> Runtime:
    runtime = Runtime.open(servers_folder)
    runtime.start()
    return runtime
