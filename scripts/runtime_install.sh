#!/usr/bin/env bash
# Makes .venv agree with uv.lock; does nothing, quickly, when it already does.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=.venv/.installed
if [ "$stamp" -nt uv.lock ] && [ "$stamp" -nt pyproject.toml ] && [ "$(cat "$stamp")" = "$PWD" ] &&
  .venv/bin/python -c '' 2>/dev/null; then
  exit 0
fi
uv=$(scripts/runtime_uv.sh)
unset UV_PROJECT_ENVIRONMENT VIRTUAL_ENV
if ! "$uv" python find '>=3.13,<3.14' >/dev/null 2>&1; then
  echo "install: no Python 3.13 on this machine; asking uv for one" >&2
  if ! "$uv" python install 3.13; then
    echo "install: Python 3.13 could not be downloaded. Install it (Debian: apt-get install python3.13," >&2
    echo "install: pyenv: pyenv install 3.13, or with a network: $uv python install 3.13), then run this again." >&2
    exit 1
  fi
fi
"$uv" sync --locked
pwd >"$stamp"
