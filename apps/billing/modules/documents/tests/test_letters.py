"""Letters word by word, in each language."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from apps.billing import choices
from apps.billing.modules.documents import letter_texts
from apps.billing.modules.documents.letters import Link, letter_of
from apps.billing.modules.documents.tests.test_pdf import eur, sheet
from apps.billing.tests.factories import BUYER

LINK = Link("https://pay.example/1", datetime(2026, 11, 20, 8, 5, tzinfo=UTC))


class LetterTest:
    @pytest.mark.parametrize(
        ("country", "subject", "due", "pay"),
        [
            (
                "GB",
                "is unpaid",
                "16 November 2026, 3 days ago",
                "until 20 November 2026, 08:05",
            ),
            ("ES", "pendiente", "16 de noviembre de 2026, hace 3", "el 20 de noviembre de 2026"),
            ("AT", "ist offen", "16. November 2026 fällig, vor 3", "zum 20. November 2026, 08:05"),
            ("FR", "est impayée", "16 novembre 2026, il y a 3", "jusqu'au 20 novembre 2026, 08:05"),
        ],
    )
    def test_in_the_language_of_the_country(
        self, country: str, subject: str, due: str, pay: str
    ) -> None:
        shown = replace(sheet(), buyer={**BUYER, "country": country})
        said = letter_of(shown, "reminder_1", eur(2100), 3, LINK)

        assert subject in said.subject
        for part in (due, pay, "21.00 EUR", "https://pay.example/1"):
            assert part in said.body

    def test_every_step_has_its_words(self) -> None:
        steps = set(choices.Invoice.Dunning.values) - {"none"}
        assert set(letter_texts.SUBJECTS) == set(letter_texts.SENTENCES) == steps
