"""Whether an order is offered a return method, and what it costs there."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models

from apps.core.money import Money
from apps.deliveries import choices
from apps.deliveries.dtos import MethodOffer, OfferFacts
from apps.deliveries.helpers import specificity
from apps.deliveries.providers.registry import provider_class
from apps.orders.dtos import MethodChoice

if TYPE_CHECKING:
    from uuid import UUID

    from apps.deliveries.models import CarrierAccount, ReturnMethodPrice


class PricingMixin(models.Model):
    if TYPE_CHECKING:
        code: str
        type: str
        names: dict[str, str]
        is_per_parcel: bool
        keeps_goods: bool
        location_id: UUID | None
        account: CarrierAccount | None
        # Annotated by ReturnMethodQuerySet.with_terms().
        takes_returns: bool
        has_point: bool

        @property
        def prices(self) -> models.QuerySet[ReturnMethodPrice]: ...

    class Meta:
        abstract = True

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names.get("en") or self.code

    def price_for(self, facts: OfferFacts) -> Money | None:
        """The closest region wins, then the named outcome over `any`; None when nothing fits."""
        in_currency = [each for each in self.prices.all() if each.currency == facts.currency]
        return _closest(in_currency, facts)

    def offer(self, facts: OfferFacts) -> MethodOffer:
        price = self.price_for(facts)
        choice = MethodChoice(
            id=self.pk,
            code=self.code,
            name=self.name(facts.language),
            kind=self.type,
            price=price,
            per_parcel=self.is_per_parcel,
            keeps_goods=self.keeps_goods,
        )
        return MethodOffer(choice, self._refusal(facts, price))

    def _refusal(self, facts: OfferFacts, price: Money | None) -> str:
        refusals = choices.ReturnMethod.NotOffered
        if price is None:
            elsewhere = _closest(list(self.prices.all()), facts) is not None
            return refusals.OTHER_CURRENCY if elsewhere else refusals.NOT_PRICED
        if self.keeps_goods:
            return ""
        if self.location_id is None and not self.takes_returns:
            return refusals.NO_ADDRESS
        if self.type == choices.ReturnMethod.Type.DROP_OFF and not self.has_point:
            return refusals.NO_DROP_OFF_POINT
        if self.type == choices.ReturnMethod.Type.CARRIER:
            return self._carrier_refusal(facts.country)
        return ""

    def _carrier_refusal(self, country: str) -> str:
        if self.account is None or not self.account.is_usable:
            return choices.ReturnMethod.NotOffered.NO_ACCOUNT
        if not provider_class(self.account.provider).capabilities.serves(country):
            return choices.ReturnMethod.NotOffered.COUNTRY_NOT_SERVED
        return ""


def _closest(prices: "Iterable[ReturnMethodPrice]", facts: OfferFacts) -> Money | None:
    fits = []
    for each in prices:
        region = specificity(each.regions, facts.country, facts.postcode)
        if region is not None and each.outcome in (facts.outcome, choices.ReturnMethod.Outcome.ANY):
            fits.append((region, each.outcome == facts.outcome, -each.price_minor, each.price))
    return max(fits, key=lambda fit: fit[:3])[3] if fits else None
