"""The base of the views that move money: a key, a second factor, and who it was."""

from typing import cast

from apps.api.common.idempotency import Keys
from apps.api.merchants.base import MerchantsView
from apps.users.models import User


class MoneyView(MerchantsView):
    keys = Keys.REQUIRED
    money = True

    @property
    def user(self) -> User:
        return cast("User", self.request.user)
