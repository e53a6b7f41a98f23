"""Rows come through the merchant's or the store's door, and only its own do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core.models import TenantModel
from apps.orders.modules.advances.tests.factories import (
    AdvanceConsentFactory,
    AdvanceFactory,
    AdvancePartFactory,
)
from apps.orders.modules.privacy.tests.factories import PrivacyRequestFactory
from apps.orders.modules.recoveries.tests.factories import (
    RecoveryAttemptFactory,
    RecoveryCollectionFactory,
    RecoveryFactory,
)
from apps.orders.tests.factories import (
    ExchangeLineItemFactory,
    ImportIssueFactory,
    ImportJobFactory,
    LineItemFactory,
    OrderFactory,
    OrderTenderFactory,
    PolicyFactory,
    PolicyRuleFactory,
    QuoteFactory,
    RestockMovementFactory,
    ReturnFactory,
    ReturnLineItemFactory,
    ReturnReasonFactory,
    StockLevelFactory,
    StockReservationFactory,
)

pytestmark = pytest.mark.django_db
OF_STORE: dict[str, Callable[[Store], Any]] = {
    "advance": lambda store: AdvanceFactory.create(ret__order__store=store),
    "advanceconsent": lambda store: AdvanceConsentFactory.create(ret__order__store=store),
    "advancepart": lambda store: AdvancePartFactory.create(advance__ret__order__store=store),
    "exchangelineitem": lambda store: ExchangeLineItemFactory.create(
        return_line__ret__order__store=store
    ),
    "importissue": lambda store: ImportIssueFactory.create(job__store=store),
    "importjob": lambda store: ImportJobFactory.create(store=store),
    "lineitem": lambda store: LineItemFactory.create(order__store=store),
    "order": lambda store: OrderFactory.create(store=store),
    "ordertender": lambda store: OrderTenderFactory.create(order__store=store),
    "policy": lambda store: PolicyFactory.create(store=store),
    "policyrule": lambda store: PolicyRuleFactory.create(policy__store=store),
    "privacyrequest": lambda store: PrivacyRequestFactory.create(store=store),
    "quote": lambda store: QuoteFactory.create(order__store=store),
    "recovery": lambda store: RecoveryFactory.create(ret__order__store=store),
    "recoveryattempt": lambda store: RecoveryAttemptFactory.create(
        recovery__ret__order__store=store
    ),
    "recoverycollection": lambda store: RecoveryCollectionFactory.create(
        recovery__ret__order__store=store
    ),
    "restockmovement": lambda store: RestockMovementFactory.create(level__store=store),
    "return": lambda store: ReturnFactory.create(order__store=store),
    "returnlineitem": lambda store: ReturnLineItemFactory.create(ret__order__store=store),
    "returnreason": lambda store: ReturnReasonFactory.create(store=store),
    "stocklevel": lambda store: StockLevelFactory.create(store=store),
    "stockreservation": lambda store: StockReservationFactory.create(level__store=store),
}


def tenant_models() -> list[type[TenantModel]]:
    return [
        model
        for model in apps.get_app_config("orders").get_models()
        if issubclass(model, TenantModel)
    ]


class DoorsTest:
    @pytest.mark.parametrize("name", sorted(OF_STORE))
    def test_each_door_shows_its_own_rows_only(self, name: str) -> None:
        model: Any = apps.get_model("orders", name)
        ours = StoreFactory.create()
        sister = StoreFactory.create(merchant=ours.merchant)
        theirs = StoreFactory.create()
        mine, sisters, foreign = (OF_STORE[name](store).pk for store in (ours, sister, theirs))

        def through(rows: "models.QuerySet[TenantModel]") -> set[Any]:
            return {row.pk for row in rows} & {mine, sisters, foreign}

        assert through(model.objects.for_merchant(ours.merchant)) == {mine, sisters}
        assert through(model.objects.for_merchant(theirs.merchant)) == {foreign}
        if hasattr(model, "store_id"):
            assert through(model.objects.for_store(ours)) == {mine}
            assert through(model.objects.for_store(theirs)) == {foreign}

    def test_no_model_is_left_out(self) -> None:
        assert {model._meta.model_name for model in tenant_models()} == set(OF_STORE)

    def test_a_row_cannot_point_across(self, check_deferred: Callable[[], None]) -> None:
        line = LineItemFactory.create()
        line.order = OrderFactory.create()
        line.save()
        with pytest.raises(IntegrityError):
            check_deferred()
