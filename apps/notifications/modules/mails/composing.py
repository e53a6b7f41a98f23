"""From an event to a mail in the shopper's language: pure reading, nothing is sent here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string

from apps.core.money import Money
from apps.core.words import LANGUAGES, say
from apps.events.models import Event
from apps.notifications.modules.mails.causes import CAUSES
from apps.notifications.modules.mails.texts import BODIES, BUTTONS, FOOT, ROWS, SUBJECTS
from apps.orders import choices as orders
from apps.orders.models import AdvanceConsent, AdvancePart, Recovery, Return
from apps.payments.gateways.stripe.models.checkout import portal_of

Method = orders.Return.RefundMethod
TEMPLATE = "notifications/mail.html"


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Story:
    """What a mail tells: `code` names its words, `rows` are codes and values of a small table."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    rows: tuple[tuple[str, object], ...] = ()
    link: str = ""
    button: str = "see"


def compose(event: Event) -> Mail | None:
    """None where nobody can be written to, or there is nothing to say."""
    ret = _return_of(event)
    to = ret.order.email or (ret.customer.email if ret.customer else "")
    language = language_of(ret)
    story = STORIES[event.kind](event, ret, language)
    if story is None or not to:
        return None
    # One line: a name with a line break must not become a header of its own.
    store = " ".join(ret.store.name.split())
    facts = {"store": store, "order": ret.order.number, "number": ret.number, **story.facts}
    shown = {
        "language": language,
        "store": store,
        "title": say(SUBJECTS, story.code, language, **facts),
        "paragraphs": say(BODIES, story.code, language, **facts).split("\n\n"),
        "rows": [(say(ROWS, code, language), str(value)) for code, value in story.rows],
        "link": story.link or f"{portal_of(ret.store)}/returns/{ret.number}",
        "button": say(BUTTONS, story.button, language),
        "foot": say(FOOT, "foot", language, **facts),
    }
    return Mail(to, str(shown["title"]), _as_text(shown), render_to_string(TEMPLATE, shown))


def language_of(ret: Return) -> str:
    """In which the advance was agreed to, else the shopper's own, else the store's first."""
    agreed = AdvanceConsent.objects.filter(ret=ret).values_list("language", flat=True).first()
    own = ret.customer.language if ret.customer else ""
    wanted = [agreed or "", own, *map(str, ret.store.languages)]
    spoken = [tag.lower().partition("-")[0] for tag in wanted]
    return next((tag for tag in spoken if tag in LANGUAGES), LANGUAGES[0])


def _return_of(event: Event) -> Return:
    told: dict[str, Any] = event.payload
    pk = UUID(told["ret"]) if "ret" in told else event.subject_id
    return Return.objects.select_related("order", "customer", "store").get(pk=pk)


def _as_text(shown: Mapping[str, Any]) -> str:
    rows = "\n".join(f"{name}: {value}" for name, value in shown["rows"])
    parts = [*shown["paragraphs"], rows, f"{shown['button']}: {shown['link']}", shown["foot"]]
    return "\n\n".join(part for part in parts if part)


def _granted(event: Event, ret: Return, language: str) -> Story:
    goods = [f"{line.quantity} x {line.line_item.title}" for line in ret.lines.order_by("id")]
    parts = AdvancePart.objects.filter(advance__ret=ret).order_by("id")
    return Story(
        "granted",
        {"amount": _money(event.payload), "day": _day(ret.cover_ends_at)},
        (*((part.rung, part.amount) for part in parts), ("goods", ", ".join(goods))),
    )


def _opened(event: Event, ret: Return, language: str) -> Story:
    told: dict[str, Any] = event.payload
    facts = {
        "amount": _money(told["amount"]),
        "cause": say(CAUSES, told["cause"], language),
        "day": told["objection_ends_at"][:10],
    }
    return Story("opened", facts)


def _warned(event: Event, ret: Return, language: str) -> Story:
    told: dict[str, Any] = event.payload
    cause = Recovery.objects.values_list("cause", flat=True).get(pk=event.subject_id)
    amount, day = _money(told["amount"]), told["charge_at"][:10]
    facts = {"amount": amount, "day": day, "cause": say(CAUSES, cause, language)}
    return Story(f"warned_{told['number']}", facts, (("amount", amount), ("charge_day", day)))


def _collected(event: Event, ret: Return, language: str) -> Story:
    told: dict[str, Any] = event.payload
    amount, left = _money(told["amount"]), _money(told["left"])
    return Story("collected", {"amount": amount}, (("amount", amount), ("left", left)))


def _link_ready(event: Event, ret: Return, language: str) -> Story | None:
    """None once the link is over, or there is another."""
    told: dict[str, Any] = event.payload
    recovery = Recovery.objects.get(pk=event.subject_id)
    until = recovery.pay_url_expires_at
    if not recovery.pay_url or until is None or until.isoformat() != told["expires_at"]:
        return None
    facts = {"amount": recovery.outstanding, "until": f"{until:%Y-%m-%d %H:%M} UTC"}
    return Story("link_ready", facts, link=recovery.pay_url, button="pay")


def _given_back(event: Event, ret: Return, language: str) -> Story:
    told: dict[str, Any] = event.payload
    return Story("given_back", {"amount": _money(told["amount"])})


def _closed(event: Event, ret: Return, language: str) -> Story | None:
    """None where money goes back: that is told by itself."""
    told: dict[str, Any] = event.payload
    return None if _money(told["given_back"]) else Story("closed", {"amount": _money(told["due"])})


def _replaced(event: Event, ret: Return, language: str) -> Story | None:
    """None where the settlement, which is told of by itself, pays the goods."""
    told: dict[str, Any] = event.payload
    if "refund" not in told:
        return None
    goods = ret.exchanges.get(pk=told["exchange"])
    refund, back = _money(told["refund"]), _money(told["back"])
    by_credit = told["method"] == Method.STORE_CREDIT
    rows = (("credit" if by_credit else "refund", refund), ("paid_on_top", back))
    facts = {"amount": refund + back, "goods": f"{goods.quantity} x {goods.title}"}
    return Story("replaced", facts, tuple(row for row in rows if row[1]))


def _money(told: Mapping[str, Any]) -> Money:
    return Money.of(str(told["amount"]), str(told["currency"]))


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at else ""


STORIES: Mapping[str, Callable[[Event, Return, str], Story | None]] = {
    "advance.granted": _granted,
    "recovery.opened": _opened,
    "recovery.warned": _warned,
    "recovery.collected": _collected,
    "recovery.link_ready": _link_ready,
    "recovery.give_back": _given_back,
    "recovery.closed": _closed,
    "exchange.replaced": _replaced,
}
