"""`python -m fakes.woocommerce --log shop.jsonl`: a WooCommerce shop on a free port."""

from fakes.shops.serving import serve
from fakes.woocommerce.vendor import Woo

if __name__ == "__main__":
    serve(Woo(), __doc__)
