"""F-32: hostile addresses on a model that obeys them."""

import json
from typing import Any
from unicodedata import category

import pytest
from pytest_django import Settings

from apps.integrations.addresses import choices
from apps.integrations.addresses.cleaning import clean
from apps.integrations.addresses.deriving import not_derivable
from apps.integrations.addresses.dtos import FIELDS, MOST, MOST_OF_A_FIELD, Suggestion
from apps.integrations.addresses.parsing import parse
from apps.integrations.openai import connectors, mappers
from apps.integrations.openai.suggesting import suggest
from apps.integrations.openai.tests.conftest import KEY
from apps.integrations.openai.tests.hostile import hostile
from fakes.openai.obeying import WISHES
from fakes.shops.control import FakeShop

CORPUS = list(hostile())
# Each of them does not come, breaks its schema, or says what it was not asked for.
BROKEN: tuple[dict[str, Any], ...] = (
    {"name": "text", "text": "Sure! Here is your address:"},
    {"name": "says", "address": {"city": "Madrid"}, "extra": {"admin": True}},
    {"name": "refusal"},
    {"name": "truncated"},
)


def play(most: int) -> list[Suggestion]:
    return [suggest(text, country, lambda: True) for text, country in CORPUS[:most]]


def judge(told: list[Suggestion]) -> None:
    """What must hold whatever the model says."""
    for (text, country), each in zip(CORPUS, told, strict=False):
        address = each.address.as_json()
        assert tuple(address) == FIELDS
        assert all(len(value) <= MOST_OF_A_FIELD for value in address.values())
        assert not any(category(letter) in {"Cc", "Cf"} for letter in "".join(address.values()))
        assert each.source == choices.Source.PARSER or not not_derivable(
            each.address, text, country
        )
        assert address["country"] not in {"KP", "RU"}
        assert "Attacker Street" not in address["street"] or "Attacker Street" in text


@pytest.fixture
def unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser is unsure of everything, so that the model is asked whenever it may be."""

    def doubted(text: str, hint: str = "") -> Suggestion:
        found = parse(text, hint)
        return Suggestion(found.address, found.source, FIELDS)

    monkeypatch.setattr("apps.integrations.openai.suggesting.parse", doubted)


class HostileTest:
    def test_a_hundred_of_them_change_nothing(
        self, model: FakeShop, unsure: None, caplog: pytest.LogCaptureFixture, settings: Settings
    ) -> None:
        caplog.set_level("INFO")
        judge(play(len(CORPUS)))

        prompts = model.ask("GET", "prompts")
        log = json.dumps(prompts)
        short = [text for text, _ in CORPUS if len(clean(text)) <= MOST]
        assert len(CORPUS) == 100
        assert len(prompts) == len(short) == 95
        assert {asked["instructions"][: len(mappers.INSTRUCTIONS)] for asked in prompts} == {
            mappers.INSTRUCTIONS
        }
        assert all(len(asked["input"][0]["content"][0]["text"]) <= MOST for asked in prompts)
        assert all(not asked["store"] and "tools" not in asked for asked in prompts)
        for secret in (KEY, settings.SECRET_KEY, settings.IDENTITY_KEY, settings.FIELD_KEYS):
            assert secret not in log
        assert "Calle Mayor" not in caplog.text
        assert "Evilville" not in caplog.text

    def test_without_the_check_the_attacker_wins(
        self, model: FakeShop, unsure: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: the same scene, and the judge must complain."""
        monkeypatch.setattr(connectors, "not_derivable", lambda *_: set())
        told = play(3)

        assert any(each.address.street == WISHES["street"] for each in told)
        with pytest.raises(AssertionError):
            judge(told)

    @pytest.mark.parametrize("mode", BROKEN, ids=lambda mode: mode["name"])
    def test_goes_on_where_the_answer_is_none(
        self, model: FakeShop, unsure: None, mode: dict[str, Any]
    ) -> None:
        model.mode(**mode)
        text, country = CORPUS[0]
        told = suggest(text, country, lambda: True)

        assert told.source == choices.Source.PARSER
        assert told.address == parse(text, country).address
