"""Checking a bank account that a shopper typed."""

import hashlib

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from apps.core.errors import DomainError
from apps.payments.dtos import BankAccount

# EPC409-09: countries and territories that SEPA credit transfers reach, by the IBAN's own code.
SEPA = frozenset(
    (
        *("AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR"),
        *("GB", "GI", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD"),
        *("ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA"),
    )
)


class InvalidAccount(DomainError):
    code = "invalid_iban"
    title = "The IBAN is not right: check its figures"
    status = 400


class OutsideSepa(DomainError):
    code = "iban_outside_sepa"
    title = "No euro transfer reaches accounts of this country"
    status = 400


class HolderRequired(DomainError):
    code = "account_holder_required"
    title = "The account needs the name of its holder"
    status = 400


def check_account(iban: str, holder: str) -> BankAccount:
    """Country, length, bank format and check figures; the BIC comes from the bank list if known."""
    name = " ".join(holder.split())
    if not name or len(name) > 70 or not name.isprintable():
        raise HolderRequired
    try:
        checked = IBAN(iban, validate_bban=True)
    except (SchwiftyException, ValueError):
        raise InvalidAccount from None
    if checked.country_code not in SEPA:
        raise OutsideSepa(country=checked.country_code)
    return BankAccount(iban=str(checked), bic=str(checked.bic or ""), holder=name)


def account_hash(account: BankAccount) -> str:
    return hashlib.sha256(f"{account.iban}|{account.holder}".encode()).hexdigest()
