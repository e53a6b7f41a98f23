from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from apps.core.errors import DomainError
from apps.underwriting import choices
from apps.underwriting.models import ListEntry
from apps.underwriting.modules.contact import (
    address_of,
    digest,
    domain_of,
    email_of,
    iban_of,
    phone_of,
)

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.users.models import User

_NORMALISED: dict[str, Callable[[str], str]] = {
    choices.ListEntry.Kind.EMAIL: email_of,
    choices.ListEntry.Kind.PHONE: phone_of,
    choices.ListEntry.Kind.IBAN: iban_of,
    choices.ListEntry.Kind.DOMAIN: domain_of,
}


class NothingToList(DomainError):
    code = "nothing_to_list"
    title = "The value is not one of its kind"
    status = 400


@dataclass(frozen=True, slots=True)
class ListRequest:
    """`value` in clear; an address as `street | postcode | country`. No merchant: for all."""

    list: str
    kind: str
    value: str
    reason: str
    by: "User"
    merchant: "Merchant | None" = None
    expires_at: datetime | None = None


def list_entry(request: ListRequest) -> ListEntry:
    """Only the keyed hash is kept; an entry that ended is made anew. Raises NothingToList."""
    normalised = _normalised(request.kind, request.value)
    if not normalised:
        raise NothingToList(kind=request.kind)
    entry, _ = ListEntry.objects.update_or_create(
        merchant=request.merchant,
        list=request.list,
        kind=request.kind,
        digest=digest(request.kind, normalised),
        defaults={
            "reason": request.reason,
            "added_by": request.by,
            "expires_at": request.expires_at,
        },
    )
    return entry


def _normalised(kind: str, value: str) -> str:
    if kind == choices.ListEntry.Kind.ADDRESS:
        street, postcode, country = [*(part.strip() for part in value.split("|")), "", ""][:3]
        return address_of(street, postcode, country)
    return _NORMALISED[kind](value)
