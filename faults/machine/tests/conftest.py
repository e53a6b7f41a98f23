"""The stage that all examples share, committed once and left as it is by every example."""

import pytest

from apps.accounts.tests.factories import LocationFactory, StoreFactory
from apps.core.money import Money
from apps.deliveries.tests.factories import ReturnMethodFactory
from apps.orders.dtos import MethodChoice
from apps.payments.tests.factories import DebtorFactory, StripeAccountFactory
from apps.users.tests.factories import MembershipFactory
from faults.machine.compare import prepare
from faults.machine.judge import Judge
from faults.machine.play import Stage

LABEL = b"%PDF-1.4 a label"


@pytest.fixture
def stage(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Restocking is by fixed sum and a bonus by percent, both nothing until a rule says so."""
    monkeypatch.setattr("apps.deliveries.providers.own.provider.render", lambda _: LABEL)
    merchant = DebtorFactory.create()
    store = StoreFactory.create(
        merchant=merchant,
        preferences__return_window_days=3650,
        preferences__restocking_kind="fixed",
        preferences__bonus_kind="percent",
    )
    location = LocationFactory.create(merchant=merchant)
    methods = []
    for code, price, keeps in (("free", 0, False), ("paid", 295, False), ("keep", 0, True)):
        row = ReturnMethodFactory.create(
            store=store, location=location, code=code, keeps_goods=keeps, price__price_minor=price
        )
        methods.append(
            MethodChoice(row.pk, code, code, row.type, Money(price, "EUR"), keeps_goods=keeps)
        )
    maker, approver = (
        MembershipFactory.create(merchant=merchant, role__may_approve_payouts=True).user
        for _ in range(2)
    )
    account = StripeAccountFactory.create(merchant=merchant, store=store)
    judge = Judge()
    judge.learn()
    prepare()
    return Stage(merchant, store, maker, approver, methods, judge, account)
