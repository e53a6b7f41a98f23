"""Notifications as Adyen sends them, signed by the vector's key of the account."""

import base64
import hashlib
import hmac
import json
from typing import Any

from apps.payments.gateways.base import VendorRefund
from apps.payments.tests.factories import HMAC_KEY

TEXT = "{pspReference}:{originalReference}:{merchantAccountCode}:{merchantReference}"
TEXT += ":{value}:{currency}:{eventCode}:{success}"


def item_of(refund: VendorRefund, code: str = "REFUND", success: str = "true") -> dict[str, Any]:
    return {
        "pspReference": refund.provider_ref,
        "originalReference": refund.paid_by,
        "merchantAccountCode": "ShopECOM",
        "merchantReference": refund.idempotency_key,
        "amount": {"value": refund.amount.minor, "currency": refund.amount.currency},
        "eventCode": code,
        "success": success,
        "reason": "" if success == "true" else "Insufficient balance on payment",
    }


def signed(item: dict[str, Any], key: str = HMAC_KEY) -> dict[str, Any]:
    text = TEXT.format_map({**item, **item["amount"]})
    made = hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).digest()
    return {**item, "additionalData": {"hmacSignature": base64.b64encode(made).decode()}}


def body_of(*items: dict[str, Any], live: str = "false") -> bytes:
    rows = [{"NotificationRequestItem": item} for item in items]
    return json.dumps({"live": live, "notificationItems": rows}).encode()
