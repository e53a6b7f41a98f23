"""A merchant's card for its invoices: agreed to in words, given on a page of Stripe's, dropped."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.billing import choices
from apps.billing.helpers import seller
from apps.billing.models import BillingProfile, MerchantCard
from apps.billing.modules.card_consent import VERSION, card_consent
from apps.billing.services.paying import NotPayableOnline
from apps.billing.services.running import profile_of
from apps.billing.services.subscribing import open_profile
from apps.core.errors import DomainError
from apps.core.verbs import lock
from apps.payments import services as payments
from apps.payments.gateways.stripe.facts import CardFacts, PageAsked, Refused
from apps.payments.refusals import NoAnswer
from apps.payments.services.removing import remove_at_stripe

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.users.models import User

logger = logging.getLogger(__name__)
Status = choices.MerchantCard.Status
Method = choices.Profile.Method
AT_ONCE = 200


class OtherConsent(DomainError):
    code = "consent_outdated"
    title = "The words to agree to have changed; please read them again"
    status = 409


def consent_of(merchant: "Merchant") -> tuple[str, str]:
    """Version and words, in the language of the merchant."""
    return VERSION, card_consent(profile_of(merchant).language, seller()["name"])


def open_card_page(merchant: "Merchant", version: str, by: "User", at: datetime) -> MerchantCard:
    """The page where a card is given, opened now or before. Outside of a transaction.

    Raises OtherConsent, NoPlatformAccount or NotPayableOnline. The card before it serves until
    another one is given.
    """
    if version != VERSION:
        raise OtherConsent(version=VERSION)
    card = _consented(merchant, by, at)
    if card.url:
        return card
    try:
        _open(card)
    except NoAnswer as silence:
        raise NotPayableOnline(reason="no_answer") from silence
    except Refused as refused:
        raise NotPayableOnline(reason=refused.code) from refused
    return card


def look_at_cards(at: datetime) -> int:
    """What became of the pages, and what is to be removed at Stripe; how many changed."""
    given = MerchantCard.objects.consented().select_related("stripe_account")
    changed = sum(_look_at(card, at) for card in given.order_by("id")[:AT_ONCE])
    waiting = MerchantCard.objects.to_remove().select_related("stripe_account")
    return changed + sum(remove_at_stripe(card, at) for card in waiting[:AT_ONCE])


def hear_card(merchant_id: UUID, facts: CardFacts) -> None:
    """Stripe was asked for it; one that is not a merchant's is passed by."""
    for card in MerchantCard.objects.consented().filter(merchant_id=merchant_id):
        if str(card.pk) == facts.token:
            _keep(card, facts)


@transaction.atomic
def drop_card(merchant: "Merchant") -> None:
    """Nothing more is charged, and the next invoices are paid by bank transfer. Stripe loses it
    within minutes."""
    profile = _locked_profile(merchant)
    for card in MerchantCard.objects.for_merchant(merchant).live():
        card.end(Status.DROPPED, "by_merchant")
    _charge_no_more(profile)


@transaction.atomic
def refuse_card(card: MerchantCard, code: str) -> None:
    """The bank said never again."""
    profile = _locked_profile(card.merchant)
    lock(card)
    if card.status == Status.READY:
        card.end(Status.REFUSED, code)
        _charge_no_more(profile)


@transaction.atomic
def _consented(merchant: "Merchant", by: "User", at: datetime) -> MerchantCard:
    _locked_profile(merchant)
    version, text = consent_of(merchant)
    for before in MerchantCard.objects.for_merchant(merchant).consented():
        if before.consent_version == version and at < before.link_until:
            return before
        before.end(Status.DROPPED, "page_over")
    card = MerchantCard(
        merchant=merchant,
        stripe_account=payments.platform_account(merchant),
        consent_text=text,
        consent_version=version,
        consented_at=at,
        agreed_by=by,
        link_until=at + settings.PAY_LINK_LIFETIME,
    )
    card.save(force_insert=True)
    card.record(choices.Event.CARD_CONSENTED, version=version, by=str(by.pk))
    return card


def _open(card: MerchantCard) -> None:
    """Under keys of its own: a repeat opens the same page."""
    client = card.stripe_account.client()
    customer = client.customer(card.metadata, f"merchant_card:{card.pk}:customer")
    asked = PageAsked(
        label="",
        currency=card.merchant.currency,
        back_to=settings.DASHBOARD_URL,
        expires_at=int(card.link_until.timestamp()),
        metadata=card.metadata,
        key=f"merchant_card:{card.pk}:page",
        customer=customer,
    )
    page = client.open_page(asked)
    card.offer(customer, page.id, page.url)


def _look_at(card: MerchantCard, at: datetime) -> bool:
    """Whether it was given, or its time is over."""
    try:
        client = card.stripe_account.client()
        page = client.page(card.session_id) if card.session_id else None
        if page is not None and page.setup and page.status == "complete":
            _keep(card, client.card_set_up(page.setup))
        elif at >= card.link_until:
            card.end(Status.DROPPED, "page_over")
    except (NoAnswer, Refused) as error:
        logger.warning("could not ask for card %s: %r", card.pk, error)
    return card.status != Status.CONSENTED


@transaction.atomic
def _keep(card: MerchantCard, facts: CardFacts) -> None:
    """It takes the place of the one before, and pays from now on."""
    profile = _locked_profile(card.merchant)
    lock(card)
    if card.status != Status.CONSENTED:
        return
    for before in MerchantCard.objects.for_merchant(card.merchant).ready():
        before.end(Status.DROPPED, "replaced")
    card.keep(facts)
    profile.pay_by(Method.CARD)


def _charge_no_more(profile: BillingProfile) -> None:
    if profile.method == Method.CARD:
        profile.pay_by(Method.BANK_TRANSFER)


def _locked_profile(merchant: "Merchant") -> BillingProfile:
    profile = open_profile(merchant)
    lock(profile)
    return profile
