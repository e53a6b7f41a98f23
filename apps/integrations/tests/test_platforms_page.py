from io import StringIO
from pathlib import Path
from typing import ClassVar

import pytest
from django.core.management import call_command

from apps.integrations.choices import Capability
from apps.integrations.custom.connectors import Connector
from apps.integrations.tests import platforms_table as table
from apps.integrations.tests.contract import PlatformContractTest, names_for


class PageTest:
    def test_docs_platforms_is_current(self) -> None:
        """`uv run python manage.py write_platforms` makes it so."""
        page = table.PAGE.read_text(encoding="utf-8")

        assert table.written(page) == page

    def test_every_capability_has_a_test_of_the_contract(self) -> None:
        assert [each for each in Capability if not [*names_for(each)]] == []

    def test_the_command_writes_between_its_marks(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = tmp_path / "platforms.md"
        page.write_text(f"above\n{table.START}\nold\n{table.END}\nbelow\n", encoding="utf-8")
        monkeypatch.setattr(table, "PAGE", page)
        call_command("write_platforms", stdout=StringIO())

        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"above\n{table.START}\n\n| capability |")
        assert text.endswith(f"{table.END}\nbelow\n")
        assert "\nold\n" not in text

    def test_what_is_not_offered_or_left_out_is_named(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Poor(Connector):
            capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.NOTES})
            why_not = dict.fromkeys(set(Capability) - {Capability.NOTES}, "It has no API")

        monkeypatch.setattr(table, "all_connectors", lambda: {"poor": Poor})
        text = table.tables()

        assert "| `notes`: Keep notes and tags | 0 tests |" in text
        assert "| poor | `refunds` | It has no API |" in text
        assert "| poor | a note stands at the order |" in text

    def test_a_suite_has_no_tests_of_what_its_connector_cannot_do(self) -> None:
        class Quiet(Connector):
            capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability) - {
                Capability.NOTES
            }

        class QuietSuite(PlatformContractTest):
            connector_class: ClassVar[type[Quiet]] = Quiet

        assert getattr(QuietSuite, "test_a_note_stands_at_the_order") is None  # noqa: B009
        assert callable(QuietSuite.test_a_part_is_refunded_to_the_cent)
