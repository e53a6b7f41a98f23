"""The base of the views that move money: they take a key and are counted."""

from apps.api.common.idempotency import Keys
from apps.api.merchants.base import MerchantsView


class MoneyView(MerchantsView):
    keys = Keys.REQUIRED
    money = True
