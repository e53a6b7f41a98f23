from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.tests.factories import StoreFactory
from apps.core.money import CurrencyMismatch, Money
from apps.orders.models import Order, StockLevel
from apps.orders.modules.inventory.services import (
    StockSnapshot,
    exchange_options,
    upsert_levels,
)
from apps.orders.tests.factories import OrderFactory, ReturnFactory, StockLevelFactory


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def snapshot(variant_id: str, **more: Any) -> StockSnapshot:
    return StockSnapshot(
        **{
            "variant_id": variant_id,
            "title": "T-shirt, L",
            "price": eur(2500),
            "on_hand": 5,
            **more,
        }
    )


@pytest.mark.django_db
class UpsertLevelsTest:
    def test_new_ones_are_written_and_known_ones_follow(self) -> None:
        level = StockLevelFactory.create(variant_id="v1")
        changed = snapshot(
            "v1", title="T-shirt, XL", price=eur(2900), on_hand=3, sku="TS", tax_rate="10"
        )
        assert upsert_levels(level.store, [changed, snapshot("v2", product_id="p")]) == 2
        level.refresh_from_db()
        assert (level.title, level.price, level.on_hand) == ("T-shirt, XL", eur(2900), 3)
        assert (level.sku, level.tax_rate) == ("TS", "10")
        fresh = StockLevel.objects.for_store(level.store).get(variant_id="v2")
        assert (fresh.product_id, fresh.available, fresh.currency) == ("p", 5, "EUR")

    def test_the_last_snapshot_of_a_variant_counts(self) -> None:
        store = StoreFactory.create()
        assert upsert_levels(store, [snapshot("v"), snapshot("v", on_hand=8)]) == 1
        assert StockLevel.objects.for_store(store).get().on_hand == 8

    def test_what_is_held_stays_held(self) -> None:
        level = StockLevelFactory.create(on_hand=10, reserved=4)
        upsert_levels(level.store, [snapshot(level.variant_id, on_hand=1)])
        level.refresh_from_db()
        assert (level.on_hand, level.available) == (4, 0)

    def test_another_store_s_variant_of_that_name_is_another(self) -> None:
        level = StockLevelFactory.create(variant_id="v", on_hand=1)
        upsert_levels(StoreFactory.create(), [snapshot("v", on_hand=9)])
        level.refresh_from_db()
        assert level.on_hand == 1

    def test_a_foreign_currency_is_refused(self) -> None:
        with pytest.raises(CurrencyMismatch):
            upsert_levels(StoreFactory.create(), [snapshot("v", price=Money(1, "USD"))])

    def test_the_queries_do_not_grow(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        store = StoreFactory.create()
        upsert_levels(store, [snapshot(f"v{n}") for n in range(50)])
        with django_assert_num_queries(5):  # two of them open and release the savepoint
            upsert_levels(store, [snapshot(f"v{n}") for n in range(25, 75)])
        assert StockLevel.objects.for_store(store).count() == 75


@pytest.mark.django_db
class ExchangeOptionsTest:
    def test_other_variants_of_the_product_with_the_difference_of_one_unit(self) -> None:
        """25 % off the old one goes over: 40.00 becomes 30.00, against 22.50 paid for each."""
        order = OrderFactory.create(
            lines=[
                {
                    "product_id": "shirt",
                    "quantity": 2,
                    "unit_price_minor": 3000,
                    "total_minor": 4500,
                    "discounts": [{"label": "Sale", "amount_minor": 1500}],
                }
            ]
        )
        line = order.lines.get()
        dear = StockLevelFactory.create(store=order.store, product_id="shirt", price_minor=4000)
        even = StockLevelFactory.create(store=order.store, product_id="shirt", price_minor=3000)
        cheap = StockLevelFactory.create(store=order.store, product_id="shirt", price_minor=2000)
        StockLevelFactory.create(store=order.store, product_id="shirt", on_hand=1, reserved=1)
        StockLevelFactory.create(store=order.store, product_id="trousers")
        StockLevelFactory.create(product_id="shirt")
        options = exchange_options(order)[line.pk]
        assert [(each.variant_id, each.difference) for each in options] == [
            (cheap.variant_id, eur(-750)),
            (even.variant_id, eur(0)),
            (dear.variant_id, eur(750)),
        ]
        assert (options[2].price, options[2].available) == (eur(4000), 10)

    def test_tax_added_on_top_is_part_of_the_difference(self) -> None:
        """100.00 + 21.00 was paid; 120.00 + 25.20 is asked."""
        order = OrderFactory.create(
            tax_included=False,
            lines=[{"product_id": "shirt", "unit_price_minor": 10_000, "tax_minor": 2100}],
        )
        StockLevelFactory.create(store=order.store, product_id="shirt", price_minor=12_000)
        ((option,),) = exchange_options(order).values()
        assert option.difference == eur(2420)

    def test_nothing_for_units_that_are_gone_or_stores_without_exchanges(self) -> None:
        order = OrderFactory.create()
        ReturnFactory.create(order=order)
        assert exchange_options(order) == {}
        shut = OrderFactory.create(store__preferences__exchanges_enabled=False)
        assert exchange_options(shut) == {}

    def test_the_queries_do_not_grow(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        made = OrderFactory.create(lines=[{"product_id": f"p{n}"} for n in range(5)])
        for n in range(5):
            StockLevelFactory.create_batch(3, store=made.store, product_id=f"p{n}")
        order = Order.objects.select_related("store__preferences").with_items().get(pk=made.pk)
        with django_assert_num_queries(1):
            assert [len(each) for each in exchange_options(order).values()] == [3] * 5
