from datetime import datetime, timedelta
from itertools import takewhile
from operator import eq
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from safedelete.config import DELETED_VISIBLE

from apps.core.managers import SoftDeleteManager, SoftDeleteQuerySet, TenantDoor, TenantQuerySet
from apps.deliveries import choices
from apps.deliveries.dtos import MethodOffer, OfferFacts, ParcelNews

if TYPE_CHECKING:
    from apps.deliveries.models import (
        CarrierAccount,
        DropOffPoint,
        Label,
        Parcel,
        ReturnMethod,
        ReturnMethodPrice,
        Shipment,
        TrackingEvent,
    )
    from apps.orders.models import Order, Return


class CarrierAccountQuerySet(TenantDoor, SoftDeleteQuerySet["CarrierAccount"]):
    def hearing(self, provider: str, token: str) -> "CarrierAccount | None":
        """The account in use that a webhook's address names; None for anything else."""
        try:
            return self.filter(pk=UUID(token), provider=provider, is_active=True).first()
        except ValueError:
            return None


class ReturnMethodQuerySet(TenantDoor, SoftDeleteQuerySet["ReturnMethod"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_terms(self, country: str) -> Self:
        """Prices, the account, and whether goods have somewhere to go; two queries in all."""
        from apps.accounts.models import Location
        from apps.deliveries.models import DropOffPoint

        same_merchant = {"merchant_id": models.OuterRef("merchant_id")}
        locations = Location.objects.filter(**same_merchant, accepts_returns=True)
        points = DropOffPoint.objects.active().in_country(country)
        return (
            self.select_related("account")
            .prefetch_related("prices")
            .annotate(
                takes_returns=models.Exists(locations),
                has_point=models.Exists(points.filter(store_id=models.OuterRef("store_id"))),
            )
        )

    def for_order(self, order: "Order", outcome: str, language: str = "en") -> list[MethodOffer]:
        """The store's active methods priced for this order; those not offered say why."""
        facts = OfferFacts(
            country=str(order.shipping_address.get("country", "")),
            postcode=order.postcode,
            currency=order.currency,
            outcome=outcome,
            language=language,
        )
        methods = self.filter(merchant_id=order.merchant_id, store_id=order.store_id)
        return [method.offer(facts) for method in methods.active().with_terms(facts.country)]


class ReturnMethodManager(SoftDeleteManager.from_queryset(ReturnMethodQuerySet)):  # type: ignore[misc]
    def chosen_for(self, ret: "Return") -> "ReturnMethod | None":
        """The method a shopper chose stays theirs when the merchant deletes it afterwards."""
        methods = self.all(force_visibility=DELETED_VISIBLE)
        found: ReturnMethod | None = methods.filter(
            merchant_id=ret.merchant_id, pk=ret.return_method_id
        ).first()
        return found


class ReturnMethodPriceQuerySet(TenantQuerySet["ReturnMethodPrice"]):
    pass


class DropOffPointQuerySet(TenantDoor, SoftDeleteQuerySet["DropOffPoint"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def in_country(self, country: str) -> Self:
        return self.filter(address__country=country)

    def nearest(self, country: str, postcode: str) -> "list[DropOffPoint]":
        """Active points of the country; the longer the shared start of the postcode, the nearer."""
        points = list(self.active().in_country(country))
        wanted = "".join(postcode.split()).upper()
        return sorted(points, key=lambda point: -_shared_start(point.postcode, wanted))


def _shared_start(one: str, other: str) -> int:
    return sum(takewhile(bool, map(eq, one, other)))


class ShipmentQuerySet(TenantQuerySet["Shipment"]):
    def current(self, ret_id: UUID) -> Self:
        return self.filter(ret_id=ret_id).exclude(status__in=choices.Shipment.GONE)

    def with_labels(self) -> Self:
        return self.select_related("method").prefetch_related("labels", "parcels", "events")

    def expired(self, at: datetime) -> Self:
        return self.filter(
            status=choices.Shipment.Status.LABEL_READY, label_expires_at__lte=at
        ).order_by("label_expires_at")

    def left_without_label(self, before: datetime) -> Self:
        """Labels were asked for and no answer was ever written down."""
        return self.filter(
            labels__status=choices.Label.Status.ASKED, labels__updated_at__lte=before
        ).distinct()


class ParcelQuerySet(TenantQuerySet["Parcel"]):
    pass


class LabelQuerySet(TenantQuerySet["Label"]):
    def told_of(self, account: "CarrierAccount", news: ParcelNews) -> "Label | None":
        """The label that a webhook of this account is about; by the carrier's id where it says."""
        mine = self.filter(merchant_id=account.merchant_id, shipment__account=account)
        for name in ("external_id", "tracking_number"):
            wanted = getattr(news, name)
            found = mine.filter(**{name: wanted}).order_by("-id").first() if wanted else None
            if found is not None:
                return found
        return None

    def being_bought(self, account: "CarrierAccount", at: datetime, within: timedelta) -> Self:
        """Asked for by then and last not long before; what came of it is not written down yet."""
        mine = self.filter(merchant_id=account.merchant_id, shipment__account=account)
        asked = mine.filter(status=choices.Label.Status.ASKED, created_at__lte=at)
        return asked.filter(updated_at__gte=at - within)

    def live(self) -> Self:
        return self.exclude(status__in=choices.Label.DEAD)

    def void_untold(self, at: datetime) -> Self:
        """The carrier has not heard that they are void; not while it is still asked for one."""
        untold = self.filter(status=choices.Label.Status.VOIDED, void_told_at=None)
        return untold.exclude(held_until__gt=at)

    def printable(self) -> Self:
        return self.filter(
            status__in=(choices.Label.Status.READY, choices.Label.Status.USED)
        ).order_by("parcel__number")


class TrackingEventQuerySet(TenantQuerySet["TrackingEvent"]):
    pass


CarrierAccountManager = SoftDeleteManager.from_queryset(CarrierAccountQuerySet)
DropOffPointManager = SoftDeleteManager.from_queryset(DropOffPointQuerySet)
ReturnMethodPriceManager = models.Manager.from_queryset(ReturnMethodPriceQuerySet)
ShipmentManager = models.Manager.from_queryset(ShipmentQuerySet)
ParcelManager = models.Manager.from_queryset(ParcelQuerySet)
LabelManager = models.Manager.from_queryset(LabelQuerySet)
TrackingEventManager = models.Manager.from_queryset(TrackingEventQuerySet)
