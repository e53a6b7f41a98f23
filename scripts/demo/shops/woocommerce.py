"""A WooCommerce shop with a REST key that reads and writes."""

from fakes.woocommerce.vendor import KEY, SECRET
from scripts.demo.kinds import Kind

KIND = Kind(
    title="WooCommerce",
    fake="fakes.woocommerce",
    grant=lambda fake: {"consumer_key": KEY, "consumer_secret": SECRET},
)
