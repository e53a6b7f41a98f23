"""A batch written as its file and checked against the schema before anything is marked sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from apps.core.errors import DomainError
from apps.payments.dtos import BankAccount
from apps.payments.gateways.bank_transfer.mappers import Transfer, TransferFile, to_xml
from apps.payments.gateways.bank_transfer.schema import validate

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.payments.gateways.bank_transfer.models import BankTransferBatch, BankTransferPayout


class MerchantHasNoAccount(DomainError):
    code = "merchant_has_no_account"
    title = "Set the account that transfers are paid from first"
    status = 409


def platform_account() -> BankAccount:
    """Advances leave from the platform's own account."""
    seller = settings.SELLER
    return BankAccount(iban=seller["iban"], bic=seller["bic"], holder=seller["name"])


def debtor_of(merchant: "Merchant") -> BankAccount:
    if not merchant.iban:
        raise MerchantHasNoAccount
    iban = "".join(merchant.iban.split()).upper()
    return BankAccount(iban=iban, bic=merchant.bic, holder=merchant.legal_name)


def batch_file(
    batch: "BankTransferBatch", payouts: "Sequence[BankTransferPayout]", at: datetime
) -> bytes:
    """Raises FileNotValid; the sums of the file are those of its transfers."""
    transfers = tuple(
        Transfer(
            end_to_end_id=payout.reference,
            amount=payout.amount,
            creditor=payout.destination(),
            remittance=f"Refund {payout.ret or payout.order} {payout.store.name}",
        )
        for payout in payouts
    )
    by_platform = any(payout.is_platforms for payout in payouts)
    debtor = platform_account() if by_platform else debtor_of(batch.merchant)
    file = TransferFile(batch.message_id, at, debtor, transfers)
    xml = to_xml(file)
    validate(xml)
    return xml
