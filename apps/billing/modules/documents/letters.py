"""What a merchant that does not pay is told, by step and in its language; pure."""

from dataclasses import dataclass
from datetime import datetime

from apps.billing.modules.documents.letter_texts import PARTS, SENTENCES, SUBJECTS
from apps.billing.modules.documents.sheet import Sheet
from apps.billing.modules.documents.speech import figures, written
from apps.core.money import Money
from apps.core.words import say


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Late:
    """`due` is what is still unpaid, which may be less than the total."""

    step: str
    due: Money
    days: int


@dataclass(frozen=True, slots=True)
class Link:
    """A page on which the invoice is paid, and until when."""

    url: str
    until: datetime


def letter_of(sheet: Sheet, late: Late, language: str, link: Link | None = None) -> Letter:
    seller = sheet.seller
    facts = {
        "buyer": sheet.buyer["name"],
        "code": sheet.code,
        "day": written(sheet.due_on, language) if sheet.due_on else "",
        "days": late.days,
        "amount": f"{figures(late.due, language)} {sheet.currency}",
        "iban": seller["iban"],
        "bic": seller["bic"],
    }
    if link is not None:
        facts |= {
            "url": link.url,
            "until": f"{written(link.until, language)}, {link.until:%H:%M} UTC",
        }
    parts = (
        say(PARTS, "greeting", language, **facts),
        say(PARTS, "unpaid", language, **facts),
        say(SENTENCES, late.step, language),
        say(PARTS, "bank", language, **facts),
        say(PARTS, "link", language, **facts) if link is not None else "",
        say(PARTS, "closing", language),
        f"{seller['name']}\n{seller['address']}\n{seller['email']}",
    )
    return Letter(
        say(SUBJECTS, late.step, language, **facts), "\n\n".join(filter(None, parts)) + "\n"
    )
