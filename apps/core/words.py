"""One sentence per language; where a language is missing, English."""

from collections.abc import Mapping

LANGUAGES = ("en", "es", "de", "fr")
type Words = tuple[str, str, str, str]


def say(table: Mapping[str, Words], code: str, language: str, /, **facts: object) -> str:
    """The text of `code` with its facts put in; the code itself when the table has none."""
    words = table.get(code)
    if words is None:
        return code
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return words[place].format(**facts)
