"""The connector on its fake: what may come back, and that every other answer is none."""

import time
from typing import Any

import pytest
from pytest_django import Settings

from apps.core.circuit import FAILURES
from apps.integrations.addresses import choices
from apps.integrations.addresses.dtos import ParsedAddress
from apps.integrations.openai import mappers
from apps.integrations.openai.client import NoAnswer
from apps.integrations.openai.connectors import OpenAIConnector, digest
from apps.integrations.openai.suggesting import suggest
from fakes.shops.control import FakeShop

# Our own rules are unsure of it: they know no such word of streets.
TEXT = "Corredoira Vella 7, 15701 Santiago"
SAID = {"street": "Corredoira Vella", "number": "7", "postcode": "15701", "city": "Santiago"}
SPAIN = {"country": "ES", "region": "La Coruña"}


class ParseAddressTest:
    def test_takes_what_the_text_holds(
        self, connector: OpenAIConnector, model: FakeShop, settings: Settings
    ) -> None:
        settings.OPENAI_EFFORT = "low"
        model.mode("says", address={**SAID, **SPAIN})
        configured = OpenAIConnector.configured()
        assert configured is not None
        told = configured.parse_address(f"  {TEXT}\u200b ", "ES")
        asked = model.ask("GET", "prompts")[0]

        assert told == ParsedAddress(**SAID, **SPAIN)
        assert asked["input"] == [
            {"role": "user", "content": [{"type": "input_text", "text": TEXT}]}
        ]
        assert asked["model"] == settings.OPENAI_MODEL
        assert asked["reasoning"] == {"effort": "low"}
        assert asked["text"]["format"] == mappers.FORMAT
        assert asked["instructions"].endswith("lies in: ES.")
        assert mappers.instructions("") == mappers.INSTRUCTIONS

    @pytest.mark.parametrize(
        ("name", "facts", "reason"),
        [
            ("status", {"status": 429}, "answered 429"),
            ("status", {"status": 500, "body": "<html>"}, "answered 500"),
            ("status", {"status": 401}, "answered 401"),
            ("status", {"status": 302}, "answered 302"),
            ("reset", {}, "OutcomeUnknown"),
            ("failed", {}, "not completed"),
            ("no_output", {}, "refused"),
            ("refusal", {}, "refused"),
            ("truncated", {}, "not completed"),
            ("text", {"text": "no JSON"}, "the text is no JSON"),
            ("text", {"text": "[" * 50_000}, "the text is no JSON"),
            ("text", {"text": "[]"}, "other fields"),
            ("says", {"address": {"admin": "yes"}}, "other fields"),
            ("says", {"address": {"city": 7}}, "a field is no text"),
            ("says", {"address": {"city": "x" * 101}}, "a field is no text"),
            ("says", {"address": {"city": "Vigo"}}, "made up: city"),
            ("odd", {"body": []}, "not completed"),
            ("html", {}, "no JSON"),
            ("odd", {"body": {"status": "completed", "output": None}}, "refused"),
        ],
    )
    def test_is_told_why_there_is_none(
        self,
        connector: OpenAIConnector,
        model: FakeShop,
        name: str,
        facts: dict[str, Any],
        reason: str,
    ) -> None:
        model.mode(name, **facts)

        with pytest.raises(NoAnswer, match=reason):
            connector.parse_address(TEXT, "ES")

    def test_ends_in_time_and_leaves_a_dead_vendor_alone(
        self, connector: OpenAIConnector, model: FakeShop, settings: Settings
    ) -> None:
        settings.OPENAI_SECONDS = 0.1
        hasty = OpenAIConnector.configured()
        assert hasty is not None
        model.mode("delay", seconds=0.3)
        started = time.monotonic()
        with pytest.raises(NoAnswer, match="TimedOut"):
            hasty.parse_address(TEXT)
        took = time.monotonic() - started
        model.mode("status", times=None, status=503)
        for _ in range(FAILURES):
            with pytest.raises(NoAnswer):
                connector.parse_address(TEXT)
        asked = len(model.ask("GET", "prompts"))

        assert took < 0.29
        assert asked == FAILURES
        with pytest.raises(NoAnswer, match="LeftAlone"):
            connector.parse_address(TEXT)

    def test_asks_nothing_of_nobody(
        self, connector: OpenAIConnector, model: FakeShop, settings: Settings
    ) -> None:
        for text in ("", "\u200b\n", "x" * 501):
            with pytest.raises(NoAnswer, match="too long, or empty"):
                connector.parse_address(text)
        settings.OPENAI_API_KEY = ""

        assert model.ask("GET", "prompts") == []
        assert OpenAIConnector.configured() is None

    def test_a_log_knows_an_address_by_its_hash(
        self, connector: OpenAIConnector, model: FakeShop, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO")
        model.mode("says", address=SAID)
        connector.parse_address(TEXT)

        assert digest(TEXT) in caplog.text
        assert "Vella" not in caplog.text


class SuggestTest:
    def test_asks_only_where_unsure_and_allowed(self, model: FakeShop) -> None:
        asked = []

        def may_ask() -> bool:
            asked.append(1)
            return len(asked) > 1

        sure = suggest("Calle Mayor 3, 28013 Madrid", "ES", may_ask)
        refused = suggest(TEXT, "ES", may_ask)
        model.mode("says", address={**SAID, "country": "ES"})
        told = suggest(TEXT, "ES", may_ask)

        assert not sure.is_unsure
        assert (sure.source, refused.source) == (choices.Source.PARSER, choices.Source.PARSER)
        assert refused.look_at == ("street",)
        assert told.source == choices.Source.MODEL
        assert told.address.region == "La Coruña"
        assert len(asked) == 2
        assert len(model.ask("GET", "prompts")) == 1

    def test_keeps_its_own_where_the_model_leaves_more_open(self, model: FakeShop) -> None:
        model.mode("says", address={"city": "Santiago"})
        told = suggest(TEXT, "ES", lambda: True)

        assert told.source == choices.Source.PARSER
        assert told.address.postcode == "15701"

    def test_is_the_parser_without_a_key(self, settings: Settings) -> None:
        settings.OPENAI_API_KEY = ""
        told = suggest(TEXT, "ES", lambda: pytest.fail("nobody is to be asked"))

        assert told.source == choices.Source.PARSER
