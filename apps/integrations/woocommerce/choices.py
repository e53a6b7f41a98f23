"""WooCommerce's own names."""

from apps.integrations.choices import Topic

REFERENCE = "_reveni_reference"
MOVES = "_reveni_moves"
TAGS = "_reveni_tags"

# There is no topic of refunds: a refund changes its order.
TOPICS = {
    "order.created": Topic.ORDERS,
    "order.updated": Topic.ORDERS,
    "order.deleted": Topic.ORDERS,
    "order.restored": Topic.ORDERS,
}
MISSING = frozenset(
    {
        "woocommerce_rest_invalid_order_id",
        "woocommerce_rest_shop_order_invalid_id",
        "woocommerce_rest_shop_coupon_invalid_id",
        "woocommerce_rest_product_invalid_id",
        "woocommerce_rest_product_variation_invalid_id",
    }
)
REFUND_REFUSED = "woocommerce_rest_cannot_create_order_refund"
COUPON_KNOWN = "coupon_code_already_exists"
