"""A batch as a pain.001.001.09 credit transfer file: pure, amounts as text, no float."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from apps.core.money import Money
from apps.payments.dtos import BankAccount

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
# The stubs of lxml know prefixes only; None is the namespace without one.
DEFAULT: Any = {None: NAMESPACE}
# EPC217-08: characters that every bank takes; letters beyond it are written like this.
ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
SPELLED = str.maketrans(
    {"ß": "ss", "Æ": "AE", "æ": "ae", "Ø": "O", "ø": "o", "Œ": "OE", "œ": "oe", "Ł": "L", "ł": "l"}
    | {"Đ": "D", "đ": "d", "Þ": "Th", "þ": "th", "\N{LATIN SMALL LETTER DOTLESS I}": "i", "&": "+"}
)


@dataclass(frozen=True, slots=True)
class Transfer:
    """`end_to_end_id` is at most 35 characters and comes back with the money if it bounces."""

    end_to_end_id: str
    amount: Money
    creditor: BankAccount
    remittance: str


@dataclass(frozen=True, slots=True)
class TransferFile:
    message_id: str
    made_at: datetime
    debtor: BankAccount
    transfers: tuple[Transfer, ...]

    @property
    def total(self) -> Money:
        return Money.total((each.amount for each in self.transfers), "EUR")


def to_xml(file: TransferFile) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}Document", nsmap=DEFAULT)
    start = _add(root, "CstmrCdtTrfInitn")
    header = _add(start, "GrpHdr")
    _add(header, "MsgId", file.message_id)
    _add(header, "CreDtTm", file.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _sums(header, file)
    _add(_add(header, "InitgPty"), "Nm", plain(file.debtor.holder, 70))
    _payments(_add(start, "PmtInf"), file)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def plain(text: str, length: int) -> str:
    """In letters that every bank takes: accents dropped, anything else as a question mark."""
    split = unicodedata.normalize("NFKD", text.translate(SPELLED))
    bare = (letter for letter in split if not unicodedata.combining(letter))
    return "".join(letter if letter in ALLOWED else "?" for letter in bare)[:length].strip()


def _sums(parent: "etree._Element", file: TransferFile) -> None:
    _add(parent, "NbOfTxs", str(len(file.transfers)))
    _add(parent, "CtrlSum", f"{file.total.amount:f}")


def _payments(block: "etree._Element", file: TransferFile) -> None:
    _add(block, "PmtInfId", f"{file.message_id}-1"[:35])
    _add(block, "PmtMtd", "TRF")
    _sums(block, file)
    _add(_add(_add(block, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    _add(_add(block, "ReqdExctnDt"), "Dt", file.made_at.strftime("%Y-%m-%d"))
    _add(_add(block, "Dbtr"), "Nm", plain(file.debtor.holder, 70))
    _add(_add(_add(block, "DbtrAcct"), "Id"), "IBAN", file.debtor.iban)
    _agent(_add(block, "DbtrAgt"), file.debtor.bic)
    _add(block, "ChrgBr", "SLEV")
    for transfer in file.transfers:
        _transfer(_add(block, "CdtTrfTxInf"), transfer)


def _transfer(row: "etree._Element", transfer: Transfer) -> None:
    _add(_add(row, "PmtId"), "EndToEndId", transfer.end_to_end_id)
    amount = _add(_add(row, "Amt"), "InstdAmt", f"{transfer.amount.amount:f}")
    amount.set("Ccy", transfer.amount.currency)
    if transfer.creditor.bic:
        _agent(_add(row, "CdtrAgt"), transfer.creditor.bic)
    _add(_add(row, "Cdtr"), "Nm", plain(transfer.creditor.holder, 70))
    _add(_add(_add(row, "CdtrAcct"), "Id"), "IBAN", transfer.creditor.iban)
    _add(_add(row, "RmtInf"), "Ustrd", plain(transfer.remittance, 140))


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
