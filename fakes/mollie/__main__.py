"""`python -m fakes.mollie --port 0 --log FILE`: prints its address as one line when it is ready."""

from fakes.mollie.vendor import Mollie
from fakes.refunds.serving import serve

if __name__ == "__main__":
    serve(Mollie(), __doc__)
