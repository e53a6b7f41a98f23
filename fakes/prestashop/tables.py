"""Rows of the book as PrestaShop's tables: everything is text, times are the shop's own."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fakes.shops.book import Book
from fakes.shops.figures import Row, text

ZONE = ZoneInfo("Europe/Madrid")
EURO = "1"
SPAIN = "6"
PAID, SHIPPED, CANCELLED, AWAITING = "2", "4", "6", "1"
STATES = {
    AWAITING: ("Awaiting payment", "0", "0"),
    PAID: ("Payment accepted", "1", "0"),
    SHIPPED: ("Shipped", "1", "1"),
    CANCELLED: ("Canceled", "0", "0"),
}
SETTINGS = {
    "PS_SHOP_NAME": "Camisetas de Bilbao",
    "PS_CURRENCY_DEFAULT": EURO,
    "PS_TIMEZONE": "Europe/Madrid",
    "PS_OS_CANCELED": CANCELLED,
}


def local(seconds: float | None) -> str:
    if not seconds:
        return "0000-00-00 00:00:00"
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")


def six(minor: int, currency: str) -> str:
    """PrestaShop keeps six decimals of everything."""
    whole, _, part = text(minor, currency).partition(".")
    return f"{whole}.{part:0<6}"


def state(row: Row) -> str:
    if row["cancelled"]:
        return CANCELLED
    if row["status"] == "completed":
        return SHIPPED
    return PAID if row["is_paid"] else AWAITING


def orders(book: Book) -> list[Row]:
    return [_order(row) for row in book.rows("orders")]


def _order(row: Row) -> Row:
    """Shipping and vouchers stand with tax and without."""
    currency = row["currency"]
    shipping = sum(each["total"] for each in row["shipping"])
    tax = sum(each["tax"] for each in row["shipping"])
    return {
        "id": row["id"],
        "reference": row["number"],
        "id_customer": row["customer_id"] or "1",
        "id_address_delivery": row["id"],
        "id_currency": currency,
        "id_lang": "1",
        "id_shop": "1",
        "current_state": state(row),
        "module": "ps_checkout",
        "total_paid_tax_incl": six(row["total"], currency),
        "total_shipping_tax_incl": six(shipping, currency),
        "total_shipping_tax_excl": six(shipping - tax, currency),
        "total_wrapping_tax_incl": "0.000000",
        "total_wrapping_tax_excl": "0.000000",
        "delivery_date": "0000-00-00 00:00:00",
        "date_add": local(row["placed"]),
        "date_upd": local(row["updated"]),
    }


def order_details(book: Book) -> list[Row]:
    return [_detail(row, line) for row in book.rows("orders") for line in row["lines"]]


def _detail(row: Row, line: Row) -> Row:
    """Before the order's vouchers."""
    currency, quantity = row["currency"], line["quantity"]
    gross = line["total"] + _off(line)
    net = gross * 100 // 121 if line["tax"] else gross
    return {
        "id": line["id"],
        "id_order": row["id"],
        "product_id": line["product_id"],
        "product_attribute_id": line["variant_id"],
        "product_quantity": str(quantity),
        "product_name": line["title"],
        "product_reference": line["sku"],
        "unit_price_tax_incl": six(line["price"], currency),
        "total_price_tax_incl": six(gross, currency),
        "total_price_tax_excl": six(net, currency),
    }


def _off(line: Row) -> int:
    """An edited line keeps its old allocation, and pays for what is left of it."""
    return int(line["quantity"] * line["price"] - line["total"])


def order_cart_rules(book: Book) -> list[Row]:
    found = []
    for row in book.rows("orders"):
        off = sum(_off(line) for line in row["lines"])
        names = {each["label"] for line in row["lines"] for each in line["discounts"]}
        if off:
            found.append({
                "id": row["id"], "id_order": row["id"], "name": " ".join(sorted(names)),
                "value": six(off, row["currency"]), "free_shipping": "0",
            })  # fmt: skip
    return found


def order_slip(book: Book) -> list[Row]:
    return [
        {
            "id": row["id"],
            "id_order": row["order_id"],
            "total_products_tax_incl": six(row["amount"] - row["shipping"], row["currency"]),
            "total_shipping_tax_incl": six(row["shipping"], row["currency"]),
        }
        for row in book.rows("refunds")
        if row["status"] != "failed"
    ]


def order_payments(book: Book) -> list[Row]:
    return [
        {
            "id": f"{row['id']}{at}",
            "order_reference": row["number"],
            "amount": six(each["captured"], row["currency"]),
            "transaction_id": each["id"],
        }
        for row in book.rows("orders")
        for at, each in enumerate(row["tenders"])
    ]


def customers(book: Book) -> list[Row]:
    return [
        {"id": row["customer_id"] or "1", "email": row["email"],
         "firstname": row["name"].partition(" ")[0], "lastname": row["name"].partition(" ")[2]}
        for row in book.rows("orders")
    ]  # fmt: skip


def addresses(book: Book) -> list[Row]:
    return [_address(row) for row in book.rows("orders")]


def _address(row: Row) -> Row:
    where = row["address"]
    first, _, last = where["name"].partition(" ")
    return {
        "id": row["id"], "firstname": first, "lastname": last, "address1": where["street"],
        "address2": where["street2"], "postcode": where["postcode"], "city": where["city"],
        "phone": "", "phone_mobile": where["phone"], "id_country": SPAIN, "id_state": "0",
    }  # fmt: skip


def order_states(book: Book) -> list[Row]:
    return [
        {"id": key, "name": name, "paid": paid, "shipped": shipped}
        for key, (name, paid, shipped) in STATES.items()
    ]


def currencies(book: Book) -> list[Row]:
    """Euro by its number; other currencies of orders by their code."""
    codes = {row["currency"] for row in book.rows("orders")}
    rows = [{"id": each, "iso_code": each} for each in sorted(codes) if each not in ("", "QQQ")]
    return [{"id": EURO, "iso_code": "EUR"}, *rows]


def countries(book: Book) -> list[Row]:
    return [{"id": SPAIN, "iso_code": "ES"}]


def languages(book: Book) -> list[Row]:
    return [{"id": "1", "iso_code": "es"}, {"id": "2", "iso_code": "eu"}]


def configurations(book: Book) -> list[Row]:
    return [{"id": str(at), "name": name, "value": value}
            for at, (name, value) in enumerate(SETTINGS.items())]  # fmt: skip


def order_carriers(book: Book) -> list[Row]:
    return [
        {"id": row["id"], "id_order": row["order_id"], "date_add": local(row["sent"]),
         "tracking_number": row["tracking_number"]}
        for row in book.rows("fulfilments")
    ]  # fmt: skip


def products(book: Book) -> list[Row]:
    rows = {row["product_id"]: row for row in book.rows("variants")}
    return [
        {"id": key, "name": [{"id": "1", "value": row["title"].partition(" / ")[0]}],
         "price": six(row["price"], row["currency"]), "reference": row["sku"]}
        for key, row in rows.items()
    ]  # fmt: skip


def combinations(book: Book) -> list[Row]:
    return [
        {"id": row["id"], "id_product": row["product_id"], "reference": row["sku"],
         "price": "0.000000"}
        for row in book.rows("variants")
    ]  # fmt: skip


def stock_availables(book: Book) -> list[Row]:
    return [
        {
            "id": f"9{row['id']}", "id_product": row["product_id"],
            "id_product_attribute": row["id"], "quantity": str(row["available"] or 0),
            "depends_on_stock": "0", "out_of_stock": "2", "id_shop": "1", "id_shop_group": "0",
        }
        for row in book.rows("variants")
        if row["available"] is not None
    ]  # fmt: skip


def cart_rules(book: Book) -> list[Row]:
    return [
        {"id": row["id"], "code": row["code"], "description": row["reference"],
         "reduction_amount": six(row["amount"], row["currency"]),
         "quantity": str(int(row["balance"] == row["amount"]))}
        for row in book.rows("credits", is_void=False)
    ]  # fmt: skip


def customer_threads(book: Book) -> list[Row]:
    return book.rows("threads")


def customer_messages(book: Book) -> list[Row]:
    return book.rows("messages")


READ = (
    orders, order_details, order_cart_rules, order_slip, order_payments, customers, addresses,
    order_states, currencies, countries, languages, configurations, order_carriers, products,
    combinations, stock_availables, cart_rules, customer_threads, customer_messages,
)  # fmt: skip
TABLES = {each.__name__: each for each in READ}
