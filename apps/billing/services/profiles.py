from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.billing.dtos import ProfileDetails
from apps.billing.models import BillingProfile
from apps.billing.services.subscribing import open_profile
from apps.payments.gateways.bank_transfer.accounts import check_account

if TYPE_CHECKING:
    from apps.accounts.models import Merchant


@transaction.atomic
def change_profile(
    merchant: "Merchant", details: ProfileDetails, iban: str, at: datetime
) -> BillingProfile:
    """`iban` empty keeps the account; a new one is held by the legal name, with a new mandate.

    Raises InvalidAccount, OutsideSepa, InvalidVatNumber or MandateRequired.
    """
    profile = open_profile(merchant)
    if iban:
        details = replace(details, account=check_account(iban, details.legal_name[:70]))
    profile.change(details, at)
    return profile
