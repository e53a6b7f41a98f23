"""`python -m fakes.prestashop --log shop.jsonl`: a PrestaShop on a free port."""

from fakes.prestashop.vendor import Presta
from fakes.shops.serving import serve

if __name__ == "__main__":
    serve(Presta(), __doc__)
