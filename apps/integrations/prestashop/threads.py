"""Private messages of an order: the only place at PrestaShop that keeps a note of ours."""

from apps.integrations.payloads import text
from apps.integrations.prestashop.client import PEER, Client
from apps.integrations.prestashop.reading_orders import Row
from apps.integrations.reading import effect, shaped

# Notes that belong to no order stand in one thread of the shop's.
NO_ORDER = "0"


def notes(client: Client, order_id: str) -> list[str]:
    threads = client.rows("customer_threads", {"id_order": f"[{order_id or NO_ORDER}]"})
    with shaped("customer_thread"):
        ids = [str(each["id"]) for each in threads]
    found = client.among("customer_messages", "id_customer_thread", ids)
    with shaped("customer_message"):
        return [str(each["message"]) for each in found]


def write(client: Client, order_id: str, message: str) -> None:
    thread = _thread(client, order_id or NO_ORDER)
    client.create(
        "customer_messages",
        "customer_message",
        {"id_customer_thread": thread, "id_employee": 0, "message": message, "private": 1},
    )


def _thread(client: Client, order_id: str) -> str:
    found = client.rows("customer_threads", {"id_order": f"[{order_id}]"})
    if found:
        with shaped("customer_thread"):
            return str(found[0]["id"])
    order = _order(client, order_id)
    made = client.create(
        "customer_threads",
        "customer_thread",
        {
            "id_lang": text(order, "id_lang") or 1,
            "id_shop": text(order, "id_shop") or 1,
            "id_customer": text(order, "id_customer") or 0,
            "id_order": order_id,
            "id_contact": 0,
            "token": f"returns{order_id}",
            "status": "closed",
        },
    )
    with effect(PEER):
        return str(made["id"])


def _order(client: Client, order_id: str) -> Row:
    rows = [] if order_id == NO_ORDER else client.rows("orders", {"id": f"[{order_id}]"})
    return rows[0] if rows else {}
