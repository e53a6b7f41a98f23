"""`python -m fakes.sfcc --log shop.jsonl`: a Salesforce site on a free port."""

from fakes.sfcc.vendor import Sfcc
from fakes.shops.serving import serve

if __name__ == "__main__":
    serve(Sfcc(), __doc__)
