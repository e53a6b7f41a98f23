"""The way back: label, code, tracking, and what the shopper does next."""

from datetime import datetime
from typing import Any

from apps.accounts.models import Store
from apps.api.returns.links import Links
from apps.api.returns.shapes.paying import is_waiting
from apps.api.returns.shapes.rows import Row
from apps.api.returns.texts.advice import STEPS
from apps.api.returns.texts.statuses import LABEL
from apps.api.returns.texts.words import say
from apps.deliveries import choices
from apps.orders import choices as orders
from apps.orders.modules.eligibility.sentences import DAYS

Status = orders.Return.Status
PRINTABLE = (choices.Label.Status.READY, choices.Label.Status.USED)


def label_shape(row: Row, links: Links, language: str) -> dict[str, Any]:
    """`url` asks for a proved session: the sheet holds the shopper's address."""
    status = label_status(row)
    label = row["label_rows"][0] if row["label_rows"] else {}
    expires_at = label.get("expires_at")
    return {
        "status": status,
        "text": say(LABEL, status, language),
        "url": links.label(row["number"]) if status in PRINTABLE else None,
        "expires_at": datetime.fromisoformat(expires_at) if expires_at else None,
        "tracking_number": label.get("tracking_number", ""),
        "tracking_url": label.get("tracking_url", ""),
    }


def label_status(row: Row) -> str:
    if row["label_rows"]:
        status = str(row["label_rows"][0]["status"])
        return "waiting" if status == choices.Label.Status.ASKED else status
    shipment = row["shipment_rows"][0] if row["shipment_rows"] else {}
    if shipment.get("status") == choices.Shipment.Status.LABEL_FAILED:
        return "failed"
    waits = row["status"] in (Status.REQUESTED, Status.IN_PROGRESS)
    return "waiting" if waits and not row["keeps_goods"] else "none"


def shipment_shape(row: Row) -> dict[str, Any] | None:
    if not row["shipment_rows"]:
        return None
    shipment = row["shipment_rows"][0]
    return {
        "status": shipment["status"],
        "carrier": shipment["carrier"],
        "tracking_number": shipment["tracking_number"],
    }


def qr(number: str, store: Store) -> str:
    """What the code on the label holds, for the portal to draw: the status page, or the number."""
    portal = str(store.preferences.branding.get("portal_url", ""))
    return f"{portal.rstrip('/')}/{number}" if portal.startswith("https://") else number


def next_steps(row: Row, language: str) -> list[str]:
    day = DAYS.get(language, DAYS["en"])
    until = row["expires_at"].strftime(day) if row["expires_at"] else ""
    return [say(STEPS, code, language, day=until) for code in _steps(row, until)]


def _steps(row: Row, until: str) -> list[str]:
    if row["status"] == Status.REQUESTED:
        return ["pay" if is_waiting(row) else "wait_for_approval"]
    if row["status"] in (Status.SHIPPED, Status.RECEIVED, Status.FOR_REVIEW):
        return ["wait_for_store"]
    if row["status"] != Status.IN_PROGRESS:
        return []
    if row["keeps_goods"]:
        return ["keep_goods"]
    if row["return_method"].get("kind") == choices.ReturnMethod.Type.DROP_OFF:
        return ["hand_in", *(["send"] if until else [])]
    printable = label_status(row) == choices.Label.Status.READY
    return [*(["print_label"] if printable else []), *(["send"] if until else []), "tracking"]
