"""Opening and closing a merchant with everything that belongs to it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from apps.accounts import choices
from apps.accounts.dtos import OpenMerchantRequest
from apps.accounts.mixins.lifecycle import SlugTaken
from apps.accounts.models import Location, Merchant, MerchantPreferences, Store
from apps.core.errors import DomainError
from apps.core.money import decimals_of
from apps.users import choices as users
from apps.users import services as team
from apps.users.models import ApiKey, Membership, Role


class InvalidBankAccount(DomainError):
    code = "invalid_bank_account"
    title = "The IBAN or BIC is not valid"
    status = 400


@transaction.atomic
def open_merchant(request: OpenMerchantRequest) -> Merchant:
    """The merchant with preferences, the three default roles, its owner and a default location."""
    decimals_of(request.currency)
    iban, bic = _bank_account(request.iban, request.bic)
    merchant = Merchant(
        name=request.name,
        slug=request.slug,
        legal_name=request.legal_name,
        tax_id=request.tax_id,
        country=request.country,
        currency=request.currency,
        plan=request.plan,
        iban=iban,
        bic=bic,
    )
    try:
        with transaction.atomic():
            merchant.save(force_insert=True)
    except IntegrityError:
        raise SlugTaken(slug=request.slug) from None
    MerchantPreferences(merchant=merchant).save(force_insert=True)
    Location(merchant=merchant, name=request.name, address=request.address, is_default=True).save(
        force_insert=True
    )
    roles = Role.objects.create_defaults(merchant)
    owner = team.Invitation(
        merchant, request.owner_email, roles[users.OWNER], by=None, name=request.owner_name
    )
    team.invite(owner)
    merchant.record(choices.Event.MERCHANT_OPENED, slug=merchant.slug)
    return merchant


@transaction.atomic
def close_merchant(merchant: Merchant, at: datetime) -> None:
    """Retires its stores, revokes its keys and ends its seats; the books stay as they are."""
    merchant.close(at)
    for store in Store.objects.for_merchant(merchant).order_by("pk"):
        store.retire(at)
    for key in ApiKey.objects.for_merchant(merchant).live_at(at).order_by("pk"):
        key.revoke(at)
    Membership.objects.for_merchant(merchant).active().update(is_active=False)


def _bank_account(iban: str, bic: str) -> tuple[str, str]:
    """In compact form; "" stays "" and a missing BIC is read from the IBAN where it is known."""
    if not iban:
        return "", ""
    try:
        account = IBAN(iban)
        known = BIC(bic) if bic else account.bic
    except SchwiftyException:
        raise InvalidBankAccount from None
    return account.compact, known.compact if known else ""
