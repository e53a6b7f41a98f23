from collections import Counter

import pytest

from apps.accounts.models import Customer, Store
from apps.accounts.tests.factories import StoreFactory
from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.reports import Report
from apps.events.models import Event
from apps.orders import choices
from apps.orders.models import LineItem, Order, Return, ReturnLineItem
from apps.orders.services import bulk_importing, csv_import
from apps.orders.services.csv_import import OrdersCsvImport
from apps.orders.services.replaying import replay_return
from apps.orders.tests.csv_files import SAMPLE, csv_of, row
from apps.orders.tests.factories import ReturnFactory


def run(store: Store, *rows: str) -> Report:
    return OrdersCsvImport(store, csv_of(*rows)).run()


def told(report: Report) -> list[tuple[int, str, str]]:
    return sorted((each.line_number, each.kind, each.code) for each in report.issues)


def tables() -> dict[str, int]:
    models = (Order, LineItem, Return, ReturnLineItem, Customer, Event)
    return {model.__name__: model.objects.count() for model in models}


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory.create(time_zone="Europe/Madrid")


class InvoicesTest:
    def test_an_invoice_becomes_an_order(self, store: Store) -> None:
        report = run(
            store,
            row(quantity=6, price="2,555"),
            row(sku="MUG", quantity=1, price="7,5"),
            row(sku="POST", quantity=2, price="9"),
        )
        order = Order.objects.with_items().get()

        assert report.counts == {"rows_imported": 3, "orders_created": 1}
        assert (order.number, order.currency, order.shipping_address["country"]) == (
            "700101",
            "EUR",
            "ES",
        )
        assert [(line.sku, line.quantity, line.paid.minor) for line in order.lines.all()] == [
            ("LN-101", 6, 1533),
            ("MUG", 1, 750),
        ]
        assert (order.shipping.minor, order.total.minor, order.captured.minor) == (
            1800,
            4083,
            4083,
        )
        assert order.flags == []
        assert order.customer is not None
        assert order.customer.external_id == "41001"

    def test_a_discount_row_is_spread_over_the_articles(self, store: Store) -> None:
        run(
            store,
            row(sku="A", quantity=1, price="29,99"),
            row(sku="B", quantity=1, price="15,5"),
            row(sku="C", quantity=1, price="7,25"),
            row(sku="D", quantity=-1, price="10"),
        )
        order = Order.objects.get()

        assert [line.paid.minor for line in order.lines.all()] == [2430, 1256, 588]
        assert order.total.minor == 4274
        assert order.lines.all()[0].discounts == [
            {"label": "Discount", "amount_minor": 569, "ref": ""}
        ]

    def test_a_discount_never_exceeds_the_articles(self, store: Store) -> None:
        run(store, row(sku="A", quantity=1, price="5"), row(sku="D", quantity=1, price="8"))

        assert Order.objects.get().total.minor == 0

    def test_services_do_not_come_back(self, store: Store) -> None:
        run(store, row(sku="A"), row(sku="M", quantity=1))

        assert [line.is_returnable for line in LineItem.objects.order_by("position")] == [
            True,
            False,
        ]

    def test_a_row_without_customer_belongs_to_nobody(self, store: Store) -> None:
        run(store, row(customer=""))

        assert Order.objects.get().customer is None
        assert Customer.objects.count() == 0

    @pytest.mark.parametrize(
        ("country", "code", "flags"),
        [("EIRE", "IE", []), ("at", "AT", []), ("", "", []), ("Narnia", "", [2])],
    )
    def test_a_country_is_a_code_or_flagged(
        self, country: str, code: str, flags: list[int], store: Store
    ) -> None:
        report = run(store, row(country=country))

        assert Order.objects.get().shipping_address["country"] == code
        assert [line for line, kind, _ in told(report) if kind == "flagged"] == flags

    def test_a_negative_quantity_is_refused_and_the_rest_is_taken(self, store: Store) -> None:
        report = run(store, row(), row(sku="B", quantity=-1))

        assert told(report) == [(3, "refused", "negative_quantity")]
        assert Order.objects.get().lines.count() == 1
        assert report.counts["rows_imported"] == 1

    def test_an_invoice_without_articles_is_refused_row_by_row(self, store: Store) -> None:
        report = run(store, row(sku="POST"), row(sku="D"), row(number="700102", quantity=-1))

        assert told(report) == [
            (2, "refused", "no_article"),
            (3, "refused", "no_article"),
            (4, "refused", "negative_quantity"),
        ]
        assert Order.objects.count() == 0

    def test_a_total_that_no_column_holds_is_refused(self, store: Store) -> None:
        one = row(quantity=1_000_000, price="10000000")
        report = run(store, one, row(sku="B", quantity=1, price="0,01"), row(number="7"))

        assert [code for *_, code in told(report)] == ["total_out_of_range"] * 2
        assert Order.objects.get().number == "7"

    def test_what_the_order_refuses_is_told_of_each_row(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: object) -> None:
            raise DomainError

        monkeypatch.setattr(bulk_importing, "judge", refuse)
        monkeypatch.setattr(bulk_importing, "import_order", refuse)
        report = run(store, row(), row(sku="B"))

        assert told(report) == [(2, "refused", "refused"), (3, "refused", "refused")]

    def test_the_same_invoice_in_another_file_is_the_same_order(self, store: Store) -> None:
        run(store, row(), row(), row(sku="B"))
        report = run(store, row(number="700100"), row(), row(), row(sku="B"))

        assert report.counts["orders_unchanged"] == 1
        assert [line.external_id for line in Order.objects.get(number="700101").lines.all()] == [
            "LN-101-1",
            "LN-101-2",
            "B-1",
        ]

    def test_a_changed_invoice_is_brought_up_to_date(self, store: Store) -> None:
        run(store, row(quantity=2))
        report = run(store, row(quantity=3))

        assert report.counts == {"rows_imported": 1, "orders_updated": 1}
        assert Order.objects.get().total.minor == 1275

    def test_progress_counts_every_row_once(self, store: Store) -> None:
        seen: list[tuple[int, int]] = []
        content = csv_of(row(), row(quantity="x"), row(number="C1", quantity=-1))
        OrdersCsvImport(store, content).run(lambda done, total: seen.append((done, total)))

        assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


class CreditNotesTest:
    def credit(self, quantity: int = -1, **named: str) -> str:
        return row("C1", quantity=quantity, **{"at": "3/3/2026 08:05", **named})

    def test_a_credit_note_is_a_return_accepted_and_refunded_elsewhere(self, store: Store) -> None:
        report = run(store, row(quantity=3), self.credit(-2))
        ret = Return.objects.get()

        assert report.counts["rows_matched"] == 1
        assert (ret.status, ret.refund_method, ret.filed_by, ret.net) == (
            choices.Return.Status.ACCEPTED,
            choices.Return.RefundMethod.ELSEWHERE,
            choices.Return.FiledBy.PLATFORM,
            Money(850, "EUR"),
        )
        assert ret.external_id == "C1:700101"
        assert ret.requested_at == ret.received_at == ret.decided_at
        assert ret.lines.get().quantity == 2
        assert LineItem.objects.get().returned_quantity == 2

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            (row("C1", quantity=-1, customer="", at="3/3/2026 08:05"), "no_customer"),
            (row("C1", quantity=-1, customer="2", at="3/3/2026 08:05"), "no_earlier_line"),
            (row("C1", sku="X", quantity=-1, at="3/3/2026 08:05"), "no_earlier_line"),
            (row("C1", quantity=-1, at="1/3/2026 08:05"), "no_earlier_line"),
            (row("C1", sku="POST", quantity=-1, at="3/3/2026 08:05"), "not_goods"),
            (row("C1", sku="D", quantity=-1, at="3/3/2026 08:05"), "not_goods"),
        ],
    )
    def test_what_matches_nothing_is_told(self, line: str, code: str, store: Store) -> None:
        report = run(store, row(), line)

        assert told(report) == [(3, "unmatched", code)]
        assert Return.objects.count() == 0

    def test_a_credit_note_of_positive_quantity_is_refused(self, store: Store) -> None:
        report = run(store, row(), self.credit(1))

        assert told(report) == [(3, "refused", "positive_credit")]

    def test_more_units_than_bought_are_partly_matched(self, store: Store) -> None:
        report = run(store, row(quantity=2), self.credit(-5))

        assert told(report) == [(3, "unmatched", "partly_matched")]
        assert report.counts["rows_matched"] == 0
        assert Return.objects.get().lines.get().quantity == 2

    def test_the_newest_line_of_the_same_price_comes_first(self, store: Store) -> None:
        run(
            store,
            row("1", quantity=1, price="4", at="1/3/2026 08:00"),
            row("2", quantity=1, price="4", at="2/3/2026 08:00"),
            row("3", quantity=1, price="5", at="2/3/2026 09:00"),
            self.credit(-2, price="4"),
        )

        assert set(Return.objects.values_list("external_id", flat=True)) == {"C1:2", "C1:1"}

    def test_another_price_is_flagged_with_both_sums(self, store: Store) -> None:
        report = run(store, row(price="4"), self.credit(-1, price="3"))
        (issue,) = report.issues

        assert (issue.kind, issue.code) == ("flagged", "amount_differs")
        assert issue.message == "The credit note says 3.00 EUR, the paid lines say 4.00 EUR"

    def test_two_credit_notes_do_not_take_the_same_unit(self, store: Store) -> None:
        second = row("C2", quantity=-1, at="4/3/2026 08:05")
        report = run(store, row(quantity=1), self.credit(-1), second)

        assert told(report) == [(4, "unmatched", "no_earlier_line")]
        assert run(store, second).counts["rows_unmatched"] == 1

    def test_units_that_came_back_in_another_way_are_gone(self, store: Store) -> None:
        run(store, row(quantity=2))
        ReturnFactory.create(order=Order.objects.get())
        report = run(store, row(quantity=2), self.credit(-1))

        assert told(report) == [(3, "unmatched", "no_earlier_line")]

    def test_a_second_run_changes_nothing_and_reports_the_same(self, store: Store) -> None:
        rows = (row(quantity=2), row("700102", quantity=1), self.credit(-2), self.credit(-2))
        first = run(store, *rows)
        before = tables()
        second = run(store, *rows)

        assert tables() == before
        assert told(second) == told(first) == [(5, "unmatched", "partly_matched")]
        assert second.counts["returns_unchanged"] == first.counts["returns_created"] == 2
        assert second.counts["rows_matched"] == first.counts["rows_matched"] == 1

    def test_an_older_invoice_that_comes_later_takes_no_second_return(self, store: Store) -> None:
        run(store, row("1", at="1/3/2026 08:00"), self.credit(-1))
        report = run(store, row("2", at="2/3/2026 08:00"), self.credit(-1))

        assert Return.objects.get().external_id == "C1:1"
        assert report.counts["returns_unchanged"] == 1

    def test_what_was_unmatched_is_matched_once_its_invoice_comes(self, store: Store) -> None:
        first = run(store, row("1", quantity=1), self.credit(-2))
        second = run(store, row("2", quantity=1), self.credit(-2))

        assert first.counts["rows_unmatched"] == second.counts["rows_matched"] == 1
        assert set(Return.objects.values_list("external_id", flat=True)) == {"C1:1", "C1:2"}

    def test_units_taken_meanwhile_are_refused(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        replay = replay_return

        def late(order: Order, *args: object) -> object:
            ReturnFactory.create(order=order)
            return replay(order, *args)  # type: ignore[arg-type]

        monkeypatch.setattr(csv_import, "replay_return", late)
        report = run(store, row(quantity=1), self.credit(-1))

        assert told(report) == [(3, "refused", "more_units_than_left")]
        assert report.counts["rows_matched"] == 0
        assert Return.objects.count() == 1

    def test_customers_are_known_by_e_mail_too(self, store: Store) -> None:
        header = "order_number;sku;title;quantity;placed_at;unit_price;email"
        content = csv_of(
            "1;A;Mug;2;2026-03-02 08:05:00;7.5;Ana@Shop.example",
            "C1;A;Mug;-1;2026-03-03 08:05:00;7.5;ana@shop.example",
            header=header,
        )
        for _ in range(2):
            report = OrdersCsvImport(store, content).run()

        assert report.counts["rows_matched"] == 1
        assert Return.objects.get().net.minor == 750


class SampleTest:
    """Figures worked out by hand from `samples/orders.csv`."""

    def test_the_report(self, store: Store) -> None:
        report = OrdersCsvImport(store, SAMPLE.read_bytes()).run()

        assert report.counts == Counter(
            rows_imported=104,
            orders_created=31,
            rows_matched=6,
            rows_unmatched=5,
            rows_refused=4,
            rows_flagged=2,
            returns_created=7,
        )
        assert told(report) == [
            (64, "refused", "quantity_not_whole"),
            (67, "refused", "negative_quantity"),
            (68, "refused", "date_unknown"),
            (70, "refused", "sku_missing"),
            (113, "unmatched", "partly_matched"),
            (115, "unmatched", "not_goods"),
            (116, "unmatched", "no_earlier_line"),
            (117, "unmatched", "no_customer"),
            (118, "flagged", "amount_differs"),
            (119, "unmatched", "not_goods"),
            (120, "flagged", "amount_differs"),
        ]

    def test_totals(self, store: Store) -> None:
        OrdersCsvImport(store, SAMPLE.read_bytes()).run()
        totals = {order.number: order.total.minor for order in Order.objects.all()}

        # 6 x 4.25 + 4 x 7.50 + 3 x 3.33 + 12 x 2.10 + 10 x 0.85
        assert totals["700101"] == 9919
        # 6 x 7.50 + 6 x 8.40 + 2 x 14.95 - 12.50 + 2 x 18.00
        assert totals["700105"] == 14880
        # 0.00 + 4 x 8.40
        assert totals["700113"] == 3360

    def test_what_credit_notes_gave_back(self, store: Store) -> None:
        OrdersCsvImport(store, SAMPLE.read_bytes()).run()

        assert {ret.external_id: ret.net.minor for ret in Return.objects.all()} == {
            "C700128:700101": 850,
            "C700128:700109": 750,
            "C700129:700117": 2200,
            "C700130:700106": 3996,
            "C700131:700102": 1495,
            # 2 of 6 units that cost 50.40 less 5.03 of the discount.
            "C700134:700105": 1512,
            "C700135:700107": 1890,
        }

    def test_twice_changes_nothing(self, store: Store) -> None:
        first = OrdersCsvImport(store, SAMPLE.read_bytes()).run()
        before = tables()
        second = OrdersCsvImport(store, SAMPLE.read_bytes()).run()

        assert tables() == before
        assert told(second) == told(first)
