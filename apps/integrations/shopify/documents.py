"""The operations as GraphQL text, one a file, with the fragments that each of them uses."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "operations"
_SPREAD = re.compile(r"\.\.\.(\w+)")
_FRAGMENT = re.compile(r"^fragment (\w+) .*?(?=^fragment |\Z)", re.MULTILINE | re.DOTALL)


@cache
def document(name: str) -> str:
    """Raises FileNotFoundError for a name that is no operation."""
    text = (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")
    kept: dict[str, str] = {}
    waiting = _SPREAD.findall(text)
    while waiting:
        fragment = waiting.pop()
        if fragment not in kept:
            kept[fragment] = _fragments()[fragment].strip()
            waiting += _SPREAD.findall(kept[fragment])
    return "\n".join([text.strip(), *(kept[fragment] for fragment in sorted(kept))])


@cache
def inlined(name: str) -> str:
    """Without named fragments: what a fragment holds stands where it was spread."""
    text = (FOLDER / f"{name}.graphql").read_text(encoding="utf-8").strip()
    while spread := _SPREAD.search(text):
        fragment = _fragments()[spread[1]].strip()
        text = text.replace(spread[0], re.sub(r"^fragment \w+", "...", fragment), 1)
    return text


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.graphql") if path.stem != "fragments")


@cache
def _fragments() -> dict[str, str]:
    text = (FOLDER / "fragments.graphql").read_text(encoding="utf-8")
    return {found[1]: found[0] for found in _FRAGMENT.finditer(text)}
