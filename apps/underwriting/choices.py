"""Rungs, reasons, scopes and statuses of underwriting, in plain words."""

from collections.abc import Mapping

from django.db import models


class Event(models.TextChoices):
    OVERRIDE_ASKED = "override.asked", "Override asked for"
    OVERRIDE_APPROVED = "override.approved", "Override approved"
    OVERRIDE_REFUSED = "override.refused", "Override refused"
    EXPOSURE_RESERVED = "exposure.reserved", "Exposure reserved"
    EXPOSURE_RELEASED = "exposure.released", "Exposure released"


def _moves(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    return {str(source): frozenset(map(str, targets)) for source, targets in table.items()}


class Rung(models.TextChoices):
    """Best first: when the money goes out."""

    PAY_NOW = "pay_now", "Now"
    PAY_AT_SCAN = "pay_at_scan", "At the first scan"
    PAY_AT_DELIVERY = "pay_at_delivery", "When the parcel arrives"
    PAY_AT_INSPECTION = "pay_at_inspection", "After inspection"


RUNGS: tuple[str, ...] = tuple(Rung.values)
EARLY: tuple[str, ...] = RUNGS[:-1]


class Family(models.TextChoices):
    """Rules by what they look at; a policy weighs each family."""

    MERCHANT = "merchant", "Merchant"
    VALUE = "value", "Value"
    HISTORY = "history", "History"
    VELOCITY = "velocity", "Velocity"
    ADDRESS = "address", "Address and destination"
    EMAIL = "email", "E-mail"
    CATEGORY = "category", "Category"
    CARRIER = "carrier", "Carrier"
    COUNTRY = "country", "Country"
    LISTS = "lists", "Lists"
    EXPOSURE = "exposure", "Exposure"


class Reason(models.TextChoices):
    INSTANT_OFF = "instant_off", "The merchant has no instant refunds"
    CURRENCY_NOT_COVERED = "currency_not_covered", "The policy does not cover this currency"
    NOTHING_TO_ADVANCE = "nothing_to_advance", "There is nothing to advance"
    VALUE_ABOVE_MOST = "value_above_most", "The value is above what is ever advanced"
    VALUE_STEP = "value_step", "The value is high"
    LOSS_BEFORE = "loss_before", "An advance of this shopper was lost at this merchant"
    DISPUTE_BEFORE = "dispute_before", "This shopper disputed a charge at this merchant"
    LOSSES_ELSEWHERE = "losses_elsewhere", "Advances were lost elsewhere on the platform"
    RECOVERIES_BEFORE = "recoveries_before", "Money had to be recovered at this merchant"
    RECOVERIES_ELSEWHERE = "recoveries_elsewhere", "Money had to be recovered elsewhere"
    FIRST_ORDER = "first_order", "The shopper has no other order here"
    NEW_SHOPPER = "new_shopper", "The first order is less than 30 days old"
    HIGH_RETURN_RATE = "high_return_rate", "The shopper returns most of what they order"
    UNITS_MISSING = "units_missing", "Units were missing from earlier parcels"
    UNITS_REJECTED = "units_rejected", "Units of earlier returns were rejected"
    OPEN_RETURNS = "open_returns", "Earlier returns were not sent yet"
    GOOD_HISTORY = "good_history", "Earlier advances ended well"
    RETURNS_TODAY = "returns_today", "There were other returns in the last 24 hours"
    MOST_PER_DAY = "most_per_day", "There were too many returns in the last 24 hours"
    RETURNS_THIS_MONTH = "returns_this_month", "There were many returns in the last 30 days"
    BUSY_ELSEWHERE = "busy_elsewhere", "There were other requests on the platform in 24 hours"
    ADDRESS_MISSING = "address_missing", "The address has no street or postcode"
    PO_BOX = "po_box", "The address is a post office box"
    ADDRESS_SHARED = "address_shared", "Many shoppers use this address"
    DESTINATION_SHARED = "destination_shared", "The bank account is used by others as well"
    DESTINATION_FOR_REVIEW = (
        "destination_for_review",
        "The bank account is used by too many shoppers or merchants",
    )
    UNKNOWN_SHOPPER = "unknown_shopper", "There is neither an e-mail address nor a phone number"
    EMAIL_MISSING = "email_missing", "There is no e-mail address"
    EMAIL_DISPOSABLE = "email_disposable", "The mailbox is a throw-away one"
    EMAIL_TAGGED = "email_tagged", "The e-mail address has a tag"
    EMAIL_RANDOM = "email_random", "The e-mail address is mostly digits"
    EMAIL_UNVERIFIED = "email_unverified", "The e-mail address was never proved"
    CATEGORY_EXCLUDED = "category_excluded", "Goods of this category are never advanced"
    CATEGORY_RISKY = "category_risky", "Goods of this category are often lost"
    UNTRACKED = "untracked", "The parcel cannot be followed"
    CARRIER_RISKY = "carrier_risky", "The way of return is a risky one"
    COUNTRY_NOT_COVERED = "country_not_covered", "The policy does not cover this country"
    COUNTRY_RISKY = "country_risky", "Advances to this country are often lost"
    BLOCKED = "blocked", "On a block list"
    ALLOWED = "allowed", "On an allow list"
    CAP_REACHED = "cap_reached", "A cap on open advances is reached"
    ROOM_SHORT = "room_short", "A cap on open advances leaves room for a part only"
    OVERRIDDEN = "overridden", "Decided by staff"


class Assessment:
    class Status(models.TextChoices):
        OFFERED = "offered", "Offered"
        DECLINED = "declined", "Not before inspection"


class Policy:
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    TRANSITIONS = _moves({Status.DRAFT: (Status.PUBLISHED,), Status.PUBLISHED: (Status.RETIRED,)})


class Identity:
    class Kind(models.TextChoices):
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        ADDRESS = "address", "Address"
        IBAN = "iban", "Bank account"


class Bucket(models.TextChoices):
    """All that a merchant's decision may hold of what happened elsewhere."""

    NONE = "none", "None"
    ONE = "one", "One"
    FEW = "few", "Two or three"
    SEVERAL = "several", "Four to nine"
    MANY = "many", "Ten or more"


class ListEntry:
    class List(models.TextChoices):
        BLOCK = "block", "Block"
        ALLOW = "allow", "Allow"

    class Kind(models.TextChoices):
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        ADDRESS = "address", "Address"
        IBAN = "iban", "Bank account"
        DOMAIN = "domain", "Domain of the e-mail"


class Exposure:
    class Scope(models.TextChoices):
        SHOPPER = "shopper", "Shopper"
        DESTINATION = "destination", "Bank account"
        ADDRESS = "address", "Address"
        STORE = "store", "Store"
        MERCHANT = "merchant", "Merchant"
        DAY = "day", "Day"

    # Of these a merchant sees its own; of the others nothing but quarters.
    OWN = (Scope.STORE, Scope.MERCHANT)


class Hold:
    class Status(models.TextChoices):
        HELD = "held", "Held"
        RELEASED = "released", "Released"

    TRANSITIONS = _moves({Status.HELD: (Status.RELEASED,)})


class Override:
    class Status(models.TextChoices):
        ASKED = "asked", "Waits for a second person"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    TRANSITIONS = _moves({Status.ASKED: (Status.APPROVED, Status.REFUSED)})


class Outcome:
    class Kind(models.TextChoices):
        SETTLED = "settled", "Ended well"
        RECOVERED = "recovered", "Recovered from the shopper"
        DISPUTED = "disputed", "Disputed"
        LOST = "lost", "Lost"
