"""Who asks: keyed hashes that say nothing without the key, and signals without a name in them."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable

from django.conf import settings

from apps.underwriting.choices import Bucket, Identity, ListEntry
from apps.underwriting.dtos import AddressSignals, Contact, EmailSignals

# A few of the large ones; a policy's merchants block others with a list entry of their domain.
THROW_AWAY = frozenset(
    {
        "10minutemail.com",
        "guerrillamail.com",
        "mailinator.com",
        "maildrop.cc",
        "sharklasers.com",
        "temp-mail.org",
        "tempmail.com",
        "trashmail.com",
        "yopmail.com",
    }
)
DOTS_DO_NOT_COUNT = frozenset({"gmail.com", "googlemail.com"})
MANY_DIGITS = 5
_PO_BOX = re.compile(
    r"\b(p\.?\s*o\.?\s*box|apartado( de correos)?|postfach|packstation|bo[iî]te postale)\b",
    re.IGNORECASE,
)


def email_of(text: str) -> str:
    """One mailbox, one text: without case, tag, and the dots that Google ignores."""
    local, _, domain = text.strip().lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in DOTS_DO_NOT_COUNT:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}" if local and domain else ""


def domain_of(text: str) -> str:
    return text.strip().lower().rpartition("@")[2]


def phone_of(text: str) -> str:
    """Digits of the number; `00` and `+` before it are the same."""
    return re.sub(r"\D", "", text).lstrip("0")


def address_of(street: str, postcode: str, country: str) -> str:
    """Letters and digits without case and accents; empty without street or postcode."""
    if not street.strip() or not postcode.strip():
        return ""
    whole = unicodedata.normalize("NFKD", f"{street}|{postcode}|{country}").casefold()
    return re.sub(r"[^\w|]|_", "", whole)


def iban_of(text: str) -> str:
    return re.sub(r"\s", "", text).upper()


_NORMALISED: dict[str, Callable[[str], str]] = {
    ListEntry.Kind.EMAIL: email_of,
    ListEntry.Kind.PHONE: phone_of,
    ListEntry.Kind.IBAN: iban_of,
    ListEntry.Kind.DOMAIN: domain_of,
}


def normalised_value(kind: str, value: str) -> str:
    """What is listed, as it is hashed; an address is `street | postcode | country`."""
    if kind == ListEntry.Kind.ADDRESS:
        street, postcode, country = [*(part.strip() for part in value.split("|")), "", ""][:3]
        return address_of(street, postcode, country)
    return _NORMALISED[kind](value)


def digest(kind: str, normalised: str) -> str:
    """HMAC-SHA-256 under IDENTITY_KEY; a kind of its own for each, so that none is the other."""
    key = settings.IDENTITY_KEY.encode()
    return hmac.new(key, f"{kind}:{normalised}".encode(), hashlib.sha256).hexdigest()


def digests_of(contact: Contact) -> dict[str, str]:
    """By kind of identity, for what is known."""
    known = {
        Identity.Kind.EMAIL: email_of(contact.email),
        Identity.Kind.PHONE: phone_of(contact.phone),
        Identity.Kind.ADDRESS: address_of(contact.street, contact.postcode, contact.country),
        Identity.Kind.IBAN: iban_of(contact.iban),
    }
    return {str(kind): digest(kind, text) for kind, text in known.items() if text}


def domain_digest(contact: Contact) -> dict[str, str]:
    """A domain is nobody's identity; it is looked up in the lists only."""
    kind = str(ListEntry.Kind.DOMAIN)
    domain = domain_of(contact.email)
    return {kind: digest(kind, domain)} if domain else {}


def address_signals(contact: Contact) -> AddressSignals:
    is_missing = not contact.street.strip() or not contact.postcode.strip()
    is_po_box = _PO_BOX.search(contact.street) is not None
    return AddressSignals(contact.country.strip().upper(), is_missing, is_po_box)


def email_signals(contact: Contact) -> EmailSignals:
    local, _, domain = contact.email.strip().lower().rpartition("@")
    return EmailSignals(
        is_missing=not email_of(contact.email),
        is_disposable=domain in THROW_AWAY,
        is_tagged="+" in local,
        is_random=sum(letter.isdigit() for letter in local) >= MANY_DIGITS,
        is_verified=contact.is_email_verified,
        has_phone=bool(phone_of(contact.phone)),
    )


def bucket(count: int) -> str:
    for most, name in ((0, Bucket.NONE), (1, Bucket.ONE), (3, Bucket.FEW), (9, Bucket.SEVERAL)):
        if count <= most:
            return name
    return Bucket.MANY
