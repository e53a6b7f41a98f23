"""Decisions, policies and what they count on; everything in EUR.

`FactsFactory` and `known()` are plain values: a shopper of good standing who wants 40.00 back.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from apps.accounts.models import Merchant, Store
from apps.accounts.tests.factories import MerchantFactory, StoreFactory
from apps.core import clock
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.underwriting import choices
from apps.underwriting.dtos import (
    AddressSignals,
    Contact,
    Facts,
    Goods,
    History,
    Known,
    UnderwriteRequest,
)
from apps.underwriting.mixins.engine import assess
from apps.underwriting.models import (
    Assessment,
    Exposure,
    Identity,
    ListEntry,
    Outcome,
    Override,
    UnderwritingPolicy,
)
from apps.underwriting.modules.contact import digest
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.facts import facts_json
from apps.underwriting.modules.terms import terms_json

AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
GOOD_HISTORY = History(orders=5, first_order_at=AT - timedelta(days=400))
ANA = Contact(
    email="ana@shopper.example",
    phone="+34 600 000 001",
    street="Calle Mayor 1",
    postcode="48001",
    country="ES",
    is_email_verified=True,
)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def facts(amount: str = "40", **changed: Any) -> Facts:
    """Of good standing: score 0, everything now."""
    plain = Facts(
        value=eur(amount),
        goods=Goods(categories=("Clothing",), carrier="post_office"),
        history=GOOD_HISTORY,
        address=AddressSignals(country="ES"),
    )
    return replace(plain, **changed)


def wanted(amount: str = "40", **named: Any) -> UnderwriteRequest:
    return UnderwriteRequest(**{"request_id": uuid7(), "value": eur(amount), **named})


def known(store: Store, contact: Contact = ANA, **named: Any) -> Known:
    """What an order of good standing tells of itself, of a merchant with instant refunds."""
    told: dict[str, Any] = {
        "merchant_id": store.merchant_id,
        "store_id": store.pk,
        "order_id": uuid7(),
        "is_instant": True,
        "merchant_cap": eur("10000"),
        "goods": Goods(categories=("Clothing",), carrier="post_office"),
        "history": GOOD_HISTORY,
        "contact": contact,
        **named,
    }
    return Known(**told)


def assessed(
    store: Store, amount: str = "40", at: datetime = AT, iban: str = "", **named: Any
) -> Assessment:
    """Decided as orders would have it decided."""
    return assess(known(store, **named), wanted(amount, iban=iban), at)


class IdentityFactory(DjangoModelFactory[Identity]):
    class Meta:
        model = Identity

    kind = choices.Identity.Kind.EMAIL
    digest = factory.Sequence(lambda n: digest("email", f"shopper-{n}@shopper.example"))


class UnderwritingPolicyFactory(DjangoModelFactory[UnderwritingPolicy]):
    """The platform's, with the built-in terms, unless told."""

    class Meta:
        model = UnderwritingPolicy

    class Params:
        published = factory.Trait(
            status=choices.Policy.Status.PUBLISHED, published_at=factory.LazyFunction(clock.now)
        )
        of_merchant = factory.Trait(merchant=factory.SubFactory(MerchantFactory))

    merchant: Merchant | None = None
    version = factory.Sequence(lambda n: n + 1)
    terms = factory.LazyFunction(lambda: terms_json(BUILT_IN))


class AssessmentFactory(DjangoModelFactory[Assessment]):
    """Everything now, unless a limit is given."""

    class Meta:
        model = Assessment

    class Params:
        declined = factory.Trait(
            status=choices.Assessment.Status.DECLINED,
            rung=choices.Rung.PAY_AT_INSPECTION,
            now_minor=0,
            at_scan_minor=0,
            at_delivery_minor=0,
        )

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    shopper_mark = factory.SubFactory(IdentityFactory)
    order_id = factory.LazyFunction(uuid7)
    request_id = factory.LazyFunction(uuid7)
    version = 1
    at = AT
    status = choices.Assessment.Status.OFFERED
    rung = choices.Rung.PAY_NOW
    currency = "EUR"
    value_minor = 4000
    now_minor = factory.SelfAttribute("value_minor")
    at_scan_minor = factory.SelfAttribute("value_minor")
    at_delivery_minor = factory.SelfAttribute("value_minor")
    at_inspection_minor = factory.SelfAttribute("value_minor")
    score = 0
    reasons = factory.LazyFunction(list)
    inputs = factory.LazyAttribute(
        lambda row: facts_json(replace(facts(), value=Money(row.value_minor, row.currency)))
    )
    caps = factory.LazyFunction(
        lambda: {scope: {"minor": 60_000, "count": 3} for scope in choices.Exposure.Scope.values}
    )
    policy_version = 0


class OutcomeFactory(DjangoModelFactory[Outcome]):
    class Meta:
        model = Outcome

    assessment = factory.SubFactory(AssessmentFactory)
    merchant = factory.SelfAttribute("assessment.merchant")
    shopper_mark = factory.SelfAttribute("assessment.shopper_mark")
    kind = choices.Outcome.Kind.SETTLED
    currency = factory.SelfAttribute("assessment.currency")
    amount_minor = factory.SelfAttribute("assessment.value_minor")
    at = factory.SelfAttribute("assessment.at")


class OverrideFactory(DjangoModelFactory[Override]):
    class Meta:
        model = Override

    assessment = factory.SubFactory(AssessmentFactory)
    merchant = factory.SelfAttribute("assessment.merchant")
    rung = choices.Rung.PAY_NOW
    reason = "Known for ten years"
    needs_second_person = True
    asked_by = factory.SubFactory("apps.users.tests.factories.UserFactory", staff=True)
    asked_at = AT


class ListEntryFactory(DjangoModelFactory[ListEntry]):
    """Blocks `ana@shopper.example` at every merchant, unless told."""

    class Meta:
        model = ListEntry

    class Params:
        value = "ana@shopper.example"

    list = choices.ListEntry.List.BLOCK
    kind = choices.ListEntry.Kind.EMAIL
    digest = factory.LazyAttribute(lambda entry: digest(entry.kind, entry.value))
    reason = "Took three advances and sent nothing"
    added_by = factory.SubFactory("apps.users.tests.factories.UserFactory", staff=True)


class ExposureFactory(DjangoModelFactory[Exposure]):
    class Meta:
        model = Exposure

    slot = factory.Sequence(lambda n: f"store:{n}:EUR")
    scope = choices.Exposure.Scope.STORE
    currency = "EUR"
    limit_minor = 60_000
    limit_count = 3
