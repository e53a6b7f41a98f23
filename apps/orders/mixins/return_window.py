"""Until when goods of an order may come back, in the store's local days; the last day counts."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from apps.accounts import choices as accounts_choices
from apps.orders.modules.eligibility.windows import Window

if TYPE_CHECKING:
    from apps.accounts.models import Store, StorePreferences


class ReturnWindowMixin(models.Model):
    if TYPE_CHECKING:
        store: Store
        placed_at: datetime
        shipped_at: datetime | None
        delivered_at: datetime | None

    class Meta:
        abstract = True

    def window_starts_at(self, start: str) -> datetime:
        kinds = accounts_choices.Preferences.WindowStart
        if start == kinds.DELIVERED and self.delivered_at:
            return self.delivered_at
        if start in (kinds.DELIVERED, kinds.SHIPPED) and self.shipped_at:
            return self.shipped_at
        return self.placed_at

    def return_window(self, preferences: "StorePreferences", *, exchange: bool = False) -> Window:
        starts_at = self.window_starts_at(preferences.window_start)
        days = preferences.exchange_window_days if exchange else preferences.return_window_days
        return Window.of_days(starts_at, days, self.store.zone)
