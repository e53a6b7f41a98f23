"""What a merchant that does not pay is told, by step; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.billing import choices
from apps.billing.modules.documents.sheet import Sheet, figures, written
from apps.core.money import Money

Dunning = choices.Invoice.Dunning

# By step: what the subject says of the invoice, and the sentence that the letter is for.
WORDS: Mapping[str, tuple[str, str]] = {
    Dunning.REMINDER_1: (
        "is unpaid",
        "This is a friendly reminder: you may have overlooked it.",
    ),
    Dunning.REMINDER_2: (
        "is still unpaid",
        "This is our second reminder. Please pay within the next days, or tell us what is wrong.",
    ),
    Dunning.FINAL: (
        "is unpaid: final notice",
        "This is our final notice. Without payment instant refunds will be suspended.",
    ),
    Dunning.SUSPENDED: (
        "is unpaid: your account is suspended",
        "All notices went by, so your account is suspended until the invoice is paid.",
    ),
}


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def letter_of(sheet: Sheet, step: str, due: Money, days_late: int) -> Letter:
    """`due` is what is still unpaid, which may be less than the total."""
    subject, sentence = WORDS[step]
    day = written(sheet.due_on) if sheet.due_on else ""
    amount = f"{figures(due)} {sheet.currency}"
    seller = sheet.seller
    parts = (
        f"Dear {sheet.buyer['name']},",
        f"invoice {sheet.code} was due on {day}, {days_late} days ago; {amount} is unpaid.",
        sentence,
        f"IBAN {seller['iban']}\nBIC {seller['bic']}\nReference {sheet.code}\nAmount {amount}",
        "The invoice is attached. If you have paid it by now, please ignore this letter.",
        f"{seller['name']}\n{seller['address']}\n{seller['email']}",
    )
    return Letter(f"Invoice {sheet.code} {subject}", "\n\n".join(parts) + "\n")
