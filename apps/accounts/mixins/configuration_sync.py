"""A merchant hands its settings down to its stores; a store keeps what it overrides."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from apps.accounts import choices
from apps.core.errors import DomainError
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents

if TYPE_CHECKING:
    from apps.accounts.models import MerchantPreferences, StorePreferences
    from apps.core.errors import Detail


class NoPreferences(DomainError):
    code = "no_preferences"
    title = "The merchant has no settings to hand down"
    status = 409


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one store as it is and as the sync would leave it."""

    store_id: UUID
    store: str
    field: str
    current: object
    wanted: object


class ConfigurationSyncMixin(RecordsEvents):
    class Meta:
        abstract = True

    def preview_sync(self) -> list[Difference]:
        """What `sync_settings` would change, store by store; overridden fields are left out."""
        ours = self._own_preferences()
        return [
            Difference(theirs.store_id, theirs.store.name, name, current, wanted)
            for theirs in self._store_preferences()
            for name in handed_down(theirs, ours)
            if (current := getattr(theirs, name)) != (wanted := getattr(ours, name))
        ]

    @verb
    def sync_settings(self) -> list[Difference]:
        differences = self.preview_sync()
        changed = {difference.store_id for difference in differences}
        ours = self._own_preferences()
        for theirs in self._store_preferences().filter(store__in=changed).select_for_update():
            names = handed_down(theirs, ours)
            for name in names:
                setattr(theirs, name, getattr(ours, name))
            theirs.save(update_fields=[*names, "updated_at"])
        if differences:
            fields: list[Detail] = [*sorted({difference.field for difference in differences})]
            self.record(choices.Event.SETTINGS_SYNCED, fields=fields, stores=len(changed))
        return differences

    def _own_preferences(self) -> "MerchantPreferences":
        from apps.accounts.models import MerchantPreferences

        ours = MerchantPreferences.objects.filter(merchant_id=self.pk).first()
        if ours is None:
            raise NoPreferences
        return ours

    def _store_preferences(self) -> "models.QuerySet[StorePreferences]":
        from apps.accounts.models import StorePreferences

        return (
            StorePreferences.objects.filter(merchant_id=self.pk, store__deleted__isnull=True)
            .select_related("store")
            .order_by("store__name")
        )


def handed_down(theirs: "StorePreferences", ours: "MerchantPreferences") -> list[str]:
    """Not what the store overrides, and no sum into a store of another currency."""
    same = theirs.currency == ours.currency
    return [
        name
        for name in theirs.synced_fields()
        if name not in theirs.overrides and (same or not name.endswith("_minor"))
    ]
