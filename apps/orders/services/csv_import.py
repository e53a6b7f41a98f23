"""The CSV import as one report: invoices to orders, credit notes to returns, nothing dropped."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import batched
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Sum

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.reports import AbstractReportService, Issue, Report
from apps.orders.models import LineItem, Order, ReturnLineItem
from apps.orders.services import csv_orders
from apps.orders.services.csv_credit_notes import Candidate, Match, Matcher, credited
from apps.orders.services.csv_rows import Row, read_rows
from apps.orders.services.importing import import_order
from apps.orders.services.replaying import replay_return

if TYPE_CHECKING:
    from apps.accounts.models import Store

BATCH = 25
BOUGHT = (
    "id",
    "order_id",
    "order__placed_at",
    "unit_price_minor",
    "fulfilled_quantity",
    "order__customer__external_id",
    "sku",
)


class OrdersCsvImport(AbstractReportService):
    """Counts: rows_imported, rows_matched, rows_unmatched, rows_refused, orders_*, returns_*.

    Running it again changes nothing: orders are known by number, returns by credit note.
    """

    def __init__(self, store: "Store", content: bytes) -> None:
        self.store = store
        self.currency = store.currency
        read = list(read_rows(content, store.zone))
        self.refused = [each for each in read if isinstance(each, Issue)]
        self.invoices: dict[str, list[Row]] = defaultdict(list)
        self.credit_notes: dict[str, list[Row]] = defaultdict(list)
        for row in read:
            if isinstance(row, Row):
                credit = csv_orders.is_credit_note(row.number)
                (self.credit_notes if credit else self.invoices)[row.number].append(row)

    def total(self) -> int:
        return len(self.refused) + sum(
            len(rows) for group in (self.invoices, self.credit_notes) for rows in group.values()
        )

    def steps(self, report: Report) -> Iterator[int]:
        for issue in self.refused:
            report.add(issue)
        yield len(self.refused)
        for batch in batched(self.invoices.values(), BATCH, strict=False):
            for rows in batch:
                self._import(rows, report)
            yield sum(len(rows) for rows in batch)
        matcher = Matcher(self._bought(), self.currency)
        for number, rows in self.credit_notes.items():
            self._replay(number, rows, matcher, report)
            yield len(rows)

    def _import(self, rows: list[Row], report: Report) -> None:
        good = [row for row in rows if self._is_sale(row, report)]
        if not any(map(csv_orders.is_article, good)):
            for row in good:
                text = "The invoice has no article left to make an order of"
                report.add(Issue(row.line_number, "refused", "no_article", text))
            return
        try:
            outcome = import_order(self.store, csv_orders.snapshot(good, self.currency))
        except DomainError as refusal:
            for row in good:
                report.add(Issue(row.line_number, "refused", refusal.code, refusal.title))
            return
        report.counts["rows_imported"] += len(good)
        report.counts[f"orders_{outcome.result}"] += 1

    def _is_sale(self, row: Row, report: Report) -> bool:
        if row.quantity > 0 or row.sku.upper() in csv_orders.DISCOUNT_CODES:
            return True
        text = "A negative quantity belongs on a credit note"
        report.add(Issue(row.line_number, "refused", "negative_quantity", text))
        return False

    def _bought(self) -> Iterator[tuple[str, str, Candidate]]:
        """Lines of the store with their customer, less units that came back in other ways."""
        other_ways = dict(
            ReturnLineItem.objects.for_merchant(self.store.merchant)
            .live()
            .filter(ret__store=self.store)
            .exclude(ret__external_id__startswith=csv_orders.CREDIT_NOTE)
            .values_list("line_item")
            .annotate(units=Sum("quantity"))
        )
        lines = (
            LineItem.objects.filter(merchant_id=self.store.merchant_id, order__store=self.store)
            .filter(is_returnable=True)
            .exclude(order__customer=None)
            .order_by("order__placed_at", "order_id", "position")
            .values_list(*BOUGHT)
        )
        for line_id, order_id, at, price, units, customer, sku in lines.iterator():
            left = units - other_ways.get(line_id, 0)
            unit_price = Money(price, self.currency)
            yield customer, sku, Candidate(line_id, order_id, at, unit_price, left)

    def _replay(self, number: str, rows: list[Row], matcher: Matcher, report: Report) -> None:
        by_order: dict[UUID, list[Match]] = defaultdict(list)
        for row in rows:
            matches, issue = self._matches(row, matcher)
            if issue is not None:
                report.add(issue)
            for match in matches:
                by_order[match.candidate.order_id].append(match)
            report.counts["rows_matched"] += issue is None
        for order_id, matches in by_order.items():
            self._replay_one(number, order_id, matches, report)

    def _matches(self, row: Row, matcher: Matcher) -> tuple[list[Match], Issue | None]:
        if row.quantity >= 0:
            text = "A credit note takes back a negative quantity"
            return [], Issue(row.line_number, "refused", "positive_credit", text)
        if not csv_orders.is_article(row):
            text = "Credit for postage or a discount: no goods come back"
            return [], Issue(row.line_number, "unmatched", "not_goods", text)
        return matcher.match(row)

    def _replay_one(
        self, number: str, order_id: UUID, matches: list[Match], report: Report
    ) -> None:
        order = Order.objects.for_store(self.store).select_related("store").get(pk=order_id)
        units: Counter[UUID] = Counter()
        for match in matches:
            units[match.candidate.line_id] += match.quantity
        external_id = f"{number}:{order.external_id}"
        ret, created = replay_return(order, units, external_id, matches[0].row.placed_at)
        report.counts["returns_created" if created else "returns_unchanged"] += 1
        told = Money.total(
            (credited(match.row, match.quantity, self.currency) for match in matches),
            self.currency,
        )
        if told != ret.net:
            text = f"The credit note says {told}, the paid lines say {ret.net}"
            report.add(Issue(matches[0].row.line_number, "flagged", "amount_differs", text))
