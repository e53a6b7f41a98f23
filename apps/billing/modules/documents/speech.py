"""Figures, days and months as a language writes them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from apps.core.money import Money
from apps.core.words import LANGUAGES

ENGLISH = LANGUAGES[0]
# Of a merchant that has chosen none: that of the country it is billed in, where it is one of ours;
# English elsewhere, and where a country has several.
SPOKEN: Mapping[str, str] = {
    "AT": "de",
    "DE": "de",
    "ES": "es",
    "FR": "fr",
    "MX": "es",
}
# Thousands and decimals. Between French thousands stands a space at which no line is broken.
MARKS: Mapping[str, tuple[str, str]] = {
    "en": (",", "."),
    "es": (".", ","),
    "de": (".", ","),
    "fr": ("\N{NO-BREAK SPACE}", ","),
}
MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ),
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
        *("septiembre", "octubre", "noviembre", "diciembre"),
    ),
    "de": (
        *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August"),
        *("September", "Oktober", "November", "Dezember"),
    ),
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
        *("septembre", "octobre", "novembre", "décembre"),
    ),
}


def spoken_in(country: str) -> str:
    return SPOKEN.get(country, ENGLISH)


def written(day: date, language: str = ENGLISH) -> str:
    """16 November 2026: no reader takes the month for the day."""
    month = MONTHS[language][day.month - 1]
    first = "1er" if language == "fr" and day.day == 1 else f"{day.day}"
    return {
        "es": f"{day.day} de {month} de {day.year}",
        "de": f"{day.day}. {month} {day.year}",
    }.get(language, f"{first} {month} {day.year}")


def month_written(month: date, language: str = ENGLISH) -> str:
    """November 2026."""
    name = MONTHS[language][month.month - 1]
    return f"{name} de {month.year}" if language == "es" else f"{name} {month.year}"


def figures(amount: Money, language: str = ENGLISH) -> str:
    """1,234.50, without the currency."""
    return _marked(f"{amount.amount:,}", language)


def counted(number: int, language: str = ENGLISH) -> str:
    return _marked(f"{number:,}", language)


def percent(rate: Decimal, language: str = ENGLISH) -> str:
    return _marked(f"{rate.normalize():f} %", language)


def _marked(english: str, language: str) -> str:
    thousands, decimals = MARKS[language]
    return english.translate({ord(","): thousands, ord("."): decimals})
