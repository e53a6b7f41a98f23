"""An invoice as an A4 document: the same sheet gives the same bytes."""

import io
from functools import partial

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from apps.billing.modules.documents.dress import (
    BRAND,
    FOOT,
    HEIGHT,
    INK,
    INNER,
    LOGO,
    MARGIN,
    PAPER,
    RULE,
    SOFT,
    WIDTH,
    phrase,
)
from apps.billing.modules.documents.sheet import Sheet, SheetLine
from apps.billing.modules.documents.speech import counted, figures, percent
from apps.deliveries.providers.own.fonts import BOLD, REGULAR, printable, register

# As wide as the longest words of any language: they are not to be broken.
FACTS, FACT = 80 * mm, 35 * mm
TOTALS, TOTAL = 84 * mm, 40 * mm
GAP = 6 * mm
COLUMNS = (INNER - 98 * mm, 16 * mm, 28 * mm, 22 * mm, 32 * mm)


def render(sheet: Sheet) -> bytes:
    """Drawn twice: only then is it known how many pages there are to number."""
    register()
    pages, _ = _build(sheet, 0)
    return _build(sheet, pages)[1]


def _build(sheet: Sheet, pages: int) -> tuple[int, bytes]:
    out = io.BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        invariant=1,
        title=printable(f"{sheet.title} {sheet.code}"),
        author=printable(sheet.seller["name"]),
        subject=printable(sheet.say("for", title=sheet.title, buyer=sheet.buyer["name"])),
        lang=sheet.language,
    )
    first = partial(_first_page, sheet=sheet, pages=pages)
    more = partial(_more_pages, sheet=sheet, pages=pages)
    document.addPageTemplates(
        [
            PageTemplate("first", [_frame(HEIGHT - 52 * mm - FOOT)], onPage=first),
            PageTemplate("more", [_frame(HEIGHT - 34 * mm - FOOT)], onPage=more),
        ]
    )
    document.build(_story(sheet))
    return document.page, out.getvalue()


def _frame(height: float) -> Frame:
    return Frame(MARGIN, FOOT, INNER, height, 0, 0, 0, 0)


def _first_page(canvas: Canvas, document: BaseDocTemplate, sheet: Sheet, pages: int) -> None:
    canvas.saveState()
    canvas.setFillColor(BRAND)
    canvas.rect(0, HEIGHT - 5 * mm, WIDTH, 5 * mm, stroke=0, fill=1)
    canvas.setFont(BOLD, 30)
    canvas.drawString(MARGIN, HEIGHT - 30 * mm, LOGO)
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, 22)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 27 * mm, printable(sheet.title))
    canvas.setFillColor(SOFT)
    canvas.setFont(REGULAR, 11)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 33.5 * mm, printable(sheet.code))
    canvas.restoreState()
    _footer(canvas, document, sheet, pages)


def _more_pages(canvas: Canvas, document: BaseDocTemplate, sheet: Sheet, pages: int) -> None:
    canvas.saveState()
    canvas.setFillColor(BRAND)
    canvas.rect(0, HEIGHT - 5 * mm, WIDTH, 5 * mm, stroke=0, fill=1)
    canvas.setFont(BOLD, 15)
    canvas.drawString(MARGIN, HEIGHT - 20 * mm, LOGO)
    canvas.setFillColor(SOFT)
    canvas.setFont(REGULAR, 9)
    heading = printable(f"{sheet.title} {sheet.code}, {sheet.say('continued')}")
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 20 * mm, heading)
    canvas.restoreState()
    _footer(canvas, document, sheet, pages)


def _footer(canvas: Canvas, document: BaseDocTemplate, sheet: Sheet, pages: int) -> None:
    canvas.saveState()
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, 18 * mm, WIDTH - MARGIN, 18 * mm)
    canvas.setFillColor(SOFT)
    canvas.setFont(REGULAR, 7.5)
    seller = sheet.seller
    named = printable(f"{seller['name']} · {seller['vat_number']} · {seller['address']}")
    canvas.drawString(MARGIN, 13.5 * mm, named[:130])
    counter = sheet.say("page", page=document.page, pages=pages)
    canvas.drawRightString(WIDTH - MARGIN, 13.5 * mm, counter)
    canvas.restoreState()


def _story(sheet: Sheet) -> list[Flowable]:
    why = sheet.say("reason", reason=sheet.reason)
    reason = [phrase(why), Spacer(0, 4 * mm)] if sheet.reason else []
    closing = [Spacer(0, 5 * mm), _sums(sheet), Spacer(0, 7 * mm), *_words(sheet)]
    return [
        NextPageTemplate("more"),
        _parties(sheet),
        Spacer(0, 8 * mm),
        *reason,
        _lines(sheet),
        KeepTogether(closing),
    ]


def _parties(sheet: Sheet) -> Table:
    facts = Table(
        [
            [phrase(label, 8.5, color=SOFT), phrase(value, 8.5, bold=True, right=True)]
            for label, value in sheet.facts
        ],
        colWidths=[FACT, FACTS - FACT],
        hAlign="RIGHT",
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ("RIGHTPADDING", (1, 0), (1, -1), 0),
        ],
    )
    buyer = _party(sheet.say("buyer"), sheet.buyer_lines)
    cells = [buyer, _party(sheet.say("seller"), sheet.seller_lines), facts]
    return Table(
        [cells],
        colWidths=[(INNER - FACTS) / 2, (INNER - FACTS) / 2, FACTS],
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (1, 0), 6),
            ("RIGHTPADDING", (2, 0), (2, 0), 0),
        ],
    )


def _party(head: str, lines: tuple[str, ...]) -> list[Flowable]:
    name, *rest = lines
    return [
        phrase(head, 7.5, bold=True, color=BRAND),
        Spacer(0, 1 * mm),
        phrase(name, 9.5, bold=True),
        *(phrase(line, 8.5) for line in rest),
    ]


def _lines(sheet: Sheet) -> Table:
    heads = ("description", "quantity", "unit_price", "vat", "amount")
    head = [
        phrase(
            sheet.say(name, currency=sheet.currency), 8, bold=True, color=BRAND, right=bool(place)
        )
        for place, name in enumerate(heads)
    ]
    return Table(
        [head, *(_line(sheet, line) for line in sheet.lines)],
        colWidths=COLUMNS,
        repeatRows=1,
        style=[
            ("BACKGROUND", (0, 0), (-1, 0), PAPER),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, BRAND),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 3.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
        ],
    )


def _line(sheet: Sheet, line: SheetLine) -> list[Paragraph]:
    language = sheet.language
    unit = "" if line.unit is None else figures(line.unit, language)
    rate = sheet.say("no_vat") if line.rate is None else percent(line.rate, language)
    cells = (counted(line.quantity, language), unit, rate, figures(line.net, language))
    return [phrase(line.description), *(phrase(cell, right=True) for cell in cells)]


def _sums(sheet: Sheet) -> Table:
    """VAT by rate on the left, the sums on the right."""
    return Table(
        [[_vat_table(sheet), "", _totals(sheet)]],
        colWidths=[INNER - TOTALS - GAP, GAP, TOTALS],
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ],
    )


def _vat_table(sheet: Sheet) -> Table:
    language = sheet.language
    heads = (sheet.say("vat_rate"), sheet.say("base"), sheet.say("vat"))
    rows: list[tuple[str, ...]] = [
        (percent(row.rate, language), figures(row.base, language), figures(row.vat, language))
        for row in sheet.vat_rows
    ]
    if sheet.outside:
        none = figures(sheet.outside * 0, language)
        rows.append((sheet.say("no_vat"), figures(sheet.outside, language), none))
    return Table(
        [
            [phrase(head, 8, bold=True, color=SOFT, right=bool(i)) for i, head in enumerate(heads)],
            *([phrase(cell, 8.5, right=bool(i)) for i, cell in enumerate(row)] for row in rows),
        ],
        colWidths=[24 * mm, 30 * mm, 30 * mm],
        style=[
            ("LINEBELOW", (0, 0), (-1, 0), 0.5, RULE),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ],
    )


def _totals(sheet: Sheet) -> Table:
    word = sheet.say("credited" if sheet.original else "total")
    net, vat = (figures(each, sheet.language) for each in (sheet.net, sheet.vat))
    rows = [
        [phrase(sheet.say("net"), 9), phrase(net, 9, right=True)],
        [phrase(sheet.say("vat"), 9), phrase(vat, 9, right=True)],
        [
            phrase(word, 12, bold=True),
            phrase(sheet.money(sheet.total), 12, bold=True, right=True),
        ],
    ]
    return Table(
        rows,
        colWidths=[TOTAL, TOTALS - TOTAL],
        style=[
            ("BACKGROUND", (0, 2), (-1, 2), PAPER),
            ("LINEABOVE", (0, 2), (-1, 2), 0.8, BRAND),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ],
    )


def _words(sheet: Sheet) -> list[Flowable]:
    head, *rest = sheet.terms
    parts: list[Flowable] = [
        phrase(sheet.say("payment"), 7.5, bold=True, color=BRAND),
        Spacer(0, 1 * mm),
        phrase(head, 9, bold=bool(rest)),
        *(phrase(line, 8.5) for line in rest),
    ]
    if sheet.notes:
        parts += [Spacer(0, 5 * mm), phrase(sheet.say("notes"), 7.5, bold=True, color=BRAND)]
        parts += [phrase(note, 8, color=SOFT) for note in sheet.notes]
    return parts
