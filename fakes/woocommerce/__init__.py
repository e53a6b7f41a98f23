"""A WooCommerce shop: REST v3, no keys for repeated calls, HTML from what stands before it."""
