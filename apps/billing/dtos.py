"""What callers hand to billing."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from apps.core.money import Money
from apps.payments.dtos import BankAccount

if TYPE_CHECKING:
    from apps.billing.models import Invoice
    from apps.users.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Something to be billed, net of VAT; `subject` is `app.model` and id of what it is for."""

    merchant_id: UUID
    kind: str
    amount: Money
    subject: tuple[str, UUID]
    at: datetime
    description: str = ""
    reference: str = ""
    event_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDetails:
    """`account` None keeps the one that is there; another one comes with its mandate. `language` is
    the merchant's: empty for that of the country, None keeps it."""

    legal_name: str
    street: str
    city: str
    postcode: str
    country: str
    email: str = ""
    vat_number: str = ""
    method: str = "bank_transfer"
    account: BankAccount | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Money that came for an invoice; `reference` is the bank's and names it once."""

    amount: Money
    reference: str
    method: str = "bank_transfer"
    by: "User | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRequest:
    """`amounts` maps the position of a line to what of its net is credited; None: all that is left.

    Amounts have the sign of their line.
    """

    invoice: "Invoice"
    reason: str
    by: "User"
    amounts: dict[int, Money] | None = None
