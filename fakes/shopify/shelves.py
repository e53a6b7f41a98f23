"""Stock, gift cards and subscriptions as Shopify's objects."""

from fakes.shopify.plain import gid, money
from fakes.shops.figures import Row, text


def card_of(row: Row) -> Row:
    return {
        "id": gid("GiftCard", row["id"]),
        "note": row["note"],
        "enabled": not row["is_void"],
        "lastCharacters": row["code"][-4:].lower(),
        "balance": money(row["balance"], row["currency"]),
        "initialValue": money(row["amount"], row["currency"]),
        "transactions": [
            {"__typename": "GiftCardDebitTransaction", "note": each}
            for each in row.get("debits", [])
        ],
    }


def variant_of(row: Row) -> Row:
    return {
        "id": gid("ProductVariant", row["id"]),
        "legacyResourceId": row["id"],
        "displayName": row["title"],
        "sku": row["sku"],
        "price": text(row["price"], row["currency"]),
        "inventoryQuantity": row["available"] or 0,
        "product": {"legacyResourceId": row["product_id"]},
        "inventoryItem": {
            "id": gid("InventoryItem", row["inventory_id"]),
            "tracked": row["available"] is not None,
            "inventoryLevels": [{"location": {"id": gid("Location", 1), "isActive": True}}],
        },
    }


def webhook_of(row: Row) -> Row:
    return {"id": gid("WebhookSubscription", row["id"]), "topic": row["topic"], "uri": row["url"]}
