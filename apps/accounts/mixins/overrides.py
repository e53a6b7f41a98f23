"""A store may keep a setting of its own, and give it up again."""

from typing import TYPE_CHECKING

from django.db import models

from apps.accounts import choices
from apps.accounts.mixins.preferences import PreferenceFields, UnknownPreference
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents

if TYPE_CHECKING:
    from apps.accounts.models import Merchant


class OverridesMixin(RecordsEvents, PreferenceFields):
    overrides = models.JSONField(default=list, blank=True)

    if TYPE_CHECKING:
        merchant: models.ForeignKey[Merchant]

    class Meta:
        abstract = True

    @verb
    def override(self, field: str, value: object) -> None:
        """From now on a sync leaves the field alone, even where both values are equal."""
        self.take({field: value})
        self.overrides = sorted({*self.overrides, field})
        self.record(choices.Event.SETTING_OVERRIDDEN, field=field)

    @verb
    def follow(self, field: str) -> None:
        """Takes the merchant's value at once, unless it is a sum in another currency."""
        if field not in self.synced_fields():
            raise UnknownPreference(field=field)
        self.overrides = [name for name in self.overrides if name != field]
        ours = self.merchant.preferences
        if ours.currency == self.currency or not field.endswith("_minor"):
            setattr(self, field, getattr(ours, field))
        self.record(choices.Event.SETTING_FOLLOWED, field=field)
