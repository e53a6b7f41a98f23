"""Takes webhooks in, once each, and has their handlers process them."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.core import clock
from apps.core.bulk import Row, insert
from apps.core.faults import crash_here
from apps.core.ids import uuid7
from apps.events import choices, inbox
from apps.events.dtos import Delivery
from apps.events.models import InboxMessage

logger = logging.getLogger(__name__)
# A sweep makes way for other tasks of its worker; the next one goes on.
SWEEP_FOR = timedelta(seconds=20)
# One statement, and no transaction around it: there may be thousands in a row.
_LEASE = """
UPDATE events_inboxmessage
SET attempts = attempts + 1,
  available_at = %(at)s + (%(leases)s::interval[])[LEAST(attempts + 1, %(most)s)]
WHERE id = (
  SELECT id FROM events_inboxmessage
  WHERE status = 'waiting' AND available_at <= %(at)s
    AND (%(id)s::uuid IS NULL OR id = %(id)s::uuid)
  ORDER BY available_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING *
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`is_new` is False when the event had come before: nothing was stored."""

    id: UUID
    is_new: bool


def receive(delivery: Delivery, at: datetime) -> Receipt:
    """Store the raw body; the same event id, or the same body under another id, is one event.

    A known id with another body is kept as parked evidence and never processed (I-16, I-47).
    """
    row = _row(delivery, at)
    crash_here("K1")
    # One statement, and no transaction around it: a sender waits for this.
    if not insert(InboxMessage, [row], skip_known=True):
        return _repeated(delivery, row)
    crash_here("K10")
    return Receipt(row["id"], is_new=True)


def process(at: datetime, limit: int = 1_000) -> int:
    """Handle what waits, whatever the source; returns how many messages were finished.

    A sweep of many takes longer than a lease: each message is taken at the time that it is then.
    """
    now = clock.running_from(at)
    finished = 0
    for _ in range(limit):
        current = now()
        message = _lease(current) if current - at < SWEEP_FOR else None
        if message is None:
            break
        finished += _handle(message)
    return finished


def process_one(message_id: UUID, at: datetime) -> bool:
    """Handle this message now if it waits and nobody else holds it."""
    message = _lease(at, message_id)
    return message is not None and _handle(message)


def _row(delivery: Delivery, at: datetime) -> Row:
    """What is not named here takes the default of its column."""
    body_hash = inbox.digest(delivery.body)
    return {
        "id": uuid7(),
        "merchant_id": delivery.merchant_id,
        "source": delivery.source,
        "account": delivery.account,
        "environment": delivery.environment,
        "event_id": delivery.event_id or (str(uuid7()) if delivery.is_thin else body_hash),
        "topic": delivery.topic,
        "body": delivery.body,
        "body_hash": body_hash,
        "is_thin": delivery.is_thin,
        "received_at": at,
        "available_at": at,
    }


def _repeated(delivery: Delivery, row: Row) -> Receipt:
    account = InboxMessage.objects.filter(
        merchant_id=delivery.merchant_id,
        source=delivery.source,
        environment=delivery.environment,
        account=delivery.account,
    )
    known = account.filter(event_id=row["event_id"]).first()
    if known is None or known.body_hash == row["body_hash"]:
        same_body = {"topic": delivery.topic, "body_hash": row["body_hash"], "is_thin": False}
        return Receipt((known or account.get(**same_body)).pk, is_new=False)
    return Receipt(_park(row), is_new=False)


def _park(row: Row) -> UUID:
    evidence, is_new = InboxMessage.objects.get_or_create(
        merchant_id=row["merchant_id"],
        source=row["source"],
        environment=row["environment"],
        account=row["account"],
        event_id=f"{row['event_id'][:130]}#{row['body_hash']}",
        defaults={
            "topic": row["topic"],
            "body": row["body"],
            "body_hash": row["body_hash"],
            "is_thin": True,
            "status": choices.InboxMessage.Status.PARKED,
            "last_error": "another body under a known event id",
            "received_at": row["received_at"],
        },
    )
    if is_new:
        logger.critical("another body under a known event id: %s", evidence.pk)
    return evidence.pk


def _lease(at: datetime, message_id: UUID | None = None) -> InboxMessage | None:
    """Counted before the work, so that a message that kills the process is parked as well."""
    leases = [choices.lease_after(attempt + 1) for attempt in range(choices.MAX_ATTEMPTS)]
    asked = {"at": at, "leases": leases, "most": choices.MAX_ATTEMPTS, "id": message_id}
    return next(iter(InboxMessage.objects.raw(_LEASE, asked)), None)


def _handle(message: InboxMessage) -> bool:
    try:
        inbox.handler_of(message.source)(message)
        crash_here("K11")
    except Exception as error:
        logger.exception("%s %s failed", message.source, message.pk)
        if message.fail(repr(error), clock.now()):
            logger.critical("parked after %s attempts: %s", message.attempts, message.pk)
        return False
    message.finish(clock.now())
    return True
