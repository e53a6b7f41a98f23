"""Our app at Shopify; the version of its API is pinned beside the code that speaks it."""

from config.settings.env import ENV

# `{shop}` is the domain of the shop; tests put a server of their own before it.
SHOPIFY_API_BASE = ENV.shopify_api_base or "https://{shop}"
SHOPIFY_CLIENT_ID = ENV.shopify_client_id
# The first one signs; all of them open, while Shopify rolls one over.
SHOPIFY_CLIENT_SECRETS = tuple(filter(None, ENV.shopify_client_secrets.split(",")))
