"""A recovery of 30.00 under a consent of 65.05, opened now; `at` says when instead."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.orders.models import Recovery, RecoveryAttempt, RecoveryCollection
from apps.orders.modules.recoveries import choices
from apps.orders.tests.factories import ReturnFactory

DAY = timedelta(days=1)


class RecoveryFactory(DjangoModelFactory[Recovery]):
    class Meta:
        model = Recovery

    class Params:
        at = factory.LazyFunction(clock.now)
        without_consent = factory.Trait(consent_cap_minor=None, consent_until=None)
        collecting = factory.Trait(status=choices.Recovery.Status.COLLECTING)
        recovered = factory.Trait(
            status=choices.Recovery.Status.RECOVERED,
            collected_minor=factory.SelfAttribute("due_minor"),
            next_step_at=None,
        )
        given_up = factory.Trait(status=choices.Recovery.Status.FAILED, next_step_at=None)

    ret = factory.SubFactory(ReturnFactory)
    merchant = factory.SelfAttribute("ret.merchant")
    cause = choices.Recovery.Cause.REJECTED
    currency = factory.SelfAttribute("ret.currency")
    due_minor = 3000
    lines = factory.LazyFunction(list)
    consent_cap_minor = 6505
    consent_until = factory.LazyAttribute(lambda recovery: recovery.at + 90 * DAY)
    opened_at = factory.SelfAttribute("at")
    objection_ends_at = factory.LazyAttribute(lambda recovery: recovery.opened_at + 7 * DAY)
    next_step_at = factory.SelfAttribute("objection_ends_at")


class RecoveryAttemptFactory(DjangoModelFactory[RecoveryAttempt]):
    """Asked for on the first day it may be."""

    class Meta:
        model = RecoveryAttempt

    recovery = factory.SubFactory(RecoveryFactory)
    merchant = factory.SelfAttribute("recovery.merchant")
    number = 1
    currency = factory.SelfAttribute("recovery.currency")
    amount_minor = factory.SelfAttribute("recovery.due_minor")
    consent_cap_minor = factory.SelfAttribute("recovery.consent_cap_minor")
    consent_until = factory.SelfAttribute("recovery.consent_until")
    allowed_from = factory.LazyAttribute(lambda row: row.recovery.objection_ends_at + 7 * DAY)
    first_asked_at = factory.SelfAttribute("allowed_from")
    asked_at = factory.SelfAttribute("first_asked_at")


class RecoveryCollectionFactory(DjangoModelFactory[RecoveryCollection]):
    class Meta:
        model = RecoveryCollection

    recovery = factory.SubFactory(RecoveryFactory)
    merchant = factory.SelfAttribute("recovery.merchant")
    reference = factory.Sequence(lambda n: f"pi_{n}")
    currency = factory.SelfAttribute("recovery.currency")
    amount_minor = factory.SelfAttribute("recovery.due_minor")
    at = factory.SelfAttribute("recovery.objection_ends_at")
