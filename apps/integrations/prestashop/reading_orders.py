"""Orders with all that PrestaShop keeps apart from them: one call a table, however many orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.integrations.payloads import text
from apps.integrations.prestashop.client import Client

type Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFile:
    """One order and its neighbours; `currency` and `country` are ISO codes."""

    order: Row
    details: Sequence[Row]
    rules: Sequence[Row]
    slips: Sequence[Row]
    payments: Sequence[Row]
    customer: Row
    address: Row
    state: Row
    currency: str
    country: str
    region: str
    is_cancelled: bool = False


def gather(client: Client, orders: Sequence[Row], cancelled: str = "") -> list[OrderFile]:
    """`cancelled` is the id of that state in this shop; no flag of a state says it."""
    ids = [text(each, "id") for each in orders]
    tables = {
        name: client.among(name, "id_order", ids)
        for name in ("order_details", "order_cart_rules", "order_slip")
    }
    payments = client.among(
        "order_payments", "order_reference", [text(each, "reference") for each in orders]
    )
    addresses = _by_id(client, "addresses", orders, "id_address_delivery")
    customers = _by_id(client, "customers", orders, "id_customer")
    states = _by_id(client, "order_states", orders, "current_state")
    currencies = _by_id(client, "currencies", orders, "id_currency")
    countries = _by_id(client, "countries", list(addresses.values()), "id_country")
    regions = _by_id(client, "states", list(addresses.values()), "id_state")
    files = []
    for order in orders:
        address = addresses.get(text(order, "id_address_delivery"), {})
        mine = {name: _of(rows, "id_order", order, "id") for name, rows in tables.items()}
        files.append(
            OrderFile(
                order=order,
                details=mine["order_details"],
                rules=mine["order_cart_rules"],
                slips=mine["order_slip"],
                payments=_of(payments, "order_reference", order, "reference"),
                customer=customers.get(text(order, "id_customer"), {}),
                address=address,
                state=states.get(text(order, "current_state"), {}),
                currency=text(currencies.get(text(order, "id_currency"), {}), "iso_code"),
                country=text(countries.get(text(address, "id_country"), {}), "iso_code"),
                region=text(regions.get(text(address, "id_state"), {}), "name"),
                is_cancelled=bool(cancelled) and text(order, "current_state") == cancelled,
            )
        )
    return files


def _by_id(client: Client, resource: str, rows: Sequence[Row], name: str) -> dict[str, Row]:
    found = client.among(resource, "id", [text(each, name) for each in rows])
    return {text(each, "id"): each for each in found}


def _of(rows: Sequence[Row], theirs: str, order: Row, ours: str) -> list[Row]:
    return [each for each in rows if text(each, theirs) == text(order, ours)]
