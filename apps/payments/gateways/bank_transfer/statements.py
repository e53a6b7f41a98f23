"""pain.002 and camt.054 into words of the bank: pure; entities and DTDs are never looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from apps.core.errors import DomainError
from apps.core.money import InexactAmount, Money, UnknownCurrency
from apps.payments.gateways.bank_transfer import choices

MAX_BYTES = 5_000_000
MAX_WORDS = 10_000
Kind, Word = choices.BankFile.Kind, choices.BankFile.Word
ROOTS: Mapping[str, str] = {
    "CstmrPmtStsRpt": Kind.STATUS,
    "BkToCstmrDbtCdtNtfctn": Kind.BOOKINGS,
}
# ISO 20022 ExternalPaymentTransactionStatus; what is not here is still under way.
STATUSES: Mapping[str, str] = {
    "ACSC": Word.EXECUTED,
    "ACCC": Word.EXECUTED,
    "RJCT": Word.REJECTED,
    "CANC": Word.REJECTED,
}


class UnreadableBankFile(DomainError):
    code = "unreadable_bank_file"
    title = "The file is no pain.002 or camt.054 that can be read"
    status = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class BankWord:
    """About one transfer, or about all of `batch` where `end_to_end_id` is empty."""

    word: str
    batch: str = ""
    end_to_end_id: str = ""
    code: str = ""
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    kind: str
    message_id: str
    words: tuple[BankWord, ...] = field(default_factory=tuple)


def read(xml: bytes) -> Statement:
    """Raises UnreadableBankFile; a part that cannot be read refuses the whole."""
    if len(xml) > MAX_BYTES:
        raise UnreadableBankFile(reason="too_large", limit=MAX_BYTES)
    root = _root(xml)
    body = next(iter(root), None)
    name = "" if body is None else _name(body)
    if body is None or name not in ROOTS:
        raise UnreadableBankFile(reason="kind")
    kind = ROOTS[name]
    try:
        words = tuple(_statuses(body) if kind == Kind.STATUS else _bookings(body))
    except (InexactAmount, UnknownCurrency) as error:
        raise UnreadableBankFile(reason="amount") from error
    if len(words) > MAX_WORDS:
        raise UnreadableBankFile(reason="too_many_entries", limit=MAX_WORDS)
    return Statement(kind, _text(body, "GrpHdr", "MsgId"), words)


def _root(xml: bytes) -> "etree._Element":
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableBankFile(reason="xml") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableBankFile(reason="doctype")
    return root


def _statuses(report: "etree._Element") -> Iterator[BankWord]:
    """The status of a transfer goes before that of its batch, and that before the group's."""
    for group in _children(report, "OrgnlGrpInfAndSts"):
        message = _text(group, "OrgnlMsgId")
        if status := _text(group, "GrpSts"):
            yield _status(status, _reason(group), batch=message)
    for block in _children(report, "OrgnlPmtInfAndSts"):
        batch = _text(block, "OrgnlPmtInfId")
        if status := _text(block, "PmtInfSts"):
            yield _status(status, _reason(block), batch=batch)
        for row in _children(block, "TxInfAndSts"):
            word = _status(_text(row, "TxSts"), _reason(row), batch=batch)
            amount = _amount(_child(row, "OrgnlTxRef", "Amt", "InstdAmt"))
            yield replace(word, end_to_end_id=_text(row, "OrgnlEndToEndId"), amount=amount)


def _status(status: str, code: str, batch: str) -> BankWord:
    word = STATUSES.get(status, Word.PENDING)
    return BankWord(word=word, batch=batch[:35], code=code or status[:35])


def _bookings(report: "etree._Element") -> Iterator[BankWord]:
    for notification in _children(report, "Ntfctn"):
        for entry in _children(notification, "Ntry"):
            yield from _booked(entry)


def _booked(entry: "etree._Element") -> Iterator[BankWord]:
    """One word for each transfer of an entry, or one for all of its batch."""
    is_credit = _text(entry, "CdtDbtInd") == "CRDT"
    is_pending = _text(entry, "Sts") == "PDNG" or _text(entry, "Sts", "Cd") == "PDNG"
    whole = _amount(_child(entry, "Amt"))
    rows = [row for part in _children(entry, "NtryDtls") for row in _children(part, "TxDtls")]
    batch = _text(entry, "NtryDtls", "Btch", "PmtInfId")[:35]
    for row in rows:
        returned = _child(row, "RtrInf") is not None or _text(entry, "RvslInd") == "true"
        amount = _amount(_child(row, "AmtDtls", "TxAmt", "Amt")) or _amount(_child(row, "Amt"))
        yield BankWord(
            word=Word.PENDING if is_pending else _booking(is_credit, returned),
            batch=(_text(row, "Refs", "PmtInfId") or batch)[:35],
            end_to_end_id=_end_to_end(row),
            code=_text(row, "RtrInf", "Rsn", "Cd")[:35],
            amount=amount or (whole if len(rows) == 1 else None),
        )
    if not rows:
        booked = _booking(is_credit, returned=False)
        word = Word.PENDING if is_pending else booked
        yield BankWord(word=word, batch=batch, amount=whole)


def _booking(is_credit: bool, returned: bool) -> str:
    if not is_credit:
        return Word.EXECUTED
    return Word.RETURNED if returned else Word.OTHER


def _end_to_end(row: "etree._Element") -> str:
    found = _text(row, "Refs", "EndToEndId")[:35]
    return "" if found == "NOTPROVIDED" else found


def _reason(element: "etree._Element") -> str:
    found = _text(element, "StsRsnInf", "Rsn", "Cd") or _text(element, "StsRsnInf", "Rsn", "Prtry")
    return found[:35]


def _amount(element: "etree._Element | None") -> Money | None:
    if element is None:
        return None
    return Money.of((element.text or "").strip(), element.get("Ccy", ""))


def _text(element: "etree._Element", *path: str) -> str:
    found = _child(element, *path)
    return "" if found is None else (found.text or "").strip()


def _child(element: "etree._Element", *path: str) -> "etree._Element | None":
    here: etree._Element | None = element
    for name in path:
        here = None if here is None else next(_children(here, name), None)
    return here


def _children(element: "etree._Element", name: str) -> "Iterator[etree._Element]":
    """By local name: banks send several versions, and each has a namespace of its own."""
    return (child for child in element if _name(child) == name)


def _name(element: "etree._Element") -> str:
    return etree.QName(element).localname
