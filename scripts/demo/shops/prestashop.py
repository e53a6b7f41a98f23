"""A PrestaShop with a key of its webservice."""

from fakes.prestashop.vendor import KEY
from scripts.demo.kinds import Kind

KIND = Kind(title="PrestaShop", fake="fakes.prestashop", grant=lambda fake: {"key": KEY})
