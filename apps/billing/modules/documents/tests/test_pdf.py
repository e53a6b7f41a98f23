"""An invoice as a reader sees it: the words of each page, in their order."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2 as pdfium
import pytest

from apps.billing.calculator.totals import VatRow, totals_of
from apps.billing.calculator.vat_notes import DISBURSEMENT_NOTE, NOTES, note_in
from apps.billing.choices import Fee, Vat
from apps.billing.modules.documents.pdf import render
from apps.billing.modules.documents.sheet import Sheet, SheetLine, grouped, line_words
from apps.billing.modules.documents.speech import figures, month_written, percent, written
from apps.billing.tests.factories import BUYER, SELLER
from apps.core.money import Money

FULL, NONE = Decimal("21.00"), Decimal("0.00")


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def sheet(lines: int = 3, **facts: object) -> Sheet:
    """Lines of 2 x 12.34 and one advance of 250.00."""
    services = tuple(
        SheetLine(f"Return requests, store {n}", 2, eur(1234), FULL, eur(2468))
        for n in range(1, lines + 1)
    )
    outside = SheetLine("Advances paid to shoppers", 4, None, None, eur(25000))
    totals = totals_of([(line.net, line.rate or NONE) for line in (*services, outside)], "EUR")
    base = eur(2468 * lines)
    made = Sheet(
        kind="invoice",
        code="F2026-000123",
        issued_on=date(2026, 11, 2),
        due_on=date(2026, 11, 16),
        period=date(2026, 10, 1),
        original="",
        reason="",
        seller=SELLER,
        buyer=BUYER,
        lines=(*services, outside),
        vat_rows=(VatRow(FULL, base, base.percent(FULL)),),
        outside=eur(25000),
        net=totals.net,
        vat=totals.vat,
        total=totals.total,
        notes=(DISBURSEMENT_NOTE[0],),
        mandate_id="",
    )
    return replace(made, **facts)  # type: ignore[arg-type]


def pages_of(content: bytes) -> list[str]:
    document = pdfium.PdfDocument(content)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


class OnePageTest:
    def test_says_who_what_and_how_much(self) -> None:
        """3 x 24.68 = 74.04, VAT 15.5484 = 15.55, with the advances 339.59."""
        (page,) = pages_of(render(sheet()))

        for words in (
            "reveni Invoice F2026-000123",
            "Date of issue 2 November 2026",
            "Due date 16 November 2026",
            "Billing period October 2026",
            "Tienda S.L. Calle Mayor 1 48001 Bilbao Spain VAT number ESB12345674",
            "Reveni Test S.L. Calle de Prueba 2 28002 Madrid, Spain VAT number ESB12345674",
            "Return requests, store 1 2 12.34 21 % 24.68",
            "Advances paid to shoppers 4 no VAT 250.00",
            "21 % 74.04 15.55",
            "no VAT 250.00 0.00",
            "Net 324.04",
            "VAT 15.55",
            "Total due 339.59 EUR",
            "Please pay 339.59 EUR by 16 November 2026.",
            "IBAN ES91 2100 0418 4502 0005 1332",
            "Reference F2026-000123",
            "Article 79(c) of Directive 2006/112/EC",
            "Page 1 of 1",
        ):
            assert words in page, words

    def test_the_same_sheet_is_the_same_file(self) -> None:
        assert render(sheet()) == render(sheet())

    def test_a_direct_debit_says_when_and_under_which_mandate(self) -> None:
        (page,) = pages_of(render(sheet(mandate_id="M20260901ABC")))

        assert "will be collected on or after 16 November 2026" in page
        assert "Mandate M20260901ABC Creditor identifier ES97000B12345674" in page
        assert "IBAN" not in page

    def test_a_credit_note_names_its_invoice_and_why(self) -> None:
        (page,) = pages_of(
            render(
                sheet(
                    kind="credit_note",
                    code="R2026-000001",
                    original="F2026-000123",
                    reason="Billed twice",
                    period=None,
                )
            )
        )

        assert "Credit note" in page
        assert "Credits invoice F2026-000123" in page
        assert "Reason: Billed twice" in page
        assert "Total credited 339.59 EUR" in page
        assert "Due date" not in page

    def test_nothing_to_pay(self) -> None:
        zero = eur(0)
        (page,) = pages_of(render(sheet(total=zero, net=zero, vat=zero, outside=zero)))

        assert "Nothing is to be paid." in page

    def test_reverse_charge_stands_in_the_notes(self) -> None:
        words = NOTES[Vat.Treatment.REVERSE_CHARGE]
        assert words is not None
        note = note_in("de", words)
        assert "Leistungsempfängers" in note
        assert "Reverse charge" in note
        (page,) = pages_of(render(sheet(notes=(note,))))

        assert note in page


class ManyPagesTest:
    def test_sixty_lines(self) -> None:
        pages = pages_of(render(sheet(60)))

        assert len(pages) == 3
        text = " ".join(pages)
        assert all(f"Return requests, store {n} 2 12.34 21 % 24.68" in text for n in range(1, 61))
        for number, page in enumerate(pages, 1):
            assert f"Page {number} of 3" in page
            assert "Reveni Test S.L. · ESB12345674" in page
        assert all("Invoice F2026-000123, continued" in page for page in pages[1:])
        assert all("Description Quantity Unit price VAT Amount (EUR)" in page for page in pages[:2])
        assert "Total due" in pages[-1]

    @pytest.mark.parametrize("lines", [17, 18, 20, 22])
    def test_the_sums_are_never_torn_apart(self, lines: int) -> None:
        pages = pages_of(render(sheet(lines)))

        (last,) = [page for page in pages if "Total due" in page]
        assert "Net " in last
        assert "Reference F2026-000123" in last


class LanguageTest:
    """The same sums as above, as each language writes them."""

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            (
                "es",
                (
                    "Factura F2026-000123",
                    "Fecha de emisión 2 de noviembre de 2026",
                    "Periodo facturado octubre de 2026",
                    "Tienda S.L. Calle Mayor 1 48001 Bilbao España NIF-IVA ESB12345674",
                    "Descripción Cantidad Precio unitario IVA Importe (EUR)",
                    "2 12,34 21 % 24,68",
                    "sin IVA 1.250,00",
                    "Total a pagar 1.339,59 EUR",
                    "Pague 1.339,59 EUR antes del 16 de noviembre de 2026 inclusive.",
                    "Página 1 de 1",
                ),
            ),
            (
                "de",
                (
                    "Rechnung F2026-000123",
                    "Abrechnungszeitraum Oktober 2026",
                    "Spanien USt-IdNr. ESB12345674",
                    "Beschreibung Menge Einzelpreis USt. Betrag (EUR)",
                    "ohne USt. 1.250,00",
                    "Gesamtbetrag 1.339,59 EUR",
                    "Bitte zahlen Sie 1.339,59 EUR bis zum 16. November 2026.",
                    "Verwendungszweck F2026-000123",
                    "Seite 1 von 1",
                ),
            ),
            (
                "fr",
                (
                    "Facture F2026-000123",
                    "Échéance 16 novembre 2026",
                    "Espagne N° de TVA ESB12345674",
                    "hors TVA 1 250,00",
                    "Total à payer 1 339,59 EUR",
                    "Veuillez payer 1 339,59 EUR avant le 16 novembre 2026 inclus.",
                    "Page 1 sur 1",
                ),
            ),
        ],
    )
    def test_says_who_what_and_how_much(self, language: str, words: tuple[str, ...]) -> None:
        plain = sheet(language=language, outside=eur(125000), total=eur(133959))
        dear = replace(plain.lines[-1], net=eur(125000))
        (page,) = pages_of(render(replace(plain, lines=(*plain.lines[:-1], dear))))

        for each in words:
            assert each in page, each

    def test_lines_by_kind_and_credits_by_their_reason(self) -> None:
        assert all(line_words(kind, kind.label, "en") == kind.label for kind in Fee.Kind)
        assert line_words("request", "Return requests", "de") == "Rückgabeanfragen"
        assert line_words("credit", "Credit: {late} parcel", "fr") == "Crédit : {late} parcel"
        assert line_words("plan", "Plan Pro, octubre de 2026", "es") == "Plan Pro, octubre de 2026"

    def test_the_english_stands_beside_a_law_in_translation(self) -> None:
        spanish, french = (note_in(each, DISBURSEMENT_NOTE) for each in ("es", "fr"))
        assert spanish == DISBURSEMENT_NOTE[1]
        assert french == f"{DISBURSEMENT_NOTE[3]} / {DISBURSEMENT_NOTE[0]}"

    def test_days_and_months(self) -> None:
        first = date(2026, 3, 1)
        assert [written(first, each) for each in ("en", "es", "de", "fr")] == [
            "1 March 2026",
            "1 de marzo de 2026",
            "1. März 2026",
            "1er mars 2026",
        ]
        assert month_written(first, "es") == "marzo de 2026"


class WordsTest:
    def test_figures(self) -> None:
        assert figures(eur(123456789)) == "1,234,567.89"
        assert figures(eur(-500)) == "-5.00"
        assert figures(Money(403, "JPY")) == "403"

    def test_iban_in_fours(self) -> None:
        assert grouped("ES9121000418450200051332") == "ES91 2100 0418 4502 0005 1332"

    def test_rates(self) -> None:
        assert [percent(rate) for rate in (FULL, NONE, Decimal("5.50"))] == [
            "21 %",
            "0 %",
            "5.5 %",
        ]

    def test_a_country_without_a_name_here_is_its_code(self) -> None:
        assert "XK" in sheet(buyer={**BUYER, "country": "XK"}).buyer_lines
