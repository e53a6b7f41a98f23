"""What files of the bank say, and what became of it."""

from django.db import models


class BankFile:
    class Kind(models.TextChoices):
        STATUS = "pain.002", "Status of transfers (pain.002)"
        BOOKINGS = "camt.054", "Bookings (camt.054)"

    class Word(models.TextChoices):
        """What the bank says of a transfer, or of all transfers of a batch."""

        EXECUTED = "executed", "Executed"
        REJECTED = "rejected", "Rejected"
        RETURNED = "returned", "Returned"
        PENDING = "pending", "Under way"
        OTHER = "other", "About no transfer"

    class Outcome(models.TextChoices):
        SETTLED = "settled", "Settled"
        FAILED = "failed", "Failed"
        RETURNED = "returned", "Returned"
        KNOWN = "known", "Known before"
        UNMATCHED = "unmatched", "No transfer of ours"
        CONFLICT = "conflict", "Says otherwise than we do"

    LOOK_AT = (Outcome.UNMATCHED, Outcome.CONFLICT)
