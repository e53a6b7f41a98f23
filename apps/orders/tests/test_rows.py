"""`apps.core.rows` on tables that have what it is about: times, JSON, a related row."""

import json
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.core.ids import uuid7
from apps.core.rows import NOBODY, RowOf, RowsOf, read
from apps.orders.models import LineItem, Order
from apps.orders.tests.factories import OrderFactory

pytestmark = pytest.mark.django_db
COLUMNS = ("id", "store__slug", "number", "placed_at", "cancelled_at", "total_minor", "tags")


class ReadTest:
    def test_is_what_values_gives_with_json_as_text(self) -> None:
        OrderFactory.create_batch(2, tags=["a", {"b": 1}])
        values = Order.objects.order_by("id").values(*COLUMNS)

        rows = [{**row, "tags": json.loads(row["tags"])} for row in read(values)]
        assert rows == list(values)


class RowsOfTest:
    def test_one_query_for_all_keys(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        orders = OrderFactory.create_batch(2)
        OrderFactory.create()
        lines = RowsOf(
            lambda ids: LineItem.objects.filter(order_id__in=ids).order_by("id").values_list("id")
        )
        with django_assert_num_queries(1):
            found = lines.of([order.pk for order in orders])

        wanted = LineItem.objects.filter(order__in=orders).order_by("id")
        assert found == [(line.pk,) for line in wanted]
        assert lines.of([]) == []

    def test_refuses_rows_chosen_by_more_than_keys(self) -> None:
        rows = RowsOf(lambda ids: Order.objects.filter(pk__in=ids, number="1").values_list("id"))

        with pytest.raises(ValueError, match="one list of keys"):
            rows.of([])


class RowOfTest:
    def test_is_the_row_that_get_gives(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        order = OrderFactory.create(number="#7", tags=["a"])
        row = RowOf(lambda number: Order.objects.select_related("store").filter(number=number))
        with django_assert_num_queries(1):
            found = row.of("#7")
            assert found is not None
            slug = found.store.slug

        columns = [field.attname for field in Order._meta.concrete_fields]
        fresh = Order.objects.get()
        assert [getattr(found, name) for name in columns] == [
            getattr(fresh, name) for name in columns
        ]
        assert (found, slug, found._state.adding) == (order, order.store.slug, False)
        assert row.of("#8") is None

    def test_finds_by_an_id_where_it_is_told_one(self) -> None:
        order = OrderFactory.create()
        row: RowOf[Order, UUID] = RowOf(lambda pk: Order.objects.filter(pk=pk), like=NOBODY)

        assert row.of(order.pk) == order
        assert row.of(uuid7()) is None

    def test_refuses_a_row_found_by_more_than_one_key(self) -> None:
        row = RowOf(lambda number: Order.objects.filter(number=number, version=1))

        with pytest.raises(ValueError, match="one key"):
            row.of("#7")
