"""What an invoice says, in words and figures ready to be printed; no drawing here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from apps.billing.calculator.totals import VatRow
from apps.core.money import Money

COUNTRIES: Final = dict(
    (
        *(("AD", "Andorra"), ("AT", "Austria"), ("BE", "Belgium"), ("BG", "Bulgaria")),
        *(("CH", "Switzerland"), ("CY", "Cyprus"), ("CZ", "Czechia"), ("DE", "Germany")),
        *(("DK", "Denmark"), ("EE", "Estonia"), ("ES", "Spain"), ("FI", "Finland")),
        *(("FR", "France"), ("GB", "United Kingdom"), ("GR", "Greece"), ("HR", "Croatia")),
        *(("HU", "Hungary"), ("IE", "Ireland"), ("IT", "Italy"), ("LT", "Lithuania")),
        *(("LU", "Luxembourg"), ("LV", "Latvia"), ("MT", "Malta"), ("MX", "Mexico")),
        *(("NL", "Netherlands"), ("NO", "Norway"), ("PL", "Poland"), ("PT", "Portugal")),
        *(("RO", "Romania"), ("SE", "Sweden"), ("SI", "Slovenia"), ("SK", "Slovakia")),
        ("US", "United States"),
    )
)


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

    title: str
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

    @property
    def currency(self) -> str:
        return self.total.currency

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Label and value, in the order they stand at the top."""
        named = (
            ("Number", self.code),
            ("Date of issue", written(self.issued_on)),
            ("Due date", written(self.due_on) if self.due_on and not self.original else ""),
            ("Billing period", f"{self.period:%B %Y}" if self.period else ""),
            ("Credits invoice", self.original),
        )
        return tuple((label, value) for label, value in named if value)

    @property
    def buyer_lines(self) -> tuple[str, ...]:
        buyer = self.buyer
        country = COUNTRIES.get(buyer["country"], buyer["country"])
        number = f"VAT number {buyer['vat_number']}" if buyer["vat_number"] else ""
        parts = (buyer["name"], buyer["street"], buyer["city"], country, number, buyer["email"])
        return tuple(filter(None, parts))

    @property
    def seller_lines(self) -> tuple[str, ...]:
        """The address is one text with commas: its first part is the street."""
        street, _, rest = self.seller["address"].partition(", ")
        number = f"VAT number {self.seller['vat_number']}"
        named = (self.seller["name"], street, rest, number, self.seller["email"])
        return tuple(filter(None, named))

    @property
    def terms(self) -> tuple[str, ...]:
        """How it is paid, line by line."""
        total = f"{figures(self.total)} {self.currency}"
        if self.original:
            return (
                f"Set off against what is unpaid of invoice {self.original};",
                "what was paid already is transferred back.",
            )
        if self.paid_out:
            owed = f"{figures(self.paid_out)} {self.currency}"
            return ("Nothing is to be paid.", f"{owed} will be transferred to you.")
        if not self.total:
            return ("Nothing is to be paid.",)
        due = written(self.due_on) if self.due_on else ""
        if self.mandate_id:
            return (
                "SEPA direct debit",
                f"{total} will be collected on or after {due}.",
                f"Mandate {self.mandate_id}",
                f"Creditor identifier {self.seller['creditor_id']}",
            )
        return (
            "Bank transfer",
            f"Please pay {total} by {due}.",
            f"IBAN {grouped(self.seller['iban'])}",
            f"BIC {self.seller['bic']}",
            f"Reference {self.code}",
        )


def written(day: date) -> str:
    """3 November 2026: no reader takes the month for the day."""
    return f"{day.day} {day:%B %Y}"


def figures(amount: Money) -> str:
    """1,234.50, without the currency."""
    return f"{amount.amount:,}"


def grouped(iban: str) -> str:
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def percent(rate: Decimal) -> str:
    return f"{rate.normalize():f} %"
