"""`python -m fakes.adyen --port 0 --log FILE`: prints its address as one line when it is ready."""

from fakes.adyen.vendor import Adyen
from fakes.refunds.serving import serve

if __name__ == "__main__":
    serve(Adyen(), __doc__)
