"""What every document of ours wears: paper, colours, and text that is drawn as it is."""

from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph

from apps.deliveries.providers.own.fonts import BOLD, REGULAR, printable

WIDTH, HEIGHT = A4
MARGIN = 18 * mm
INNER = WIDTH - 2 * MARGIN
FOOT = 26 * mm
INK, SOFT, RULE = HexColor("#1b2430"), HexColor("#667085"), HexColor("#d5dae1")
BRAND, PAPER = HexColor("#0f5f5c"), HexColor("#f1f5f5")
LOGO = "reveni"


def phrase(
    text: str, size: float = 9, *, bold: bool = False, color: Color = INK, right: bool = False
) -> Paragraph:
    face = BOLD if bold else REGULAR
    style = ParagraphStyle(
        f"{face}{size}{color}{right}",
        fontName=face,
        fontSize=size,
        leading=size * 1.35,
        textColor=color,
        splitLongWords=True,
    )
    if right:
        style.alignment = TA_RIGHT
    return Paragraph(escape(printable(text)), style)
