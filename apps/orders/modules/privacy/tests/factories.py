from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.orders.modules.privacy import choices
from apps.orders.modules.privacy.models import PrivacyRequest


class PrivacyRequestFactory(DjangoModelFactory[PrivacyRequest]):
    """Somebody wants their data; nothing has been done yet."""

    class Meta:
        model = PrivacyRequest

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    kind = choices.PrivacyRequest.Kind.EXPORT
    source = choices.PrivacyRequest.Source.MERCHANT
    reference = factory.Sequence(lambda n: f"request-{n}")
    asked_at = factory.LazyFunction(clock.now)
    due_at = factory.LazyAttribute(lambda request: request.asked_at + timedelta(days=30))
