"""A statement as an A4 document, in the dress of the invoices."""

import io
from functools import partial

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Spacer, Table

from apps.billing.modules.documents.books import AccountPage, Movement, Statement
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
from apps.billing.modules.documents.speech import figures, written
from apps.deliveries.providers.own.fonts import BOLD, REGULAR, printable, register

COLUMNS = (31 * mm, INNER - 135 * mm, 32 * mm, 24 * mm, 24 * mm, 24 * mm)
PADDING = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
]


def draw(statement: Statement) -> bytes:
    """Drawn twice: only then is it known how many pages there are to number."""
    register()
    pages, _ = _build(statement, 0)
    return _build(statement, pages)[1]


def _build(statement: Statement, pages: int) -> tuple[int, bytes]:
    out = io.BytesIO()
    title = printable(f"Statement of {statement.merchant}")
    document = BaseDocTemplate(out, pagesize=A4, invariant=1, title=title, lang="en")
    frame = Frame(MARGIN, FOOT, INNER, HEIGHT - 46 * mm - FOOT, 0, 0, 0, 0)
    dressed = partial(_dress, statement=statement, pages=pages)
    document.addPageTemplates([PageTemplate("page", [frame], onPage=dressed)])
    document.build(_story(statement))
    return document.page, out.getvalue()


def _dress(canvas: Canvas, document: BaseDocTemplate, statement: Statement, pages: int) -> None:
    canvas.saveState()
    canvas.setFillColor(BRAND)
    canvas.rect(0, HEIGHT - 5 * mm, WIDTH, 5 * mm, stroke=0, fill=1)
    canvas.setFont(BOLD, 24)
    canvas.drawString(MARGIN, HEIGHT - 24 * mm, LOGO)
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, 17)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 21 * mm, "Statement")
    canvas.setFillColor(SOFT)
    canvas.setFont(REGULAR, 9.5)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 27 * mm, printable(statement.merchant))
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 32 * mm, _period(statement))
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, 18 * mm, WIDTH - MARGIN, 18 * mm)
    canvas.setFont(REGULAR, 7.5)
    seller = statement.seller
    named = printable(f"{seller['name']} · {seller['vat_number']} · {seller['address']}")
    canvas.drawString(MARGIN, 13.5 * mm, named[:130])
    canvas.drawRightString(WIDTH - MARGIN, 13.5 * mm, f"Page {document.page} of {pages}")
    canvas.restoreState()


def _period(statement: Statement) -> str:
    since, until = statement.since, statement.until
    return f"{written(since.date())} {since:%H:%M} to {written(until.date())} {until:%H:%M} UTC"


def _story(statement: Statement) -> list[Flowable]:
    if not statement.accounts:
        return [phrase("Nothing moved in this period, and no account has a balance.")]
    story: list[Flowable] = [_overview(statement.accounts), Spacer(0, 8 * mm)]
    for page in statement.accounts:
        story += [
            phrase(f"{page.title} ({page.currency})", 10.5, bold=True, color=BRAND),
            Spacer(0, 1.5 * mm),
            _movements(page),
            Spacer(0, 6 * mm),
        ]
    return story


def _overview(accounts: tuple[AccountPage, ...]) -> Table:
    """Debits are above zero and credits below, so that each currency sums to zero."""
    heads = ("Account", "Currency", "Opening", "Debit", "Credit", "Closing")
    rows = [
        [
            phrase(page.title, 8.5),
            phrase(page.currency, 8.5),
            *(
                phrase(figures(amount), 8.5, right=True)
                for amount in (page.opening, page.debit, page.credit, page.closing)
            ),
        ]
        for page in accounts
    ]
    widths = (INNER - 114 * mm, 18 * mm, *((24 * mm),) * 4)
    return Table([_heads(heads, 2), *rows], colWidths=widths, repeatRows=1, style=_ruled(1))


def _movements(page: AccountPage) -> Table:
    opening = _sides("", "Opening balance", "", ("", "", figures(page.opening)))
    closing = _sides(
        "",
        "Closing balance",
        "",
        (figures(page.debit), figures(page.credit), figures(page.closing)),
        bold=True,
    )
    heads = ("Date", "Movement", "Of", "Debit", "Credit", "Balance")
    rows = [_heads(heads, 3), opening, *(_movement(each) for each in page.movements), closing]
    style = [*_ruled(1), ("BACKGROUND", (0, -1), (-1, -1), PAPER)]
    return Table(rows, colWidths=COLUMNS, repeatRows=1, style=style)


def _movement(each: Movement) -> list[Flowable]:
    debit = figures(each.debit) if each.debit else ""
    credit = figures(each.credit) if each.credit else ""
    day = f"{each.at:%Y-%m-%d %H:%M}"
    return _sides(day, each.kind, each.source, (debit, credit, figures(each.balance)))


def _sides(
    day: str, what: str, source: str, sums: tuple[str, str, str], *, bold: bool = False
) -> list[Flowable]:
    return [
        phrase(day, 7.5, color=SOFT),
        phrase(what, 8, bold=bold),
        phrase(source, 7.5, color=SOFT),
        *(phrase(each, 8, bold=bold, right=True) for each in sums),
    ]


def _heads(names: tuple[str, ...], figures_from: int) -> list[Flowable]:
    return [
        phrase(name, 8, bold=True, color=BRAND, right=place >= figures_from)
        for place, name in enumerate(names)
    ]


def _ruled(head_rows: int) -> list[tuple[object, ...]]:
    return [
        *PADDING,
        ("BACKGROUND", (0, 0), (-1, head_rows - 1), PAPER),
        ("LINEBELOW", (0, 0), (-1, head_rows - 1), 0.8, BRAND),
        ("LINEBELOW", (0, head_rows), (-1, -1), 0.3, RULE),
    ]
