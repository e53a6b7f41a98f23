from dataclasses import replace

import pytest

from apps.deliveries.providers.own.choices import WORDS
from apps.deliveries.providers.own.fonts import printable
from apps.deliveries.providers.own.mappers import address_lines, sheet
from apps.deliveries.providers.own.tests.samples import REQUEST
from apps.integrations.dtos import Address


class AddressLinesTest:
    def test_name_first_country_last(self) -> None:
        assert address_lines(REQUEST.recipient) == (
            "Almacén Central",
            "Moda Niño & Söhne <ES>",
            "Polígono Industrial Goiáin",
            "Nave 3",
            "01170 Legutiano",
            "Álava",
            "ES",
        )

    def test_says_nothing_twice_and_leaves_no_gap(self) -> None:
        address = Address(name="ACME", company="ACME", city="Berlin", region="Berlin", country="DE")
        assert address_lines(address) == ("ACME", "Berlin", "DE")


class SheetTest:
    def test_shopper_posts_a_label_with_the_link_as_qr(self) -> None:
        made = sheet(REQUEST)
        assert made.title == "Etiqueta de devolución"
        assert made.parcel == "Paquete 1 de 1"
        assert made.valid == "Válida hasta el 2026-12-24"
        assert (made.barcode, made.qr) == (REQUEST.return_number, REQUEST.link)

    def test_without_a_link_the_qr_holds_the_number(self) -> None:
        assert sheet(replace(REQUEST, link="")).qr == REQUEST.return_number

    def test_hand_in_slip_for_a_shop(self) -> None:
        assert sheet(replace(REQUEST, method="drop_off", language="en")).title == "Hand-in slip"

    @pytest.mark.parametrize(
        ("language", "title"),
        [("fr-CA", "Étiquette de retour"), ("ja", "Return label"), ("", "Return label")],
    )
    def test_language_by_its_first_two_letters_else_english(
        self, language: str, title: str
    ) -> None:
        assert sheet(replace(REQUEST, language=language)).title == title

    def test_every_language_has_every_word(self) -> None:
        for words in WORDS.values():
            assert words.keys() == WORDS["en"].keys()
            assert all(word == printable(word) for word in words.values())


class PrintableTest:
    @pytest.mark.parametrize(
        ("text", "printed"),
        [
            ("Łódź, Größe 38, 49,90 €", "Łódź, Größe 38, 49,90 €"),
            ("Cafe\u0301", "Café"),
            ("a\x00b\u200bc\nd", "abc d"),
            ("漢", "?"),
            ("\u33c4", "cc"),
            ("\uff21", "A"),
        ],
    )
    def test_no_letter_becomes_an_empty_box(self, text: str, printed: str) -> None:
        assert printable(text) == printed
