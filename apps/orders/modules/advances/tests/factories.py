"""An advance of 65.05 that was granted and is not out yet."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.core.ids import uuid7
from apps.orders.models import Advance, AdvanceConsent, AdvancePart
from apps.orders.tests.factories import ReturnFactory
from apps.underwriting import choices as underwriting
from apps.underwriting.tests.factories import AssessmentFactory


class AdvanceFactory(DjangoModelFactory[Advance]):
    class Meta:
        model = Advance

    ret = factory.SubFactory(ReturnFactory)
    merchant = factory.SelfAttribute("ret.merchant")
    assessment = factory.SubFactory(AssessmentFactory, store=factory.SelfAttribute("..ret.store"))
    method = factory.SelfAttribute("ret.refund_method")
    currency = factory.SelfAttribute("ret.currency")
    amount_minor = 6505
    breakdown = factory.SelfAttribute("ret.breakdown")
    granted_at = factory.LazyFunction(clock.now)


class AdvancePartFactory(DjangoModelFactory[AdvancePart]):
    class Meta:
        model = AdvancePart

    advance = factory.SubFactory(AdvanceFactory)
    merchant = factory.SelfAttribute("advance.merchant")
    rung = underwriting.Rung.PAY_NOW
    currency = factory.SelfAttribute("advance.currency")
    amount_minor = factory.SelfAttribute("advance.amount_minor")
    reference = factory.LazyFunction(uuid7)


class AdvanceConsentFactory(DjangoModelFactory[AdvanceConsent]):
    class Meta:
        model = AdvanceConsent

    ret = factory.SubFactory(ReturnFactory)
    merchant = factory.SelfAttribute("ret.merchant")
    version = "2026-11"
    language = "en"
    text = "You may charge me up to 65.05 EUR."
    currency = factory.SelfAttribute("ret.currency")
    cap_minor = 6505
    deadline = factory.LazyFunction(lambda: clock.now() + timedelta(days=30))
    accepted_at = factory.LazyFunction(clock.now)
