"""`python -m fakes.paypal --port 0 --log FILE`: prints its address as one line when it is ready."""

from fakes.paypal.vendor import PayPal
from fakes.refunds.serving import serve

if __name__ == "__main__":
    serve(PayPal(), __doc__)
