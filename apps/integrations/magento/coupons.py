"""Credit as a coupon for one basket: a cart price rule of its own with one code."""

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from apps.integrations import asking
from apps.integrations.connectors import Declined
from apps.integrations.magento.client import PEER, Client, Missing
from apps.integrations.reading import effect, figure, rounded, segment, shaped

# What Magento wants said, whatever it is.
PLAIN = {
    "is_active": True,
    "simple_action": "cart_fixed",
    "coupon_type": "SPECIFIC_COUPON",
    "use_auto_generation": False,
    "stop_rules_processing": False,
    "is_advanced": True,
    "is_rss": False,
    "apply_to_shipping": True,
    "discount_step": 0,
    "sort_order": 0,
    "times_used": 0,
    "uses_per_coupon": 1,
    "uses_per_customer": 1,
}


def create(
    client: Client, order: asking.CreditOrder, code: str, website: int
) -> asking.PlatformCredit:
    """What the basket leaves of it is lost. A rule whose coupon was never made is found again."""
    found = client.all_of("coupons/search", "coupon_id", ("code", "eq", code))
    coupon = found[0] if found else _new(client, order, code, website)
    with effect(PEER):
        rule = client.get(f"salesRules/{int(coupon['rule_id'])}")
        amount = rounded(rule, "discount_amount", order.amount.currency)
        return asking.PlatformCredit(id=str(coupon["coupon_id"]), amount=amount, code=code)


def void(client: Client, credit_id: str) -> None:
    try:
        coupon = client.get(f"coupons/{segment(credit_id)}")
        with shaped("coupon"):
            if int(coupon["times_used"]) > 0:
                raise Declined("credit_used")
            # Its coupon goes with it.
            client.delete(f"salesRules/{int(coupon['rule_id'])}")
    except Missing:
        return


def _new(client: Client, order: asking.CreditOrder, code: str, website: int) -> Mapping[str, Any]:
    rules = client.all_of("salesRules/search", "rule_id", ("name", "eq", order.reference))
    with shaped("rule"):
        rule_id = int((rules[0] if rules else _new_rule(client, order, website))["rule_id"])
    coupon = {
        "rule_id": rule_id,
        "code": code,
        "usage_limit": 1,
        "usage_per_customer": 1,
        "times_used": 0,
        "is_primary": True,
    }
    made: Mapping[str, Any] = client.post("coupons", {"coupon": coupon})
    return made


def _new_rule(client: Client, order: asking.CreditOrder, website: int) -> Mapping[str, Any]:
    """For every group of customers: who is no customer of the shop's has one too."""
    groups = client.all_of("customerGroups/search", "customer_group_id")
    ends = order.expires_at
    rule = {
        **PLAIN,
        "name": order.reference,
        "description": order.email,
        "website_ids": [website],
        "customer_group_ids": [each["id"] for each in groups],
        "discount_amount": figure(order.amount),
        "to_date": ends and ends.astimezone(UTC).strftime("%Y-%m-%d"),
    }
    made: Mapping[str, Any] = client.post("salesRules", {"rule": rule})
    return made


def code_for(reference: str, secret: str) -> str:
    """The same for the same reference; nobody can guess it."""
    digest = hmac.digest(secret.encode(), reference.encode(), hashlib.sha256)
    return b32encode(digest).decode()[:16]
