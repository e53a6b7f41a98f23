"""What the documentation says of names, links and moves is compared with the project."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

from apps.events.signals.signals import EventSignal
from config.settings.env import Env

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
HOW_TOS = ("field", "endpoint", "platform", "carrier", "gateway", "event")
APPS_WITH_STATES = (
    "integrations",
    "accounts",
    "underwriting",
    "orders",
    "orders.modules.recoveries",
    "orders.modules.privacy",
    "deliveries",
    "payments",
    "billing",
)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"`((?:apps|config|docs|docker|samples|scripts)/[\w./-]+)`")
_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)(?![\w-])")
_CODE = re.compile(r"`([^`]+)`")


def prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken_links(page: Path) -> Iterator[str]:
    for link in _LINK.findall(prose(page)):
        address, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = page.parent / address if address else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every row of a table that is neither its head nor the line under it."""
    lines = text.splitlines()
    for before, line in zip(["", *lines], lines, strict=False):
        is_head = not before.startswith("|")
        if line.startswith("|") and not is_head and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def section(text: str, title: str) -> str:
    return re.split(r"^#+ ", text.split(f"{title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def machines() -> dict[str, Mapping[str, frozenset[str]]]:
    """`orders.choices.Return.TRANSITIONS` and the like, with their moves."""
    return {
        f"{app}.choices.{noun}.{name}": moves
        for app in APPS_WITH_STATES
        for noun, group in vars(import_module(f"apps.{app}.choices")).items()
        if isinstance(group, type)
        for name, moves in vars(group).items()
        if name.endswith("TRANSITIONS")
    }


def drawn(text: str) -> dict[str, dict[str, frozenset[str]]]:
    return {
        name: {
            _CODE.findall(source)[0]: frozenset(_CODE.findall(targets))
            for source, targets in rows(section(text, f"### `{name}`"))
        }
        for name in re.findall(r"^### `(.+)`$", text, re.MULTILINE)
    }


def dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    named = [*project["project"]["dependencies"], *(line for group in groups for line in group)]
    return {re.split(r"[\[<>=~! ]", line)[0] for line in named if isinstance(line, str)}


class LinksTest:
    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
    def test_every_link_leads_somewhere(self, page: Path) -> None:
        assert list(broken_links(page)) == []

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
    def test_every_file_that_is_named_exists(self, page: Path) -> None:
        assert [path for path in _PATH.findall(prose(page)) if not (ROOT / path).exists()] == []

    def test_a_broken_link_is_seen(self, tmp_path: Path) -> None:
        page = tmp_path / "page.md"
        page.write_text(
            "# A title\n[a](gone.md) [b](#a-title) [c](#nothing) [d](page.md#a-title)\n"
        )

        assert list(broken_links(page)) == ["gone.md", "#nothing"]

    def test_the_index_names_every_page(self) -> None:
        index = DOCS / "README.md"
        linked = {(DOCS / link.partition("#")[0]).resolve() for link in _LINK.findall(prose(index))}

        assert set(DOCS.rglob("*.md")) - {index} == linked

    def test_every_how_to_of_the_house(self) -> None:
        names = {page.stem for page in (DOCS / "how-to").glob("*.md")}

        assert {f"add-a{'n' * (noun[0] in 'aeiou')}-{noun}" for noun in HOW_TOS} <= names


class CommandsTest:
    def test_every_target_of_the_readme(self) -> None:
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
        named = set(_TARGET.findall((ROOT / "README.md").read_text(encoding="utf-8")))

        assert {"demo", "test", "up", "down"} <= named <= targets


class StatesTest:
    def test_every_move_is_drawn_and_no_other(self) -> None:
        assert drawn((DOCS / "states.md").read_text(encoding="utf-8")) == machines()

    def test_a_move_that_is_not_drawn_is_seen(self) -> None:
        head = "### `x.choices.Y.TRANSITIONS`\n\n| from | to |\n|---|---|\n"

        text = f"{head}| `a` | `b`, `c` |\n\n## Z\n"
        assert drawn(text) == {"x.choices.Y.TRANSITIONS": {"a": frozenset({"b", "c"})}}


class FloorsTest:
    def test_who_hears_which_event(self) -> None:
        page = (DOCS / "floors.md").read_text(encoding="utf-8")
        told = {
            (_CODE.findall(cells[0])[0], cells[2])
            for cells in rows(section(page, "Who hears what"))
        }

        assert told == set(heard())


def heard() -> Iterator[tuple[str, str]]:
    """(event, app that hears it) of every ear."""
    for kind, signal in EventSignal.by_kind.items():
        for entry in signal.receivers:
            ear = entry[1]()
            if ear is not None and ear.__module__.startswith("apps."):
                yield kind, ear.__module__.split(".")[1]


class TablesTest:
    def test_every_variable_of_the_environment(self) -> None:
        page = (DOCS / "how-to" / "run-in-production.md").read_text(encoding="utf-8")
        told = {_CODE.findall(cells[0])[0] for cells in rows(section(page, "Environment"))}

        assert told == {name.upper() for name in Env.model_fields} | {"DJANGO_SETTINGS_MODULE"}

    def test_every_dependency(self) -> None:
        page = (DOCS / "dependencies.md").read_text(encoding="utf-8")
        told = {name.strip() for cells in rows(page) for name in cells[0].split(",")}

        assert told == dependencies()
