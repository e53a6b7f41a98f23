"""CSV files of tests: the shipped sample, and rows put together one by one."""

from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "orders.csv"
HEADER = "InvoiceNo;StockCode;Description;Quantity;InvoiceDate;UnitPrice;CustomerID;Country"


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join((header, *rows, "")).encode()


def row(
    number: str = "700101",
    sku: str = "LN-101",
    quantity: object = 2,
    price: str = "4,25",
    *,
    title: str = "LINEN TEA TOWEL",
    at: str = "2/3/2026 08:05",
    customer: str = "41001",
    country: str = "Spain",
) -> str:
    return ";".join((number, sku, title, str(quantity), at, price, customer, country))
