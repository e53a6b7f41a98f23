"""Bank accounts and files sealed to the row that holds them."""

from apps.core.errors import DomainError
from apps.core.fields import Sealed
from apps.core.models import AbstractTimeStampedUUID
from apps.payments.dtos import BankAccount


class NoPayoutAccount(DomainError):
    code = "no_payout_account"
    title = "The shopper has named no account to pay to"
    status = 409


def aad(row: AbstractTimeStampedUUID) -> str:
    """By `id`: the pk of a payout is a link to its parent row, empty until that is saved."""
    return f"{row._meta.db_table}:{row.id}"


def seal_account(account: BankAccount, row: AbstractTimeStampedUUID) -> Sealed:
    return Sealed.seal([account.iban, account.bic, account.holder], aad(row))


def open_account(sealed: Sealed | None, row: AbstractTimeStampedUUID) -> BankAccount:
    if sealed is None:
        raise NoPayoutAccount
    iban, bic, holder = sealed.open(aad(row))
    return BankAccount(iban=iban, bic=bic, holder=holder)


def seal_file(xml: bytes, row: AbstractTimeStampedUUID) -> Sealed:
    return Sealed.seal(xml.decode(), aad(row))


def open_file(sealed: Sealed, row: AbstractTimeStampedUUID) -> bytes:
    return str(sealed.open(aad(row))).encode()
