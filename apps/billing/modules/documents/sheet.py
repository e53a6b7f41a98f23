"""What an invoice says, in words and figures ready to be printed; no drawing here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.billing import choices
from apps.billing.calculator.totals import VatRow
from apps.billing.modules.documents.sheet_texts import COUNTRIES, LINES, MADE, TEXTS, TITLES
from apps.billing.modules.documents.speech import ENGLISH, figures, month_written, written
from apps.core.money import Money
from apps.core.words import say

# How a fee says of which credit it is, before it stands on an invoice.
CREDITED = say(MADE, "credit", ENGLISH, reason="")


@dataclass(frozen=True, slots=True)
class SheetLine:
    """`unit` None where the things of a line cost differently; `rate` None outside VAT."""

    description: str
    quantity: int
    unit: Money | None
    rate: Decimal | None
    net: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`original` is the code of the invoice that a credit note takes from."""

    kind: str
    code: str
    issued_on: date
    due_on: date | None
    period: date | None
    original: str
    reason: str
    seller: dict[str, str]
    buyer: dict[str, str]
    lines: tuple[SheetLine, ...]
    vat_rows: tuple[VatRow, ...]
    outside: Money
    net: Money
    vat: Money
    total: Money
    notes: tuple[str, ...]
    mandate_id: str
    paid_out: Money | None = None
    language: str = ENGLISH

    @property
    def currency(self) -> str:
        return self.total.currency

    def say(self, code: str, /, **facts: object) -> str:
        return say(TEXTS, code, self.language, **facts)

    def money(self, amount: Money) -> str:
        return f"{figures(amount, self.language)} {self.currency}"

    @property
    def title(self) -> str:
        return say(TITLES, self.kind, self.language)

    @property
    def due_day(self) -> str:
        return written(self.due_on, self.language) if self.due_on else ""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Label and value, in the order they stand at the top."""
        named = (
            ("code", self.code),
            ("issued_on", written(self.issued_on, self.language)),
            ("due_on", "" if self.original else self.due_day),
            ("period", month_written(self.period, self.language) if self.period else ""),
            ("original", self.original),
        )
        return tuple((self.say(label), value) for label, value in named if value)

    @property
    def buyer_lines(self) -> tuple[str, ...]:
        buyer = self.buyer
        country = say(COUNTRIES, buyer["country"], self.language)
        number = self.say("vat_number", number=buyer["vat_number"]) if buyer["vat_number"] else ""
        parts = (buyer["name"], buyer["street"], buyer["city"], country, number, buyer["email"])
        return tuple(filter(None, parts))

    @property
    def seller_lines(self) -> tuple[str, ...]:
        """The address is one text with commas: its first part is the street."""
        street, _, rest = self.seller["address"].partition(", ")
        number = self.say("vat_number", number=self.seller["vat_number"])
        named = (self.seller["name"], street, rest, number, self.seller["email"])
        return tuple(filter(None, named))

    @property
    def terms(self) -> tuple[str, ...]:
        """How it is paid, line by line."""
        if self.original:
            return self.say("set_off", code=self.original), self.say("paid_back")
        if self.paid_out:
            return self.say("nothing"), self.say("paid_out", amount=self.money(self.paid_out))
        if not self.total:
            return (self.say("nothing"),)
        facts = {"amount": self.money(self.total), "day": self.due_day}
        if self.mandate_id:
            return (
                self.say("debit"),
                self.say("collected", **facts),
                self.say("mandate", id=self.mandate_id),
                self.say("creditor", id=self.seller["creditor_id"]),
            )
        return (
            self.say("transfer"),
            self.say("please", **facts),
            f"IBAN {grouped(self.seller['iban'])}",
            f"BIC {self.seller['bic']}",
            self.say("reference", code=self.code),
        )


def line_words(kind: str, description: str, language: str) -> str:
    """Of a fee whose wording is that of its kind, in the language; other wordings as they are."""
    if description == say(LINES, kind, ENGLISH):
        return say(LINES, kind, language)
    if kind == choices.Fee.Kind.CREDIT and description.startswith(CREDITED):
        return say(MADE, "credit", language, reason=description.removeprefix(CREDITED))
    return description


def grouped(iban: str) -> str:
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
