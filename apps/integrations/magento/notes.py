"""Comments of an order, of which the shopper sees none: Magento's only place for our notes."""

from apps.integrations.magento.client import Client
from apps.integrations.payloads import text
from apps.integrations.reading import as_given, segment, shaped


def of(client: Client, order_id: str) -> list[str]:
    order = client.get(f"orders/{segment(order_id)}")
    with shaped("order"):
        return [text(each, "comment") for each in order.get("status_histories") or ()]


def write(client: Client, order_id: str, words: str) -> None:
    told = {
        "comment": words,
        "parent_id": as_given(order_id),
        "is_customer_notified": 0,
        "is_visible_on_front": 0,
    }
    client.post(f"orders/{segment(order_id)}/comments", {"statusHistory": told})
