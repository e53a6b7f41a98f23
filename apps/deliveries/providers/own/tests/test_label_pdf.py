"""The sheet is rendered and read back: by a barcode reader, and as text."""

from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp

from apps.deliveries.dtos import LabelRequest
from apps.deliveries.providers.own.label_pdf import render
from apps.deliveries.providers.own.mappers import sheet
from apps.deliveries.providers.own.tests.samples import CROWDED, REQUEST, STREET

A4_POINTS = (595, 842)


@pytest.fixture(scope="module", params=[REQUEST, CROWDED], ids=["plain", "crowded"])
def label_request(request: pytest.FixtureRequest) -> LabelRequest:
    asked: LabelRequest = request.param
    return asked


def read_codes(pdf: bytes) -> dict[str, str]:
    """What a scanner sees on page 1, printed at 216 dpi."""
    bitmap = pypdfium2.PdfDocument(pdf)[0].render(scale=3, grayscale=True)
    view = memoryview(bitmap.buffer).cast("B").cast("B", (bitmap.height, bitmap.stride))
    return {code.format.name: code.text for code in zxingcpp.read_barcodes(view)}


def read_text(pdf: bytes) -> list[str]:
    return [
        " ".join(page.get_textpage().get_text_range().split())
        for page in pypdfium2.PdfDocument(pdf)
    ]


class LabelPdfTest:
    def test_both_codes_can_be_scanned(self, label_request: LabelRequest) -> None:
        codes = read_codes(render(sheet(label_request)))
        assert codes == {
            "Code128": label_request.return_number,
            "QRCode": label_request.link or label_request.return_number,
        }

    def test_every_page_is_a4(self, label_request: LabelRequest) -> None:
        for page in pypdfium2.PdfDocument(render(sheet(label_request))):
            assert tuple(map(round, page.get_size())) == A4_POINTS

    def test_text_holds_number_addresses_and_units(self) -> None:
        pages = read_text(render(sheet(REQUEST)))
        assert len(pages) == 1
        for wanted in (
            "R-7F3K2-M9Q4T",
            "Pedido #1001",
            "Tienda Año Nuevo S.L.",
            "Łukasz Żółć-Grzęda ul. Świętokrzyska 123/45 30-001 Kraków PL",
            "Almacén Central Moda Niño & Söhne <ES> Polígono Industrial Goiáin Nave 3",
            "01170 Legutiano Álava ES",
            "Jersey de lana «Ñandú» 49,90 € · Talla M",
            "JER-001-M",
            "Mete esta parte dentro del paquete",
        ):
            assert wanted in pages[0]

    def test_long_words_are_wrapped_and_never_cut(self) -> None:
        pages = read_text(render(sheet(CROWDED)))
        together = "".join("".join(pages).split())
        assert STREET in together.replace("\ufffe", "")
        assert together.count("ZweiteZeile") == 20
        assert all(f"Artikel{n}" in together for n in range(30))

    def test_further_pages_say_whose_they_are(self) -> None:
        pages = read_text(render(sheet(CROWDED)))
        assert len(pages) > 1
        assert all("R-7F3K2-M9Q4T" in page for page in pages)

    def test_same_sheet_same_bytes(self) -> None:
        assert render(sheet(REQUEST)) == render(sheet(REQUEST))
        assert render(sheet(REQUEST)) != render(sheet(replace(REQUEST, parcel_count=2)))

    def test_no_units_still_makes_a_sheet(self) -> None:
        assert "R-7F3K2-M9Q4T" in read_text(render(sheet(replace(REQUEST, units=()))))[0]

    def test_longest_number_is_still_scanned(self) -> None:
        number = "R-" + "A1" * 9
        assert (
            read_codes(render(sheet(replace(REQUEST, return_number=number))))["Code128"] == number
        )
