"""A direct debit file against the schema of ISO 20022, and what the schema refuses."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from lxml import etree

from apps.core.money import Money
from apps.payments.dtos import BankAccount
from apps.payments.gateways.bank_transfer.direct_debit import (
    NAMESPACE,
    Debit,
    DebitFile,
    debit_file,
)
from apps.payments.gateways.bank_transfer.schema import FileNotValid

DEBIT = Debit(
    end_to_end_id="a" * 32,
    amount=Money(12100, "EUR"),
    debtor=BankAccount(
        iban="DE89370400440532013000", bic="COBADEFFXXX", holder="Laden Müller & Co"
    ),
    mandate_id="M20261102ABC",
    signed_on=date(2026, 11, 2),
    remittance="Invoice F2026-000001",
)
FILE = DebitFile(
    message_id="DD-1",
    made_at=datetime(2026, 11, 12, 9, 30, tzinfo=UTC),
    collect_on=date(2026, 11, 16),
    creditor=BankAccount(iban="ES9121000418450200051332", bic="CAIXESBBXXX", holder="Reveni S.L."),
    creditor_id="ES97000B12345674",
    debits=(DEBIT, replace(DEBIT, amount=Money(50, "EUR"))),
)


def texts(xml: bytes, name: str) -> list[str | None]:
    return [found.text for found in etree.fromstring(xml).iter(f"{{{NAMESPACE}}}{name}")]


class FileTest:
    def test_sums_and_names(self) -> None:
        xml = debit_file(FILE)

        assert texts(xml, "CtrlSum") == ["121.50", "121.50"]
        assert texts(xml, "InstdAmt") == ["121.00", "0.50"]
        assert texts(xml, "CreDtTm") == ["2026-11-12T09:30:00Z"]
        assert texts(xml, "BICFI") == ["CAIXESBBXXX", "COBADEFFXXX", "COBADEFFXXX"]
        assert "Laden Muller + Co" in texts(xml, "Nm")
        assert texts(xml, "Prtry") == ["SEPA"]

    def test_a_bank_that_is_not_known(self) -> None:
        stranger = replace(DEBIT, debtor=replace(DEBIT.debtor, bic=""))

        assert "NOTPROVIDED" in texts(debit_file(replace(FILE, debits=(stranger,))), "Id")

    @pytest.mark.parametrize("wrong", [{"mandate_id": "M" * 36}, {"end_to_end_id": "e" * 36}])
    def test_what_the_schema_refuses(self, wrong: dict[str, str]) -> None:
        broken = replace(DEBIT, **wrong)  # type: ignore[arg-type]
        with pytest.raises(FileNotValid):
            debit_file(replace(FILE, debits=(broken,)))
