"""A merchant opens its stores."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from apps.accounts import choices
from apps.accounts.dtos import StoreDetails
from apps.accounts.mixins.configuration_sync import ConfigurationSyncMixin, handed_down
from apps.accounts.mixins.lifecycle import SlugTaken
from apps.core.errors import DomainError
from apps.core.money import decimals_of
from apps.core.verbs import verb

if TYPE_CHECKING:
    from apps.accounts.models import Store


class MerchantNotActive(DomainError):
    code = "merchant_not_active"
    title = "The merchant is paused or closed"
    status = 409


class OpensStoresMixin(ConfigurationSyncMixin):
    currency: str
    status: str

    class Meta:
        abstract = True

    @verb
    def open_store(self, details: StoreDetails) -> "Store":
        """The store follows every setting of the merchant; raises SlugTaken, UnknownCurrency."""
        from apps.accounts.models import Store

        if self.status != choices.Merchant.Status.ACTIVE:
            raise MerchantNotActive
        currency = details.currency or self.currency
        decimals_of(currency)
        store = Store(
            merchant_id=self.pk,
            name=details.name,
            slug=details.slug,
            platform=details.platform,
            currency=currency,
            languages=list(details.languages),
            time_zone=details.time_zone,
            domain=details.domain,
        )
        try:
            with transaction.atomic():
                store.save(force_insert=True)
        except IntegrityError:
            raise SlugTaken(slug=details.slug) from None
        self._hand_down_to(store)
        store.record(choices.Event.STORE_OPENED, slug=store.slug)
        return store

    def _hand_down_to(self, store: "Store") -> None:
        from apps.accounts.models import StorePreferences

        ours = self._own_preferences()
        theirs = StorePreferences(merchant_id=self.pk, store=store)
        for name in handed_down(theirs, ours):
            setattr(theirs, name, getattr(ours, name))
        theirs.save(force_insert=True)
