"""`python -m fakes.bigcommerce --log shop.jsonl`: a BigCommerce store on a free port."""

from fakes.bigcommerce.vendor import Big
from fakes.shops.serving import serve

if __name__ == "__main__":
    serve(Big(), __doc__)
