"""The table of house rules: what a file may not hold, and what to do instead."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """`path` is relative to the root of the repository, with slashes."""

    path: str
    text: str

    @property
    def is_test(self) -> bool:
        return "/tests/" in self.path or self.path.endswith("conftest.py")

    @property
    def is_migration(self) -> bool:
        return "/migrations/" in self.path

    @property
    def is_product(self) -> bool:
        return self.path.startswith("apps/") and not self.is_test and not self.is_migration


@dataclass(frozen=True, slots=True)
class Rule:
    """`breaks` gets a node of one of `kinds` with its source, in files that pass `where`."""

    name: str
    instead: str
    kinds: tuple[type[ast.AST], ...]
    where: Callable[[File], bool]
    breaks: Callable[[ast.AST, str], bool]


def product(file: File) -> bool:
    return file.is_product


def tests(file: File) -> bool:
    return file.is_test


def written(file: File) -> bool:
    return not file.is_migration


FLOATS_ALLOWED = {
    "apps/core/http": "seconds",
    "apps/api/common/limiter.py": "seconds",
    "apps/api/common/throttles.py": "seconds",
    "apps/api/common/strict_json.py": "judges numbers before they are anything",
    "apps/deliveries/providers/own/": "millimetres on paper",
    "apps/billing/modules/documents/": "millimetres on paper",
}


def money(file: File) -> bool:
    return file.is_product and not file.path.startswith(tuple(FLOATS_ALLOWED))


def host(file: File) -> bool:
    return file.is_product and file.path.startswith("apps/api/")


def found(pattern: str) -> Callable[[ast.AST, str], bool]:
    compiled = re.compile(pattern, re.DOTALL)
    return lambda node, source: compiled.search(source) is not None


def is_float(node: ast.AST, source: str) -> bool:
    return source.startswith("float(") or isinstance(getattr(node, "value", None), float)


def swallows(node: ast.AST, source: str) -> bool:
    broad = re.match(r"except( (Base)?Exception( as \w+)?)?:", source)
    lines = node.body if isinstance(node, ast.ExceptHandler) else []
    return bool(broad) and all(isinstance(line, ast.Pass) for line in lines)


def delays_in_atomic(node: ast.AST, source: str) -> bool:
    """A call inside `with ...atomic(...)`; handing `task.delay` to on_commit is no call."""
    return "atomic(" in source.partition("\n")[0] and bool(
        re.search(r"^\s*[\w.]+\.(delay|apply_async)\(", source, re.MULTILINE)
    )


def misnamed(node: ast.AST, source: str) -> bool:
    name = getattr(node, "name", "")
    has_tests = re.search(r"^    (async )?def test_", source, re.MULTILINE)
    return name.startswith("Test") or (bool(has_tests) and not name.endswith("Test"))


CALL, KEYWORD, IMPORTS = (ast.Call,), (ast.keyword,), (ast.Import, ast.ImportFrom)
CREATE = found(r"^[\w.]*\bobjects\.(bulk_create|create|get_or_create|update_or_create)\(")
BY_ID = found(r"\.objects(\.all\(\))?\.get\((pk|id)=|^get_object_or_404\((?!.*\.for_\w+\()")
INLINED = found(r"^choices=[\[({]")
SIGNALS = found(r"django\.db\.models\.signals|\b(pre|post)_(save|delete|init)\b")
RAW = found(r"\.(extra|raw)\(f?['\"]|\.execute\(f['\"]")
RULES = (
    Rule("factories", "make rows with factories", CALL, tests, CREATE),
    Rule("test-names", "end test classes in Test", (ast.ClassDef,), tests, misnamed),
    Rule("bare-assert", "use a bare assert", CALL, tests, found(r"^self\.(assert|fail)\w*\(")),
    Rule("float", "count minor units", (ast.Call, ast.Constant), money, is_float),
    Rule("tenant-door", "fetch through for_merchant or for_store", CALL, host, BY_ID),
    Rule("choices-by-name", "import choices", KEYWORD, lambda file: file.is_migration, INLINED),
    Rule("print", "log", CALL, product, found(r"^print\(")),
    Rule("delay-in-atomic", "hand it to on_commit", (ast.With,), product, delays_in_atomic),
    Rule("tls", "verify", KEYWORD, written, found(r"^verify=False$")),
    Rule("swallow", "name the error", (ast.ExceptHandler,), written, swallows),
    Rule("all-fields", "name the fields", (ast.Assign,), product, found(r"^fields = ['\"]__all__")),
    Rule("mark-safe", "escape at output", IMPORTS, product, found(r"\bmark_safe\b")),
    Rule("signals", "record an Event", IMPORTS, product, SIGNALS),
    Rule("raw-sql", "use the ORM, or parameters", CALL, product, RAW),
)
