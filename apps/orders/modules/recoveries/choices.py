"""Every status, cause and event of recoveries, with the moves that are allowed."""

from collections.abc import Mapping

from django.db import models


class Event(models.TextChoices):
    """Amounts are in the payload as Money shows itself; `ret` is the id of the return."""

    OPENED = "recovery.opened", "Recovery opened"
    WARNED = "recovery.warned", "Shopper warned of the charge"
    HELD_BACK = "recovery.held_back", "Charge held back"
    DUE = "recovery.due", "Charge is due"
    CHARGE_STARTED = "recovery.charge_started", "Charge started"
    CHARGE_FAILED = "recovery.charge_failed", "Charge failed"
    SHOPPER_NEEDED = "recovery.shopper_needed", "Shopper must confirm the payment"
    LINK_WANTED = "recovery.link_wanted", "Pay link wanted"
    LINK_READY = "recovery.link_ready", "Pay link ready"
    COLLECTED = "recovery.collected", "Money collected"
    GIVE_BACK = "recovery.give_back", "Money to give back"
    RECOVERED = "recovery.recovered", "Recovered"
    FAILED = "recovery.failed", "Charging given up"
    INSTALMENTS_AGREED = "recovery.instalments_agreed", "Instalments agreed"
    CONTESTED = "recovery.contested", "Contested by the shopper"
    PAUSED = "recovery.paused", "Paused by staff"
    RESUMED = "recovery.resumed", "Taken up again"
    CLOSED = "recovery.closed", "Closed"
    WRITE_OFF_ASKED = "recovery.write_off_asked", "Write-off waits for a second person"
    WRITTEN_OFF = "recovery.written_off", "Written off"
    PAID_AFTER_ALL = "recovery.paid_after_all", "Paid after it was written off"


def _moves(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    return {str(source): frozenset(map(str, targets)) for source, targets in table.items()}


class Recovery:
    class Cause(models.TextChoices):
        REJECTED = "rejected", "Goods rejected"
        MISSING = "missing", "Goods missing from the parcel"
        NOT_RETURNED = "not_returned", "Goods never returned"
        CHANGED_MIND = "changed_mind", "Shopper keeps the goods"

    class Status(models.TextChoices):
        OPEN = "open", "Open to objections"
        NOTIFIED = "notified", "Shopper warned"
        COLLECTING = "collecting", "Charge asked for"
        FAILED = "failed", "Charge failed"
        RECOVERED = "recovered", "Recovered"
        DISPUTED = "disputed", "Disputed"
        WRITTEN_OFF = "written_off", "Written off"
        CLOSED = "closed", "Closed"

    # What time moves; the others wait for a person.
    CLOCKED = (Status.OPEN, Status.NOTIFIED, Status.COLLECTING, Status.FAILED)
    LIVE = (*CLOCKED, Status.DISPUTED)
    TRANSITIONS = _moves(
        {
            Status.OPEN: (Status.NOTIFIED, Status.RECOVERED, Status.DISPUTED, Status.CLOSED),
            Status.NOTIFIED: (
                Status.COLLECTING,
                Status.FAILED,
                Status.RECOVERED,
                Status.DISPUTED,
                Status.CLOSED,
            ),
            Status.COLLECTING: (
                Status.NOTIFIED,
                Status.FAILED,
                Status.RECOVERED,
                Status.DISPUTED,
                Status.CLOSED,
            ),
            Status.FAILED: (
                Status.NOTIFIED,
                Status.RECOVERED,
                Status.DISPUTED,
                Status.WRITTEN_OFF,
                Status.CLOSED,
            ),
            Status.RECOVERED: (Status.DISPUTED, Status.CLOSED),
            Status.DISPUTED: (Status.OPEN, Status.RECOVERED, Status.CLOSED),
            Status.WRITTEN_OFF: (Status.RECOVERED, Status.CLOSED),
        }
    )

    class Contest(models.TextChoices):
        OBJECTION = "objection", "Objection in time"
        SENT = "sent", "Shopper says the goods were sent"
        DISPUTE = "dispute", "Dispute"

    class Held(models.TextChoices):
        TRAVELLING = "travelling", "The parcel is under way"
        LABEL_FAILED = "label_failed", "The label failed"
        LINK_OPEN = "link_open", "A pay link is open"
        IN_FLIGHT = "in_flight", "A charge is in flight"


class RecoveryAttempt:
    class Status(models.TextChoices):
        ASKED = "asked", "Asked for"
        STARTED = "started", "Started"
        NEEDS_SHOPPER = "needs_shopper", "Waits for the shopper"
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        WITHDRAWN = "withdrawn", "Withdrawn before it started"

    MOST = 3
    # The bank says that this card will never pay.
    HARD_CODES = frozenset(
        {"lost_card", "stolen_card", "pickup_card", "fraudulent", "hard_decline"}
    )
    IN_FLIGHT = (Status.ASKED, Status.STARTED, Status.NEEDS_SHOPPER)
    # What may have taken money under the consent, or has.
    UNDER_CAP = (*IN_FLIGHT, Status.SUCCEEDED)
    TRANSITIONS = _moves(
        {
            Status.ASKED: (
                Status.STARTED,
                Status.NEEDS_SHOPPER,
                Status.SUCCEEDED,
                Status.FAILED,
                Status.WITHDRAWN,
            ),
            Status.STARTED: (Status.NEEDS_SHOPPER, Status.SUCCEEDED, Status.FAILED),
            Status.NEEDS_SHOPPER: (Status.SUCCEEDED, Status.FAILED),
            Status.WITHDRAWN: (Status.ASKED,),
        }
    )
