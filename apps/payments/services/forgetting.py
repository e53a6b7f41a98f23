"""Accounts of shoppers in transfers that were made long ago (docs/privacy.md)."""

from datetime import datetime

from django.conf import settings

from apps.payments import choices
from apps.payments.gateways.bank_transfer.models import BankTransferBatch, BankTransferPayout
from apps.payments.gateways.bank_transfer.received import BankFile

ENDED = (
    choices.Payment.Status.SUCCEEDED,
    choices.Payment.Status.CANCELLED,
    choices.Payment.Status.RETURNED,
)


def forget_bank_accounts(at: datetime) -> int:
    """Sealed accounts and files go, the bank's too, hashes stay; what is still to be paid keeps its
    account."""
    before = at - settings.BANK_DATA_LIFETIME
    old = BankTransferPayout.objects.filter(
        status__in=ENDED, settled_at__lt=before, account__isnull=False
    )
    batches = BankTransferBatch.objects.filter(exported_at__lt=before, file__isnull=False)
    quiet = batches.exclude(items__payment__status__in=choices.Payment.COLLECTING)
    told = BankFile.objects.filter(read_at__lt=before, file__isnull=False)
    gone = quiet.update(file=None) + told.update(file=None)
    return int(old.update(account=None, last_four="")) + gone
