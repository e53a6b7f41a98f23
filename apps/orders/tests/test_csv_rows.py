from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from apps.core.reports import Issue
from apps.orders.services import csv_rows
from apps.orders.services.csv_rows import Row, UnreadableFile, read_rows
from apps.orders.tests.csv_files import HEADER, csv_of, row

MADRID = ZoneInfo("Europe/Madrid")


def read(content: bytes) -> list[Row | Issue]:
    return list(read_rows(content, MADRID))


def only(content: bytes) -> Row:
    (found,) = read(content)
    assert isinstance(found, Row), found
    return found


def refusal(line: str) -> Issue:
    (found,) = read(csv_of(line))
    assert isinstance(found, Issue), found
    return found


class ReadRowsTest:
    def test_a_row_as_shops_export_it(self) -> None:
        assert only(b"\xef\xbb\xbf" + csv_of(row())) == Row(
            line_number=2,
            number="700101",
            sku="LN-101",
            title="LINEN TEA TOWEL",
            quantity=2,
            placed_at=datetime(2026, 3, 2, 7, 5, tzinfo=UTC),
            unit_price=Decimal("4.25"),
            customer="41001",
            country="Spain",
            email="",
            postcode="",
        )

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_the_separator_is_found(self, separator: str) -> None:
        header = separator.join(
            ("order_number", "sku", "title", "quantity", "placed_at", "unit_price", "email")
        )
        line = separator.join(
            ("#1001", "TS-1", "T-shirt", "1", "2026-03-02 08:05:00", "12.5", "Ana@Shop.example")
        )
        found = only(csv_of(line, header=header))

        assert (found.number, found.unit_price) == ("#1001", Decimal("12.5"))
        assert (found.customer, found.buyer) == ("", "ana@shop.example")

    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("31/12/2010 23:59", datetime(2010, 12, 31, 22, 59, tzinfo=UTC)),
            ("1/7/2010 08:26:30", datetime(2010, 7, 1, 6, 26, 30, tzinfo=UTC)),
            ("2026-03-02 08:05:00", datetime(2026, 3, 2, 7, 5, tzinfo=UTC)),
            ("2026-03-02T08:05:00+0500", datetime(2026, 3, 2, 3, 5, tzinfo=UTC)),
        ],
    )
    def test_dates_are_of_the_stores_zone(self, text: str, moment: datetime) -> None:
        assert only(csv_of(row(at=text))).placed_at == moment

    def test_a_title_is_the_sku_where_none_is_given(self) -> None:
        assert only(csv_of(row(title=""))).title == "LN-101"

    def test_blank_lines_are_no_rows(self) -> None:
        assert [each.line_number for each in read(csv_of(row(), "", ";;;;;;;", row()))] == [2, 5]

    def test_a_quoted_cell_may_hold_separator_quote_and_line_break(self) -> None:
        rows = read(csv_of(row(title='"A ""B""; C\nD"'), row()))

        assert isinstance(rows[0], Row)
        assert rows[0].title == 'A "B"; C\nD'
        assert [each.line_number for each in rows] == [2, 4]

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            (row() + ";more", "wrong_columns"),
            ("700101;LN-101", "wrong_columns"),
            (row(number=" "), "number_missing"),
            (row(sku=""), "sku_missing"),
            (row(number="7" * 61), "number_too_long"),
            (row(sku="L" * 81), "sku_too_long"),
            (row(title="T" * 256), "title_too_long"),
            (row(customer="4" * 81), "customer_too_long"),
            (row(price="1" * 41), "unit_price_too_long"),
            (row(quantity="2,5"), "quantity_not_whole"),
            (row(quantity="2.0"), "quantity_not_whole"),
            (row(quantity="1_0"), "quantity_not_whole"),
            (row(quantity="٣"), "quantity_not_whole"),
            (row(quantity=""), "quantity_not_whole"),
            (row(quantity=0), "quantity_out_of_range"),
            (row(quantity=1_000_001), "quantity_out_of_range"),
            (row(price="4,25,1"), "price_not_a_number"),
            (row(price="1.234,50"), "price_not_a_number"),
            (row(price="1e3"), "price_not_a_number"),
            (row(price="NaN"), "price_not_a_number"),
            (row(price="-1"), "price_out_of_range"),
            (row(price="10000000,01"), "price_out_of_range"),
            (row(at="31/2/2026 10:00"), "date_unknown"),
            (row(at="2/3/26 10:00"), "date_unknown"),
            (row(at="2/3/1089 10:00"), "date_unknown"),
            (row(at=""), "date_unknown"),
        ],
    )
    def test_a_bad_row_is_refused_with_its_line(self, line: str, code: str) -> None:
        found = refusal(line)

        assert (found.line_number, found.kind, found.code) == (2, "refused", code)

    def test_a_bad_row_leaves_its_neighbours_alone(self) -> None:
        rows = read(csv_of(row(), row(quantity="x"), row()))

        assert [type(each) for each in rows] == [Row, Issue, Row]


class UnreadableFileTest:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "columns"),
            (b"a;b;c\n1;2;3\n", "columns"),
            (csv_of(header=HEADER + ";Colour"), "columns"),
            (csv_of(header=HEADER + ";Country"), "columns"),
            (csv_of(header="InvoiceNo;StockCode"), "columns"),
            (b"\xff\xfe" + csv_of(row()), "not_utf8"),
            (csv_of(row(title="A\x00B")), "nul_byte"),
            (csv_of(row(title='"' + "x" * 140_000)), "csv"),
        ],
    )
    def test_the_whole_file_is_refused_with_its_reason(self, content: bytes, reason: str) -> None:
        with pytest.raises(UnreadableFile) as refused:
            read(content)

        assert refused.value.details["reason"] == reason

    def test_what_columns_are_missing_and_unknown_is_told(self) -> None:
        with pytest.raises(UnreadableFile) as refused:
            read(b"InvoiceNo;StockCode;Description;Quantity;InvoiceDate;Colour\n")

        assert refused.value.details == {
            "reason": "columns",
            "missing": ["unit_price"],
            "unknown": ["Colour"],
        }

    def test_size_and_rows_are_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(csv_rows, "MAX_ROWS", 2)
        with pytest.raises(UnreadableFile, match="too_many_rows"):
            read(csv_of(row(), row(), row()))
        monkeypatch.setattr(csv_rows, "MAX_BYTES", 10)
        with pytest.raises(UnreadableFile, match="too_large"):
            read(csv_of(row()))
