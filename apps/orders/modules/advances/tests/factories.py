"""An advance of an instant return, granted and not yet let go, and the consent to it."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from apps.core.ids import uuid7
from apps.orders.modules.advances.models import Advance, AdvanceConsent, AdvancePart
from apps.orders.tests.factories import ReturnFactory
from apps.underwriting.tests.factories import AssessmentFactory


class AdvanceFactory(DjangoModelFactory[Advance]):
    """All that the breakdown of its return gives back."""

    class Meta:
        model = Advance

    ret = factory.SubFactory(ReturnFactory, instant=True)
    merchant = factory.SelfAttribute("ret.merchant")
    assessment = factory.SubFactory(AssessmentFactory, store=factory.SelfAttribute("..ret.store"))
    method = factory.SelfAttribute("ret.refund_method")
    currency = factory.SelfAttribute("ret.currency")
    amount_minor = factory.SelfAttribute("ret.net_minor")
    breakdown = factory.SelfAttribute("ret.breakdown")
    granted_at = factory.SelfAttribute("ret.requested_at")


class AdvancePartFactory(DjangoModelFactory[AdvancePart]):
    class Meta:
        model = AdvancePart

    advance = factory.SubFactory(AdvanceFactory)
    merchant = factory.SelfAttribute("advance.merchant")
    rung = "pay_now"
    currency = factory.SelfAttribute("advance.currency")
    amount_minor = factory.SelfAttribute("advance.amount_minor")
    reference = factory.LazyFunction(uuid7)


class AdvanceConsentFactory(DjangoModelFactory[AdvanceConsent]):
    class Meta:
        model = AdvanceConsent

    ret = factory.SubFactory(ReturnFactory, instant=True)
    merchant = factory.SelfAttribute("ret.merchant")
    version = "2026-11"
    language = "en"
    text = "You may charge me what I do not send back."
    currency = factory.SelfAttribute("ret.currency")
    cap_minor = factory.SelfAttribute("ret.net_minor")
    deadline = factory.LazyAttribute(lambda consent: consent.accepted_at + timedelta(days=30))
    accepted_at = factory.SelfAttribute("ret.requested_at")
