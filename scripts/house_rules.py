"""Checks the conventions that no linter knows; `scripts/house_table.py` lists them.

`python scripts/house_rules.py [path ...]` prints `file:line: rule: instead`; exit 1 on a finding.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.house_table import RULES, File, Rule  # noqa: E402

PLACES = ("apps", "config", "fakes", "faults", "scripts", "conftest.py")
BANNED_NAMES = re.compile(r"(^|/)(utils|selectors|actions|misc|use_cases)(\.py$|/)")
UNDONE = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
SIZES = ((re.compile(r"/tests/|^conftest"), 500), (re.compile("/mixins/"), 150))
LINES = 300

type Finding = tuple[int, str, str]


def check(file: File) -> list[Finding]:
    return sorted([*_about_the_file(file), *_about_comments(file), *_about_nodes(file)])


def _about_the_file(file: File) -> Iterator[Finding]:
    if BANNED_NAMES.search(file.path):
        yield 1, "file-name", "take a name that excludes something"
    limit = next((lines for pattern, lines in SIZES if pattern.search(file.path)), LINES)
    if not file.is_migration and file.text.count("\n") > limit:
        yield limit, "size", f"look for the second concern: more than {limit} lines"


def _about_comments(file: File) -> Iterator[Finding]:
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        if token.type == tokenize.COMMENT and UNDONE.search(token.string):
            yield token.start[0], "undone", "do it, or open an issue"


def _about_nodes(file: File) -> Iterator[Finding]:
    rules: dict[type[ast.AST], list[Rule]] = {}
    for rule in RULES:
        for kind in rule.kinds if rule.where(file) else ():
            rules.setdefault(kind, []).append(rule)
    for node in ast.walk(ast.parse(file.text)):
        if kept := rules.get(type(node)):
            source = ast.unparse(node)
            line = getattr(node, "lineno", 1)
            yield from (
                (line, rule.name, rule.instead) for rule in kept if rule.breaks(node, source)
            )


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    broken = 0
    for place in arguments or PLACES:
        top = root / place
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            name = path.relative_to(root).as_posix()
            for line, rule, instead in check(File(name, path.read_text())):
                broken += 1
                print(f"{name}:{line}: {rule}: {instead}")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
