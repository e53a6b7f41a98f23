"""The sheet a shopper prints: A4, the label on the upper half, the packing slip on the lower."""

import io
from functools import partial
from xml.sax.saxutils import escape

from reportlab.lib.colors import grey, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from apps.deliveries.providers.own.codes import draw_code128, draw_qr
from apps.deliveries.providers.own.fonts import BOLD, REGULAR, printable, register
from apps.deliveries.providers.own.mappers import Sheet

WIDTH, HEIGHT = A4
MARGIN = 12 * mm
HALF = HEIGHT / 2
INNER = WIDTH - 2 * MARGIN


def render(sheet: Sheet) -> bytes:
    """The same sheet gives the same bytes, so that a label made twice is one label."""
    register()
    out = io.BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        invariant=1,
        title=printable(f"{sheet.title} {sheet.number}"),
        author=printable(sheet.merchant),
    )
    document.addPageTemplates(
        [
            PageTemplate("first", [_frame(HALF - 20 * mm)], onPage=partial(_label, sheet=sheet)),
            PageTemplate("more", [_frame(HEIGHT - 24 * mm)], onPage=partial(_further, sheet=sheet)),
        ]
    )
    document.build(_slip(sheet))
    return out.getvalue()


def _frame(height: float) -> Frame:
    return Frame(MARGIN, 12 * mm, INNER, height, 0, 0, 0, 0)


def _style(size: float, *, bold: bool = False) -> ParagraphStyle:
    face = BOLD if bold else REGULAR
    return ParagraphStyle(f"{face}{size}", fontName=face, fontSize=size, leading=size * 1.22)


def _text(text: str, size: float, *, bold: bool = False) -> Paragraph:
    return Paragraph(escape(printable(text)), _style(size, bold=bold))


def _fit(
    canvas: Canvas, lines: tuple[str, ...], box: tuple[float, float, float, float], largest: float
) -> None:
    """Draw `lines` from the top of the box (x, y, width, height), as large as all of them fit."""
    x, y, width, height = box
    size = largest
    while True:
        bold = largest > 10
        parts = [_text(line, size, bold=bold and not i) for i, line in enumerate(lines)]
        heights = [part.wrap(width, height)[1] for part in parts]
        if sum(heights) <= height or size <= 4:
            break
        size -= 0.5
    top = y + height
    for part, tall in zip(parts, heights, strict=True):
        top -= tall
        part.drawOn(canvas, x, top)


def _label(canvas: Canvas, document: BaseDocTemplate, sheet: Sheet) -> None:
    left, right = MARGIN, WIDTH - MARGIN
    top, bottom = HEIGHT - MARGIN, HALF + 8 * mm
    split = right - 58 * mm
    canvas.saveState()
    canvas.setLineWidth(1)
    canvas.rect(left, bottom, INNER, top - bottom)
    band = top - 11 * mm
    _fit(canvas, (sheet.merchant,), (left + 4 * mm, band, split - left - 8 * mm, 9 * mm), 14)
    _fit(canvas, (sheet.title,), (split + 4 * mm, band, 52 * mm, 9 * mm), 14)
    canvas.line(left, top - 12 * mm, right, top - 12 * mm)
    canvas.line(split, bottom + 36 * mm, split, top - 12 * mm)
    canvas.line(left, bottom + 36 * mm, right, bottom + 36 * mm)
    _address(canvas, sheet, (left + 4 * mm, bottom + 38 * mm, split - left - 8 * mm))
    draw_qr(canvas, sheet.qr, split + 9 * mm, top - 54 * mm, 40 * mm)
    facts = (f"{sheet.facts[0][0]} {sheet.number}", sheet.parcel, sheet.valid)
    _fit(canvas, facts, (split + 4 * mm, bottom + 38 * mm, 52 * mm, top - bottom - 93 * mm), 10)
    draw_code128(canvas, sheet.barcode, WIDTH / 2, bottom + 11 * mm, INNER - 16 * mm, 21 * mm)
    canvas.setFont(BOLD, 13)
    canvas.drawCentredString(WIDTH / 2, bottom + 4.5 * mm, printable(sheet.number))
    canvas.restoreState()
    _cut(canvas, sheet)


def _address(canvas: Canvas, sheet: Sheet, box: tuple[float, float, float]) -> None:
    x, y, width = box
    top = HEIGHT - MARGIN - 14 * mm
    small = 28 * mm
    _fit(canvas, (sheet.words["from"],), (x, top - 4 * mm, width, 4 * mm), 7)
    _fit(canvas, sheet.sender, (x, top - 4 * mm - small, width, small - 2 * mm), 9)
    middle = top - 6 * mm - small
    _fit(canvas, (sheet.words["to"],), (x, middle - 4 * mm, width, 4 * mm), 7)
    _fit(canvas, sheet.recipient, (x, y, width, middle - 5 * mm - y), 15)


def _cut(canvas: Canvas, sheet: Sheet) -> None:
    canvas.saveState()
    canvas.setFont(REGULAR, 7)
    canvas.drawString(MARGIN, HALF + 3 * mm, printable(sheet.instruction))
    canvas.setStrokeColor(grey)
    canvas.setDash(3, 3)
    canvas.line(0, HALF, WIDTH, HALF)
    canvas.setFillColor(white)
    caption = printable(f"✂ {sheet.words['cut']}")
    wide = canvas.stringWidth(caption, REGULAR, 7)
    canvas.rect(WIDTH - MARGIN - wide - 4, HALF - 4, wide + 8, 8, stroke=0, fill=1)
    canvas.setFillColor(grey)
    canvas.drawString(WIDTH - MARGIN - wide, HALF - 2.5, caption)
    canvas.restoreState()


def _further(canvas: Canvas, document: BaseDocTemplate, sheet: Sheet) -> None:
    canvas.setFont(REGULAR, 8)
    heading = f"{sheet.facts[0][0]} {sheet.number} · {document.page} · {sheet.merchant}"
    canvas.drawString(MARGIN, HEIGHT - MARGIN + 2 * mm, printable(heading)[:120])


def _slip(sheet: Sheet) -> list[Flowable]:
    words = sheet.words
    facts = " · ".join(f"{name} {value}" for name, value in sheet.facts)
    story: list[Flowable] = [
        NextPageTemplate("more"),
        _text(words["slip"], 13, bold=True),
        Spacer(0, 1.5 * mm),
        _text(sheet.merchant, 10),
        _text(facts, 10, bold=True),
        _text(sheet.parcel, 8),
    ]
    if sheet.link:
        story.append(_text(f"{words['status']}: {sheet.link}", 8))
    return [*story, Spacer(0, 3 * mm), _units(sheet)]


def _units(sheet: Sheet) -> Table:
    words = sheet.words
    heads = [_text(words[name], 8, bold=True) for name in ("packed", "quantity", "item", "sku")]
    rows = [
        [
            _text("☐", 13),
            _text(str(unit.quantity), 9),
            _text(" · ".join(filter(None, (unit.title, unit.variant))), 9),
            _text(unit.sku, 8),
        ]
        for unit in sheet.units
    ]
    widths = [18 * mm, 14 * mm, INNER - 72 * mm, 40 * mm]
    return Table(
        [heads, *rows],
        colWidths=widths,
        repeatRows=1,
        style=[
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, grey),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ],
    )
