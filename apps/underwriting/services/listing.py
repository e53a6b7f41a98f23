from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from apps.core.errors import DomainError
from apps.underwriting.models import ListEntry
from apps.underwriting.modules.contact import digest, normalised_value

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.users.models import User


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
    normalised = normalised_value(request.kind, request.value)
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
