"""DejaVu Sans Condensed, free and shipped here: Latin, Greek and Cyrillic with every accent.

ReportLab's own fonts lack most letters of Polish, Czech or Romanian.
"""

import unicodedata
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "DejaVuSansCondensed"
BOLD = "DejaVuSansCondensed-Bold"
MISSING = "?"
_FOLDER = Path(__file__).parent / "typefaces"


@cache
def register() -> frozenset[int]:
    """Register both faces once a process; returns the code points that both of them draw."""
    faces = []
    for name in (REGULAR, BOLD):
        font = TTFont(name, str(_FOLDER / f"{name}.ttf"))
        pdfmetrics.registerFont(font)
        faces.append(frozenset(font.face.charToGlyph))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD)
    return faces[0] & faces[1]


def printable(text: str) -> str:
    """`text` with no control characters and no letter that would come out as an empty box."""
    drawn = register()
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(_drawable(char, drawn) for char in composed)


def _drawable(char: str, drawn: frozenset[int]) -> str:
    if unicodedata.category(char) in {"Cc", "Cf", "Mn"}:
        return ""
    if ord(char) in drawn:
        return char
    plain = unicodedata.normalize("NFKD", char)
    kept = "".join(each for each in plain if ord(each) in drawn and each != char)
    return kept or MISSING
