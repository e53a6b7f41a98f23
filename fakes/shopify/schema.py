"""Shopify's own schema of Admin GraphQL, out of the npm package that it publishes it in.

`python -m fakes.shopify.schema` fetches it into the user's cache; nothing of it is in the project.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, build_client_schema

PACKAGE, RELEASE, VERSION = "@shopify/dev-mcp", "1.16.0", "2026-10"
MEMBER = f"package/dist/data/admin_{VERSION}.json.gz"
SHA256 = "f3b522f264556925eada700e795e4a002a9cba83444ebcc6c0d724254a0c6593"
SECONDS = 120


class SchemaMissing(Exception):
    """No schema in the cache, and no npm that brings it."""


def path() -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "reveni" / f"shopify-admin-{VERSION}-{RELEASE}.json.gz"


def fetched() -> Path:
    """The file, downloaded once for all checkouts. Raises SchemaMissing."""
    kept = path()
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            found = _packed(Path(folder))
            found.replace(kept)
    return kept


def _packed(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise SchemaMissing("npm is not installed")
    command = [npm, "pack", f"{PACKAGE}@{RELEASE}", "--silent", "--ignore-scripts"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603
    except (subprocess.SubprocessError, OSError) as error:
        raise SchemaMissing(f"npm does not bring {PACKAGE}: {type(error).__name__}") from error
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        member = package.extractfile(MEMBER)
        raw = member.read() if member else b""
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise SchemaMissing(f"{PACKAGE} {RELEASE} holds another schema than it did")
    found = folder / "schema"
    found.write_bytes(raw)
    return found


@cache
def loaded() -> GraphQLSchema:
    """Without the checks of the schema itself: graphql-core finds fault with Shopify's."""
    with gzip.open(fetched()) as file:
        return build_client_schema(json.load(file)["data"], assume_valid=True)


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{fetched()}\n")
    except SchemaMissing as missing:
        sys.exit(f"shopify schema: {missing}")
