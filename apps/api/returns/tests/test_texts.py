"""Every state has its sentence, in every language of the portal."""

from string import Formatter

import pytest

from apps.api.common.shapes.refunds import TOLD, WORST_FIRST
from apps.api.returns.forms.returns import METHODS
from apps.api.returns.shapes.paying import TOLD as PAID
from apps.api.returns.texts import advice, instant, statuses, timeline
from apps.api.returns.texts.paying import PAYING
from apps.api.returns.texts.words import LANGUAGES, Words, say
from apps.deliveries import choices as deliveries
from apps.orders import choices as orders
from apps.orders.modules.eligibility.sentences import DAYS
from apps.payments import choices as payments
from apps.underwriting.choices import Rung

TABLES = {
    "return": statuses.RETURN,
    "label": statuses.LABEL,
    "refund": statuses.REFUND,
    "exchange": statuses.EXCHANGE,
    "events": timeline.EVENTS,
    "summary": advice.SUMMARY,
    "expected": advice.EXPECTED,
    "steps": advice.STEPS,
    "paying": PAYING,
    "mail": advice.MAIL,
    "when": instant.WHEN,
    "arrives": instant.ARRIVES,
    "standard": instant.STANDARD,
    "part": instant.PART,
    "advance": instant.ADVANCE,
}


class TextsTest:
    @pytest.mark.parametrize("name", TABLES)
    def test_each_is_there_in_every_language(self, name: str) -> None:
        for code, words in TABLES[name].items():
            facts = [{field for _, field, _, _ in Formatter().parse(text)} for text in words]

            assert len(words) == len(LANGUAGES), code
            assert all(words), code
            # Every language is told the same facts.
            assert all(each == facts[0] for each in facts), code

    @pytest.mark.parametrize(
        ("codes", "table"),
        [
            ([*orders.Return.Status.values, "unpaid"], statuses.RETURN),
            (sorted(set(PAID.values())), PAYING),
            (orders.ExchangeLineItem.Status.values, statuses.EXCHANGE),
            (["none", "awaiting", *WORST_FIRST], statuses.REFUND),
            (METHODS, advice.EXPECTED),
            (METHODS, instant.ARRIVES),
            (Rung.values, instant.WHEN),
            (orders.Advance.Standard.values, instant.STANDARD),
            (orders.Advance.PartStatus.values, instant.PART),
        ],
    )
    def test_each_state_has_one(self, codes: list[str], table: dict[str, Words]) -> None:
        assert set(codes) == set(table)

    def test_each_state_of_a_label_has_one(self) -> None:
        told = {*deliveries.Label.Status.values, "none", "waiting"} - {"asked"}

        assert told == set(statuses.LABEL)

    def test_each_state_of_a_payment_is_told(self) -> None:
        moves = payments.Payment.TRANSITIONS

        assert set(TOLD) == set(moves).union(*moves.values())
        assert set(TOLD.values()) == set(WORST_FIRST)

    def test_each_state_of_a_collection_is_told(self) -> None:
        moves = payments.Payment.COLLECTION_TRANSITIONS

        assert set(PAID) == set(moves).union(*moves.values())

    def test_what_is_told_does_happen(self) -> None:
        kinds = {*orders.Event.values, *deliveries.Event.values, *payments.Event.values}

        assert set(timeline.EVENTS) <= kinds

    def test_days_are_written_in_every_language(self) -> None:
        assert set(DAYS) == set(LANGUAGES)


class SayTest:
    @pytest.mark.parametrize(
        ("code", "language", "text"),
        [
            ("cancelled", "es", "Cancelado."),
            ("cancelled", "it", "Cancelled."),
            ("unheard_of", "es", "unheard_of"),
        ],
    )
    def test_falls_back(self, code: str, language: str, text: str) -> None:
        assert say(statuses.EXCHANGE, code, language) == text
