"""Orders out of the file of a bulk operation: an object a line, children after their parents."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.integrations.payloads import Payload
from apps.integrations.reading import WRONG
from apps.integrations.shopify.choices import GONE
from apps.integrations.shopify.ids import number

# So many orders that must be read for themselves make a portion full.
MOST_ALONE = 25
_ORDER = re.compile(rb"gid://shopify/Order/(\d+)")


@dataclass(slots=True)
class Portion:
    """What whole orders a stretch of the file holds, by their ids.

    `alone` are ids of those that the file does not tell whole; `lost` and `broken` say where lines
    stand that nobody can read, and of these, where one names no order; `used` bytes on is the next.
    """

    orders: dict[str, Payload] = field(default_factory=dict)
    alone: set[str] = field(default_factory=set)
    lost: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    roots: int = 0
    used: int = 0
    opened: dict[str, Any] | None = None

    @property
    def is_full(self) -> bool:
        return len(self.alone) >= MOST_ALONE

    @property
    def told(self) -> int:
        """Orders that stood in it, as far as can be said: a lost line may have been one."""
        return self.roots + len(self.lost)

    def take(self, at: int, told: dict[str, Any]) -> bool:
        """False where the portion is full before this line."""
        parent = str(told.get("__parentId", ""))
        if parent and self.opened is not None and parent == self.opened["id"]:
            self.opened["children"].append(told)
            return True
        if self.is_full:
            self.close(at)
            return False
        if parent:
            self.leave(parent)
        else:
            self.close(at)
            self.opened = {**told, "children": []}
        return True

    def close(self, at: int) -> None:
        """No more children of the open order are looked for: the next line stands at `at`."""
        self.used = at
        if self.opened is not None:
            self.roots += 1
            self._judge(self.opened)
            self.opened = None

    def rescue(self, at: int, line: bytes) -> None:
        """Orders that a broken line names are read for themselves, and so is the one it stands
        in."""
        if self.opened is not None:
            self.opened["is_doubtful"] = True
        named = _ORDER.findall(line)
        self.alone.update(each.decode() for each in named)
        if b"gid://shopify/LineItem/" in line and (named or self.opened):
            return
        self.lost.append(at)
        if not named:
            self.broken.append(at)

    def leave(self, order_id: str) -> None:
        self.orders.pop(order_id, None)
        self.alone.add(number(order_id))

    def _judge(self, order: dict[str, Any]) -> None:
        try:
            if is_told_whole(order):
                self.orders[str(order["id"])] = _as_page(order)
                return
        except WRONG:
            pass
        self.leave(str(order["id"]))


def portion(raw: bytes, *, is_last: bool) -> Portion:
    """`raw` begins with a line. Its last order counts only where the file ends with it, since more
    children may come; a child far from its parent has the parent read for itself."""
    found = Portion()
    for at, line in _lines(raw, is_last):
        told = _read(line)
        if told is None:
            found.rescue(at, line)
        elif not found.take(at, told):
            break
    else:
        if is_last:
            found.close(len(raw))
        elif found.opened is None:
            found.used = raw.rfind(b"\n") + 1
    found.lost = [at for at in found.lost if at < found.used]
    found.broken = [at for at in found.broken if at < found.used]
    return found


def _lines(raw: bytes, is_last: bool) -> Iterator[tuple[int, bytes]]:
    """Whole ones, with where they begin."""
    at = 0
    while at < len(raw):
        end = raw.find(b"\n", at)
        if end < 0 and not is_last:
            return
        line = raw[at:] if end < 0 else raw[at:end]
        if line.strip():
            yield at, line
        at += len(line) + 1


def _read(line: bytes) -> dict[str, Any] | None:
    """None for what is no order and no child of one."""
    try:
        told = json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    is_known = isinstance(told, dict) and ("__parentId" in told or "id" in told)
    return told if is_known else None


def is_told_whole(order: Payload) -> bool:
    """Whether the file says all that a page would: nothing refunded or edited, and all units sent
    or none. Which units are in which parcel or refund stands in connections inside lists, and
    Shopify has none of these in bulk."""
    lines = [each for each in order["children"] if "unfulfilledQuantity" in each]
    if order.get("is_doubtful") or not lines:
        return False
    ordered = sum(each["quantity"] for each in lines)
    open_units = sum(each["unfulfilledQuantity"] for each in lines)
    is_sent = any(each["status"] not in GONE for each in order["fulfillments"])
    return bool(
        order["subtotalLineItemsQuantity"] <= ordered
        and all(each["quantity"] == each["currentQuantity"] for each in lines)
        and open_units == (0 if is_sent else ordered)
    )


def _as_page(order: dict[str, Any]) -> Payload:
    """As a page tells it: lines in a connection, and what was sent in the first good parcel."""
    children = order.pop("children")
    lines = [each for each in children if "unfulfilledQuantity" in each]
    sent = [
        {"quantity": each["quantity"], "lineItem": {"id": each["id"]}}
        for each in lines
        if not each["unfulfilledQuantity"]
    ]
    parcels = []
    for parcel in order["fulfillments"]:
        is_good = parcel["status"] not in GONE
        parcels.append({**parcel, "fulfillmentLineItems": {"nodes": sent if is_good else []}})
        sent = [] if is_good else sent
    postage = [each for each in children if "originalPriceSet" in each]
    return {
        **order,
        "lineItems": {"nodes": lines},
        "shippingLines": {"nodes": postage},
        "fulfillments": parcels,
    }
