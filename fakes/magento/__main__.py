"""`python -m fakes.magento --log shop.jsonl`: a Magento on a free port."""

from fakes.magento.vendor import Magento
from fakes.shops.serving import serve

if __name__ == "__main__":
    serve(Magento(), __doc__)
