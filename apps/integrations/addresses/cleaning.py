"""Text as people type and paste it, made plain: no control or invisible characters, one blank."""

import re
import unicodedata

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "\u2019": "'"})
_BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" *\n[ \n]*")
_WORD = re.compile(r"[^\W_]+")
# Control, format (zero width, direction), surrogate and private characters.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def clean(text: str) -> str:
    """NFC; line breaks stay, as `\\n`, for they part an address."""
    told = _BREAKS.sub("\n", unicodedata.normalize("NFC", text)).replace("\t", " ")
    seen = "".join(
        each for each in told if each == "\n" or unicodedata.category(each) not in _UNSEEN
    )
    return _LINES.sub("\n", _BLANKS.sub(" ", seen)).strip(" \n")


def fold(text: str) -> str:
    """Lower case without accents, for comparing; the length may change."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(each for each in plain if not unicodedata.combining(each))


def words(text: str) -> list[str]:
    """Runs of letters and figures, folded."""
    return _WORD.findall(fold(text))
