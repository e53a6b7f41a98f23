"""A BigCommerce store: v2 orders, v3 refunds by quote, a quota, Standard Webhooks."""
