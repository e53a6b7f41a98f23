"""Accounts of shoppers in transfers that were made long ago (docs/privacy.md)."""

from datetime import datetime

from django.conf import settings

from apps.payments import choices
from apps.payments.gateways.bank_transfer.models import BankTransferBatch, BankTransferPayout

ENDED = (
    choices.Payment.Status.SUCCEEDED,
    choices.Payment.Status.CANCELLED,
    choices.Payment.Status.RETURNED,
)


def forget_bank_accounts(at: datetime) -> int:
    """Sealed accounts and files go, hashes stay; what is still to be paid keeps its account."""
    before = at - settings.BANK_DATA_LIFETIME
    old = BankTransferPayout.objects.filter(
        status__in=ENDED, settled_at__lt=before, account__isnull=False
    )
    batches = BankTransferBatch.objects.filter(exported_at__lt=before, file__isnull=False)
    quiet = batches.exclude(items__payment__status__in=choices.Payment.COLLECTING)
    return int(old.update(account=None, last_four="")) + quiet.update(file=None)
