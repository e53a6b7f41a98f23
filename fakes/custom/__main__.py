"""`python -m fakes.custom --port 0 --log FILE`: prints its address as one line when it is ready."""

from fakes.custom.vendor import Custom
from fakes.shops.serving import serve

if __name__ == "__main__":
    serve(Custom(), __doc__)
