"""The CSV import as one report: invoices to orders, credit notes to returns, nothing dropped."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import TYPE_CHECKING
from uuid import UUID

from apps.core.errors import DomainError
from apps.core.money import MAX_MINOR, Money
from apps.core.reports import AbstractReportService, Issue, Report
from apps.orders.models import Order
from apps.orders.services import csv_bought, csv_orders
from apps.orders.services.bulk_importing import import_orders
from apps.orders.services.csv_credit_notes import Match, Matcher, credited
from apps.orders.services.csv_rows import Row, read_rows
from apps.orders.services.replaying import replay_return

if TYPE_CHECKING:
    from apps.accounts.models import Store
    from apps.integrations.dtos import OrderSnapshot

BATCH = 25


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
            self._import(batch, report)
            yield sum(len(rows) for rows in batch)
        matcher = Matcher(
            csv_bought.free_units(self.store),
            csv_bought.replayed_units(self.store, self.credit_notes),
            self.currency,
        )
        for number, rows in self.credit_notes.items():
            self._replay(number, rows, matcher, report)
            yield len(rows)

    def _import(self, invoices: Iterable[list[Row]], report: Report) -> None:
        """One commit for the batch; an invoice that is refused leaves nothing of itself."""
        told = list(self._snapshots(invoices, report))
        outcomes = import_orders(self.store, [snapshot for _, snapshot in told])
        for (rows, _), outcome in zip(told, outcomes, strict=True):
            if isinstance(outcome, DomainError):
                _refuse(report, rows, outcome.code, outcome.title)
            else:
                report.counts["rows_imported"] += len(rows)
                report.counts[f"orders_{outcome}"] += 1

    def _snapshots(
        self, invoices: Iterable[list[Row]], report: Report
    ) -> "Iterator[tuple[list[Row], OrderSnapshot]]":
        for rows in invoices:
            good = [row for row in rows if self._is_sale(row, report)]
            if not any(map(csv_orders.is_article, good)):
                text = "The invoice has no article left to make an order of"
                _refuse(report, good, "no_article", text)
                continue
            snapshot = csv_orders.snapshot(good, self.currency)
            if snapshot.total.minor > MAX_MINOR:
                _refuse(report, good, "total_out_of_range", "The invoice's total is out of range")
                continue
            if good[0].country and not snapshot.shipping_address.country:
                text = f"{good[0].country!r} is no country that is known here"
                report.add(Issue(good[0].line_number, "flagged", "country_unknown", text))
            yield good, snapshot

    def _is_sale(self, row: Row, report: Report) -> bool:
        if row.quantity > 0 or row.sku.upper() in csv_orders.DISCOUNT_CODES:
            return True
        text = "A negative quantity belongs on a credit note"
        _refuse(report, [row], "negative_quantity", text)
        return False

    def _replay(self, number: str, rows: list[Row], matcher: Matcher, report: Report) -> None:
        by_order: dict[UUID, list[Match]] = defaultdict(list)
        unmatched: set[int] = set()
        for row in rows:
            matches, issue = self._matches(row, matcher)
            if issue is not None:
                report.add(issue)
                unmatched.add(row.line_number)
            for match in matches:
                by_order[match.candidate.order_id].append(match)
        for order_id, matches in by_order.items():
            unmatched |= self._replay_one(number, order_id, matches, report)
        report.counts["rows_matched"] += len(rows) - len(unmatched)

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
    ) -> set[int]:
        """The lines of the file whose units were gone when the order was locked."""
        order = Order.objects.for_store(self.store).select_related("store").get(pk=order_id)
        units: Counter[UUID] = Counter()
        for match in matches:
            units[match.candidate.line_id] += match.quantity
        external_id = f"{number}:{order.external_id}"
        try:
            ret, created = replay_return(order, units, external_id, matches[0].row.placed_at)
        except DomainError as refusal:
            rows = {match.row.line_number: match.row for match in matches}
            _refuse(report, list(rows.values()), refusal.code, refusal.title)
            return set(rows)
        report.counts["returns_created" if created else "returns_unchanged"] += 1
        told = Money.total(
            (credited(match.row, match.quantity, self.currency) for match in matches),
            self.currency,
        )
        if told != ret.net:
            text = f"The credit note says {told}, the paid lines say {ret.net}"
            report.add(Issue(matches[0].row.line_number, "flagged", "amount_differs", text))
        return set()


def _refuse(report: Report, rows: Sequence[Row], code: str, message: str) -> None:
    for row in rows:
        report.add(Issue(row.line_number, "refused", code, message))
