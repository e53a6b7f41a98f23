"""A Magento shop with an integration of its admin."""

from fakes.magento.auth import SECRETS
from scripts.demo.kinds import Kind

KIND = Kind(title="Magento", fake="fakes.magento", grant=lambda fake: SECRETS)
