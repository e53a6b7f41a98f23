from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.billing import choices
from apps.billing.dtos import ProfileDetails
from apps.billing.models import BillingProfile, MerchantCard
from apps.billing.models.profile import CardRequired
from apps.billing.services.subscribing import open_profile
from apps.payments.gateways.bank_transfer.accounts import check_account

if TYPE_CHECKING:
    from apps.accounts.models import Merchant


@transaction.atomic
def change_profile(
    merchant: "Merchant", details: ProfileDetails, iban: str, at: datetime
) -> BillingProfile:
    """`iban` empty keeps the account; a new one is held by the legal name, with a new mandate.

    Raises InvalidAccount, OutsideSepa, InvalidVatNumber, MandateRequired or CardRequired.
    """
    if details.language is not None:
        merchant.speak(details.language)
    profile = open_profile(merchant)
    by_card = details.method == choices.Profile.Method.CARD
    if by_card and not MerchantCard.objects.for_merchant(merchant).ready().exists():
        raise CardRequired
    if iban:
        details = replace(details, account=check_account(iban, details.legal_name[:70]))
    profile.change(details, at)
    return profile
