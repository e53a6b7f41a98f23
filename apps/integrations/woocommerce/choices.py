"""WooCommerce's own names."""

REFERENCE = "_reveni_reference"
MOVES = "_reveni_moves"
TAGS = "_reveni_tags"

# There is no topic of refunds: a refund changes its order. Of a deleted one only the id is told.
TOPICS = ("order.created", "order.updated")
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
