from collections.abc import Mapping

from django.db import models


class Event(models.TextChoices):
    PRIVACY_ASKED = "privacy.asked", "Personal data asked for, or to be erased"
    PRIVACY_POSTPONED = "privacy.postponed", "Erasure waits for something open"
    PRIVACY_DONE = "privacy.done", "Privacy request done"
    PRIVACY_REFUSED = "privacy.refused", "Privacy request refused"


class PrivacyRequest:
    class Kind(models.TextChoices):
        EXPORT = "export", "Hand out what is known of a shopper"
        ERASURE = "erasure", "Erase a shopper"
        SHOP = "shop", "Erase the shoppers of a shop"

    class Source(models.TextChoices):
        MERCHANT = "merchant", "Merchant"
        STAFF = "staff", "Staff"
        PLATFORM = "platform", "Shop's platform"
        SHOPPER = "shopper", "Shopper"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        POSTPONED = "postponed", "Waits for something open"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"

    UNDONE = (Status.OPEN, Status.POSTPONED)
    TRANSITIONS: Mapping[str, frozenset[str]] = {
        "open": frozenset({"postponed", "done", "refused"}),
        "postponed": frozenset({"done", "refused"}),
    }
    # Nobody can say when these end: the shopper is told of a later day, once.
    EXTENDING = frozenset({"return_open", "payment_open", "recovery_open", "advance_open"})
