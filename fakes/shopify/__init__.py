"""A Shopify that executes Shopify's own schema: OAuth, points, Admin GraphQL, webhooks."""
