"""The compilers that remember say what Django's own say, the first time and every other."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models
from django.db.backends.postgresql.compiler import SQLCompiler
from django.db.models import Count, Exists, F, OuterRef, Q

from apps.core.postgres import compiler
from apps.orders.models import LineItem, Order, Return
from apps.orders.tests.factories import OrderFactory

ORDERS, LINES = Order.objects.all(), LineItem.objects.all()
type Rows = models.QuerySet[Any, Any]
QUERIES: dict[str, Callable[[], Rows]] = {
    "all": ORDERS.all,
    "by a column": lambda: ORDERS.filter(number="1"),
    "ordered": lambda: ORDERS.order_by("placed_at", "-id"),
    "ordered backwards": lambda: ORDERS.order_by("placed_at", "-id").reverse(),
    "by the model's order": lambda: LINES.filter(sku="x"),
    "by the model's order backwards": LINES.reverse,
    "without order": LINES.order_by,
    "by a relation": lambda: LINES.order_by("order", "id"),
    "by an expression": lambda: LINES.order_by(F("sku").desc(nulls_last=True)),
    "by the key": lambda: LINES.order_by("pk"),
    "over a relation": lambda: LINES.filter(order__number="1").order_by("position"),
    "with a relation": lambda: LINES.select_related("order__store"),
    "without a column": lambda: LINES.defer("title"),
    "with some columns": lambda: LINES.only("title"),
    "values": lambda: LINES.values("id", "order__number"),
    "flat": lambda: LINES.values_list("sku", flat=True),
    "counted": lambda: ORDERS.annotate(count=Count("lines")).filter(count__gt=1),
    "with a subquery": lambda: ORDERS.filter(pk__in=LINES.filter(sku="x").values("order_id")),
    "where another is": lambda: ORDERS.filter(Exists(LINES.filter(order=OuterRef("pk")))),
    "where none is": lambda: ORDERS.exclude(lines__sku="x"),
    "distinct": lambda: ORDERS.filter(Q(lines__sku="x") | Q(number="1")).distinct(),
    "of two": lambda: ORDERS.filter(number="1").union(ORDERS.filter(number="2")),
    "locked": lambda: ORDERS.select_related("store").select_for_update(of=("self",)),
    "a slice": lambda: ORDERS.order_by("-placed_at", "-id")[5:10],
    "with more": lambda: ORDERS.extra(select={"number": "1"}),
    "with a name of a column": lambda: ORDERS.annotate(lowest=F("id")).order_by("lowest"),
}


@pytest.mark.django_db
class CompilerTest:
    @pytest.mark.parametrize("name", QUERIES)
    def test_says_what_django_says(self, name: str) -> None:
        def said(by: Any) -> Any:
            query = QUERIES[name]().query
            with_it: Any = by(query, connection, "default")
            return with_it.as_sql(), with_it._meta_ordering, len(with_it.select)

        expected = said(SQLCompiler)

        assert [said(compiler.SQLCompiler) for _ in range(2)] == [expected, expected]
        assert type(QUERIES[name]().query.get_compiler("default")) is compiler.SQLCompiler

    def test_what_is_kept_is_nobodys(self) -> None:
        order = OrderFactory.create(number="1")
        rows = Order.objects.filter(number="1")
        first, again = (rows.query.clone().get_compiler("default") for _ in range(2))
        for each in (first, again):
            each.as_sql()
        first.select.clear()
        first.klass_info.clear()

        assert [found.pk for found in rows] == [order.pk]
        assert rows.get().placed_at == order.placed_at
        assert len(again.select) == len(Order._meta.concrete_fields)
        assert list(Return.objects.all()) == []
