"""Traffic with shops: nothing of it is sent by being made."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.core.ids import uuid7
from apps.integrations import choices
from apps.integrations.models import OrderSync, PlatformAction, SyncRefusal, WebhookCheck


class OrderSyncFactory(DjangoModelFactory[OrderSync]):
    class Meta:
        model = OrderSync

    class Params:
        done = factory.Trait(
            status=choices.OrderSync.Status.DONE,
            asked_at=factory.LazyFunction(clock.now),
            done_at=factory.LazyFunction(clock.now),
        )

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    kind = choices.OrderSync.Kind.CHANGES
    since = factory.LazyFunction(lambda: clock.now() - timedelta(days=1))


class SyncRefusalFactory(DjangoModelFactory[SyncRefusal]):
    class Meta:
        model = SyncRefusal

    sync = factory.SubFactory(OrderSyncFactory)
    merchant = factory.SelfAttribute("sync.merchant")
    external_id = factory.Sequence(lambda n: f"order-{n}")
    code = "wrong_currency"


class PlatformActionFactory(DjangoModelFactory[PlatformAction]):
    class Meta:
        model = PlatformAction

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    ret_id = factory.LazyFunction(uuid7)
    subject_id = factory.SelfAttribute("ret_id")
    kind = choices.PlatformAction.Kind.OPEN_RETURN
    reference = factory.Sequence(lambda n: f"open-return-{n}")


class WebhookCheckFactory(DjangoModelFactory[WebhookCheck]):
    class Meta:
        model = WebhookCheck

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
