"""Direct debits as a pain.008.001.08 file (SEPA Core): pure, amounts as text, no float."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lxml import etree

from apps.core.money import Money
from apps.payments.dtos import BankAccount
from apps.payments.gateways.bank_transfer.mappers import plain
from apps.payments.gateways.bank_transfer.schema import validate

NAME = "pain.008.001.08"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{NAME}"
# The stubs of lxml know prefixes only; None is the namespace without one.
DEFAULT: Any = {None: NAMESPACE}


@dataclass(frozen=True, slots=True)
class Debit:
    """`end_to_end_id` is at most 35 characters and comes back with a refusal."""

    end_to_end_id: str
    amount: Money
    debtor: BankAccount
    mandate_id: str
    signed_on: date
    remittance: str


@dataclass(frozen=True, slots=True)
class DebitFile:
    message_id: str
    made_at: datetime
    collect_on: date
    creditor: BankAccount
    creditor_id: str
    debits: tuple[Debit, ...]

    @property
    def total(self) -> Money:
        return Money.total((each.amount for each in self.debits), "EUR")


def debit_file(file: DebitFile) -> bytes:
    """Checked against the schema: raises FileNotValid."""
    xml = to_xml(file)
    validate(xml, NAME)
    return xml


def to_xml(file: DebitFile) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}Document", nsmap=DEFAULT)
    start = _add(root, "CstmrDrctDbtInitn")
    header = _add(start, "GrpHdr")
    _add(header, "MsgId", file.message_id)
    _add(header, "CreDtTm", file.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _sums(header, file)
    party = _add(header, "InitgPty")
    _add(party, "Nm", plain(file.creditor.holder, 70))
    _identified(_add(_add(party, "Id"), "OrgId"), file.creditor_id, proprietary=False)
    _block(_add(start, "PmtInf"), file)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _sums(parent: "etree._Element", file: DebitFile) -> None:
    _add(parent, "NbOfTxs", str(len(file.debits)))
    _add(parent, "CtrlSum", f"{file.total.amount:f}")


def _block(block: "etree._Element", file: DebitFile) -> None:
    """All of one sequence type: since 2016 a first collection may be RCUR too (EPC016-06 4.7)."""
    _add(block, "PmtInfId", f"{file.message_id}-1"[:35])
    _add(block, "PmtMtd", "DD")
    _sums(block, file)
    kind = _add(block, "PmtTpInf")
    _add(_add(kind, "SvcLvl"), "Cd", "SEPA")
    _add(_add(kind, "LclInstrm"), "Cd", "CORE")
    _add(kind, "SeqTp", "RCUR")
    _add(block, "ReqdColltnDt", file.collect_on.isoformat())
    _add(_add(block, "Cdtr"), "Nm", plain(file.creditor.holder, 70))
    _add(_add(_add(block, "CdtrAcct"), "Id"), "IBAN", file.creditor.iban)
    _agent(_add(block, "CdtrAgt"), file.creditor.bic)
    _add(block, "ChrgBr", "SLEV")
    scheme = _add(_add(_add(block, "CdtrSchmeId"), "Id"), "PrvtId")
    _identified(scheme, file.creditor_id, proprietary=True)
    for debit in file.debits:
        _debit(_add(block, "DrctDbtTxInf"), debit)


def _debit(row: "etree._Element", debit: Debit) -> None:
    _add(_add(row, "PmtId"), "EndToEndId", debit.end_to_end_id)
    _add(row, "InstdAmt", f"{debit.amount.amount:f}").set("Ccy", debit.amount.currency)
    mandate = _add(_add(row, "DrctDbtTx"), "MndtRltdInf")
    _add(mandate, "MndtId", debit.mandate_id)
    _add(mandate, "DtOfSgntr", debit.signed_on.isoformat())
    _agent(_add(row, "DbtrAgt"), debit.debtor.bic)
    _add(_add(row, "Dbtr"), "Nm", plain(debit.debtor.holder, 70))
    _add(_add(_add(row, "DbtrAcct"), "Id"), "IBAN", debit.debtor.iban)
    _add(_add(row, "RmtInf"), "Ustrd", plain(debit.remittance, 140))


def _identified(parent: "etree._Element", number: str, *, proprietary: bool) -> None:
    other = _add(parent, "Othr")
    _add(other, "Id", number)
    if proprietary:
        _add(_add(other, "SchmeNm"), "Prtry", "SEPA")


def _agent(parent: "etree._Element", bic: str) -> None:
    institution = _add(parent, "FinInstnId")
    if bic:
        _add(institution, "BICFI", bic)
    else:
        _add(_add(institution, "Othr"), "Id", "NOTPROVIDED")


def _add(parent: "etree._Element", name: str, text: str | None = None) -> "etree._Element":
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = text
    return child
