"""Letters word by word, in each language."""

from datetime import UTC, datetime

import pytest

from apps.billing import choices
from apps.billing.modules.documents import letter_texts
from apps.billing.modules.documents.letters import Late, Link, letter_of
from apps.billing.modules.documents.tests.test_pdf import eur, sheet

LINK = Link("https://pay.example/1", datetime(2026, 11, 20, 8, 5, tzinfo=UTC))


class LetterTest:
    @pytest.mark.parametrize(
        ("language", "subject", "due", "pay"),
        [
            (
                "en",
                "is unpaid",
                "16 November 2026, 3 days ago",
                "until 20 November 2026, 08:05",
            ),
            ("es", "pendiente", "16 de noviembre de 2026, hace 3", "el 20 de noviembre de 2026"),
            ("de", "ist offen", "16. November 2026 fällig, vor 3", "zum 20. November 2026, 08:05"),
            ("fr", "est impayée", "16 novembre 2026, il y a 3", "jusqu'au 20 novembre 2026, 08:05"),
        ],
    )
    def test_in_each_language(self, language: str, subject: str, due: str, pay: str) -> None:
        said = letter_of(sheet(), Late("reminder_1", eur(2100), 3), language, LINK)

        assert subject in said.subject
        amount = "21.00 EUR" if language == "en" else "21,00 EUR"
        for part in (due, pay, amount, "https://pay.example/1"):
            assert part in said.body

    def test_every_step_has_its_words(self) -> None:
        steps = set(choices.Invoice.Dunning.values) - {"none"}
        assert set(letter_texts.SUBJECTS) == set(letter_texts.SENTENCES) == steps
