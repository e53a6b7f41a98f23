"""What a merchant that does not pay is told, by step and in its language; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from apps.billing.modules.documents.letter_texts import MONTHS, PARTS, SENTENCES, SUBJECTS
from apps.billing.modules.documents.sheet import Sheet, figures
from apps.core.money import Money
from apps.core.words import LANGUAGES, say

# A merchant has no language of its own: that of the country it is billed in, where it is one of
# ours; English elsewhere, and where a country has several.
SPOKEN: Mapping[str, str] = {
    "AT": "de",
    "DE": "de",
    "ES": "es",
    "FR": "fr",
    "MX": "es",
}


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Link:
    """A page on which the invoice is paid, and until when."""

    url: str
    until: datetime


def letter_of(
    sheet: Sheet, step: str, due: Money, days_late: int, link: Link | None = None
) -> Letter:
    """`due` is what is still unpaid, which may be less than the total."""
    language = language_of(sheet.buyer["country"])
    seller = sheet.seller
    facts = {
        "buyer": sheet.buyer["name"],
        "code": sheet.code,
        "day": _day(sheet.due_on, language) if sheet.due_on else "",
        "days": days_late,
        "amount": f"{figures(due)} {sheet.currency}",
        "iban": seller["iban"],
        "bic": seller["bic"],
    }
    if link is not None:
        facts |= {"url": link.url, "until": f"{_day(link.until, language)}, {link.until:%H:%M} UTC"}
    parts = (
        say(PARTS, "greeting", language, **facts),
        say(PARTS, "unpaid", language, **facts),
        say(SENTENCES, step, language),
        say(PARTS, "bank", language, **facts),
        say(PARTS, "link", language, **facts) if link is not None else "",
        say(PARTS, "closing", language),
        f"{seller['name']}\n{seller['address']}\n{seller['email']}",
    )
    return Letter(say(SUBJECTS, step, language, **facts), "\n\n".join(filter(None, parts)) + "\n")


def language_of(country: str) -> str:
    return SPOKEN.get(country, LANGUAGES[0])


def _day(day: date, language: str) -> str:
    """16 November 2026: no reader takes the month for the day."""
    month = MONTHS[language][day.month - 1]
    return {
        "es": f"{day.day} de {month} de {day.year}",
        "de": f"{day.day}. {month} {day.year}",
    }.get(language, f"{day.day} {month} {day.year}")
