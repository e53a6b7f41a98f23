#!/usr/bin/env bash
# Prints the path of a uv that answers; installs one under .tooling/ when none does.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.13.9
here=$PWD/.tooling

answers() { [ -n "${1:-}" ] && "$1" --version >/dev/null 2>&1; }
say() { echo "uv: $*" >&2; }

# `command -v` is not enough: a pyenv shim named uv exists and fails in a folder with .python-version.
for uv in "$(command -v uv || true)" "$here/uv/bin/uv" "$here/uv-target/bin/uv" "$HOME/.local/bin/uv"; do
  if answers "$uv"; then
    echo "$uv"
    exit 0
  fi
done

usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; }
python=
for name in python3.13 python3 /usr/bin/python3 python3.12 python3.11 python3.10 python3.9 python; do
  if usable "$name"; then
    python=$name
    break
  fi
done
if [ -z "$python" ]; then
  say "no Python 3.8 or later answers on this machine. Install python3, or uv itself (https://docs.astral.sh/uv/)."
  exit 1
fi

say "not found; installing uv $version under .tooling/ (once)"
log=$here/bootstrap.log
mkdir -p "$here"
: >"$log"
rm -rf "$here/uv" "$here/uv-target"
if "$python" -m venv "$here/uv" >>"$log" 2>&1 &&
  "$here/uv/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$version" >>"$log" 2>&1 &&
  answers "$here/uv/bin/uv"; then
  echo "$here/uv/bin/uv"
  exit 0
fi
say "python -m venv did not do (Debian's python3-venv missing?); trying pip, then virtualenv"
rm -rf "$here/uv"
if "$python" -m pip install --quiet --disable-pip-version-check --target "$here/uv-target" "uv==$version" >>"$log" 2>&1 &&
  answers "$here/uv-target/bin/uv"; then
  echo "$here/uv-target/bin/uv"
  exit 0
fi
if "$python" -m virtualenv "$here/uv" >>"$log" 2>&1 &&
  "$here/uv/bin/python" -m pip install --quiet "uv==$version" >>"$log" 2>&1 &&
  answers "$here/uv/bin/uv"; then
  echo "$here/uv/bin/uv"
  exit 0
fi
say "could not be installed with $python; the last lines of $log:"
tail -n 5 "$log" >&2
say "install it by hand: apt-get install python3-venv, or pip install uv==$version, then run this again."
exit 1
