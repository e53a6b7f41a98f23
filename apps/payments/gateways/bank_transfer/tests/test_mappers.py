from datetime import UTC, datetime
from decimal import Decimal

import pytest
from lxml import etree

from apps.core.money import Money
from apps.payments.dtos import BankAccount
from apps.payments.gateways.bank_transfer.mappers import (
    NAMESPACE,
    Transfer,
    TransferFile,
    plain,
    to_xml,
)
from apps.payments.gateways.bank_transfer.schema import FileNotValid, validate
from apps.payments.tests.factories import ACCOUNT, OTHER_IBAN

SPACE = {"p": NAMESPACE}
DEBTOR = BankAccount("ES7921000813610123456789", "CAIXESBBXXX", "Tienda Norte S.L.")
NO_BIC = BankAccount(OTHER_IBAN, "", "Jürgen Groß & Łukasz")


def file_of(*transfers: Transfer, debtor: BankAccount = DEBTOR) -> bytes:
    at = datetime(2026, 11, 25, 20, 30, tzinfo=UTC)
    return to_xml(TransferFile("0" * 32, at, debtor, transfers))


def texts(xml: bytes, path: str) -> list[str]:
    found = etree.fromstring(xml).iterfind(path, SPACE)
    return [str(element.text) for element in found]


FIRST = Transfer("a" * 34, Money(1999, "EUR"), ACCOUNT, "Refund R1001")
SECOND = Transfer("b" * 35, Money(1, "EUR"), NO_BIC, "Refund R1002")


class TransferFileTest:
    def test_is_valid_and_its_sums_are_exact(self) -> None:
        xml = file_of(FIRST, SECOND)

        validate(xml)
        assert texts(xml, ".//p:InstdAmt") == ["19.99", "0.01"]
        assert texts(xml, ".//p:CtrlSum") == ["20.00", "20.00"]
        assert texts(xml, ".//p:NbOfTxs") == ["2", "2"]
        assert sum(map(Decimal, texts(xml, ".//p:InstdAmt"))) == Decimal("20.00")

    def test_names_both_ends_of_each_transfer(self) -> None:
        xml = file_of(FIRST, SECOND)

        assert texts(xml, ".//p:DbtrAcct//p:IBAN") == [DEBTOR.iban]
        assert texts(xml, ".//p:CdtrAcct//p:IBAN") == [ACCOUNT.iban, OTHER_IBAN]
        assert texts(xml, ".//p:EndToEndId") == ["a" * 34, "b" * 35]
        assert texts(xml, ".//p:CdtrAgt//p:BICFI") == ["CAIXESBBXXX"]
        assert texts(xml, ".//p:Cdtr/p:Nm") == ["Ana Lopez", "Jurgen Gross + Lukasz"]

    def test_debtor_without_bic_is_valid(self) -> None:
        xml = file_of(FIRST, debtor=BankAccount(DEBTOR.iban, "", DEBTOR.holder))

        validate(xml)
        assert texts(xml, ".//p:DbtrAgt//p:Id") == ["NOTPROVIDED"]

    def test_breach_of_the_schema_is_seen(self) -> None:
        too_long = Transfer("c" * 36, Money(100, "EUR"), ACCOUNT, "Refund")

        with pytest.raises(FileNotValid, match="EndToEndId"):
            validate(file_of(too_long))

    def test_empty_file_breaks_the_schema(self) -> None:
        with pytest.raises(FileNotValid):
            validate(file_of())


class PlainTest:
    @pytest.mark.parametrize(
        ("text", "written"),
        [
            ("Peña & Søn ß", "Pena + Son ss"),
            ("Γιώργος", "???????"),
            ("<b>x</b>", "?b?x?/b?"),
            ("A" * 80, "A" * 70),
        ],
    )
    def test_keeps_letters_that_every_bank_takes(self, text: str, written: str) -> None:
        assert plain(text, 70) == written
