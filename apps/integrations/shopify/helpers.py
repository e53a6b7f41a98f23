"""How returns at Shopify differ from those of a plain shop."""

from apps.integrations.returns_helper import ReturnsHelper

RETURNS = ReturnsHelper(returns_need_fulfilment=True)
