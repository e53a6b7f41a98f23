"""What the merchant sets, hands down to its stores, and what a store keeps for itself."""

from typing import Any

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.mixins.configuration_sync import Difference, NoPreferences
from apps.accounts.mixins.preferences import InvalidPreference, UnknownPreference
from apps.accounts.models import MerchantPreferences, StorePreferences
from apps.api.common.operations import operation
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.common import NothingForm
from apps.api.merchants.forms.settings import NamesForm, SettingsForm
from apps.api.merchants.permissions import allows
from apps.api.merchants.preferences import column_of, in_currency
from apps.api.merchants.setting_serializers import (
    SettingsSerializer,
    StoreSettingsSerializer,
    SyncSerializer,
)
from apps.api.merchants.shapes.settings import MINOR, setting, settings_shape
from apps.core.money import CurrencyMismatch
from apps.users import choices

REFUSALS = [CurrencyMismatch, InvalidPreference]


class SettingsArea(MerchantsView):
    permission_classes = [allows(choices.Role.Area.SETTINGS)]

    def ours(self) -> MerchantPreferences:
        rows = MerchantPreferences.objects.select_related("merchant")
        return self.find(rows, merchant=self.merchant)

    def theirs(self, slug: str) -> StorePreferences:
        return self.find(
            StorePreferences.objects.select_related("store", "merchant__preferences"),
            merchant=self.merchant,
            store__slug=slug,
            store__deleted=None,
        )


class SettingsView(SettingsArea):
    @operation("Read the merchant's settings", shows={200: SettingsSerializer})
    def get(self, request: Request) -> Response:
        return self.show(settings_shape(self.ours()))

    @operation(
        "Change the merchant's settings",
        form=SettingsForm,
        shows={200: SettingsSerializer},
        refusals=REFUSALS,
    )
    def patch(self, request: Request) -> Response:
        """The stores keep theirs until the settings are synced."""
        ours = self.ours()
        ours.change(in_currency(self.judge(SettingsForm), ours.currency))
        return self.show(settings_shape(ours))


class SyncView(SettingsArea):
    @operation(
        "See what a sync would change", shows={200: SyncSerializer}, refusals=[NoPreferences]
    )
    def get(self, request: Request) -> Response:
        """Store by store; what a store overrides is left alone."""
        return self.show(_differences(self.merchant.preview_sync(), self.merchant.currency))

    @operation(
        "Hand the settings down to the stores",
        form=NothingForm,
        shows={200: SyncSerializer},
        refusals=[NoPreferences],
    )
    def post(self, request: Request) -> Response:
        self.judge(NothingForm)
        return self.show(_differences(self.merchant.sync_settings(), self.merchant.currency))


class StoreSettingsView(SettingsArea):
    @operation("Read a store's settings", shows={200: StoreSettingsSerializer})
    def get(self, request: Request, slug: str) -> Response:
        return self.show(_of_store(self.theirs(slug)))

    @operation(
        "Have a store keep settings of its own",
        form=SettingsForm,
        shows={200: StoreSettingsSerializer},
        refusals=REFUSALS,
    )
    def patch(self, request: Request, slug: str) -> Response:
        """All or none of them; from then on a sync leaves them alone."""
        theirs = self.theirs(slug)
        values = in_currency(self.judge(SettingsForm), theirs.currency)
        with transaction.atomic():
            for column, value in values.items():
                theirs.override(column, value)
        return self.show(_of_store(theirs))


class FollowView(SettingsArea):
    @operation(
        "Have a store follow the merchant again",
        form=NamesForm,
        shows={200: StoreSettingsSerializer},
        refusals=[UnknownPreference],
    )
    def post(self, request: Request, slug: str) -> Response:
        """The merchant's values are taken at once, but no sum in another currency."""
        theirs = self.theirs(slug)
        columns = [column_of(name) for name in self.judge(NamesForm).settings]
        with transaction.atomic():
            for column in columns:
                theirs.follow(column)
        return self.show(_of_store(theirs))


def _of_store(theirs: StorePreferences) -> dict[str, Any]:
    overrides = [name.removesuffix(MINOR) for name in theirs.overrides]
    return {**settings_shape(theirs), "overrides": overrides}


def _differences(differences: list[Difference], currency: str) -> dict[str, Any]:
    return {"differences": [_difference(each, currency) for each in differences]}


def _difference(difference: Difference, currency: str) -> dict[str, Any]:
    """Sums are synced within one currency only, so the merchant's is the store's."""
    name, current = setting(difference.field, difference.current, currency)
    _, wanted = setting(difference.field, difference.wanted, currency)
    return {"store": difference.store, "name": name, "current": current, "wanted": wanted}
