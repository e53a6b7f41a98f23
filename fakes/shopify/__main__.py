"""`python -m fakes.shopify --port 0 --log FILE`: prints its address in one line when it is up."""

from fakes.shopify import schema
from fakes.shopify.vendor import Shopify
from fakes.shops.serving import serve

if __name__ == "__main__":
    schema.loaded()
    serve(Shopify(), __doc__)
