"""The real invoices of `shared/data`; figures worked out from the file by hand."""

from collections import Counter
from pathlib import Path

import pytest

from apps.accounts.models import Customer
from apps.accounts.tests.factories import StoreFactory
from apps.events.models import Event
from apps.orders import choices
from apps.orders.models import LineItem, Order, OrderTender, Return, ReturnLineItem
from apps.orders.services.csv_import import OrdersCsvImport

TABLES = (Order, LineItem, OrderTender, Return, ReturnLineItem, Customer, Event)
# Invoices that hold one row each, of a negative quantity and no price: write-offs, not sales.
WRITE_OFFS = {2408, 4349, *range(7190, 7193), *range(7194, 7196), *range(7197, 7216)}
WRITE_OFFS |= {7293, 7294, 7295, 7315}
RETURNED = {
    "C536506:536488": 2550,
    "C536737:536537": 590,
    "C536758:536395": 210,
    "C536826:536397": 2325,
    "C536979:536557": 375,
    "C537024:536617": 7560,
    "C537143:537140": 795,
    "C537157:537144": 3000,
    "C537203:536591": 995,
}


@pytest.mark.django_db
class RealInvoicesTest:
    def test_every_row_is_accounted_for_and_a_second_run_changes_nothing(
        self, real_data: Path
    ) -> None:
        content = (real_data / "online-retail" / "online-retail-10k.csv").read_bytes()
        store = StoreFactory.create(currency="GBP", time_zone="Europe/London")
        first = OrdersCsvImport(store, content).run()

        assert first.counts == Counter(
            rows_imported=9870,
            orders_created=439,
            rows_matched=10,
            rows_unmatched=90,
            rows_refused=30,
            returns_created=9,
        )
        refused = {each.line_number for each in first.issues if each.kind == "refused"}
        assert refused == WRITE_OFFS
        assert Counter(each.code for each in first.issues) == Counter(
            negative_quantity=30, no_earlier_line=88, not_goods=2
        )
        self.check_orders()
        self.check_returns()

        before = {model: model._default_manager.count() for model in TABLES}
        second = OrdersCsvImport(store, content).run()

        assert {model: model._default_manager.count() for model in TABLES} == before
        assert second.issues == first.issues
        assert second.counts["orders_unchanged"] == 439
        assert second.counts["returns_unchanged"] == 9

    def check_orders(self) -> None:
        totals = {order.number: order.total.minor for order in Order.objects.all()}

        assert sum(totals.values()) == 18_424_833
        # Seven rows; twenty with 3 x 18.00 postage; twenty with carriage of 50.00 and so on.
        assert totals["536365"] == 13912
        assert totals["536370"] == 85586
        assert totals["536540"] == 54038
        assert totals["536592"] == 691565
        assert Order.objects.get(number="536370").shipping.minor == 5400
        assert not Order.objects.exclude(flags=[]).exists()

    def check_returns(self) -> None:
        returns = Return.objects.all()

        assert {ret.external_id: ret.net.minor for ret in returns} == RETURNED
        assert {ret.status for ret in returns} == {choices.Return.Status.ACCEPTED}
