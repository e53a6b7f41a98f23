from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models

from apps.core.managers import SoftDeleteManager, SoftDeleteQuerySet, TenantDoor, TenantQuerySet
from apps.core.money import Money
from apps.orders import choices

if TYPE_CHECKING:
    from apps.orders.models import (
        ExchangeLineItem,
        ImportIssue,
        ImportJob,
        LineItem,
        Order,
        OrderTender,
        Quote,
        Return,
        ReturnLineItem,
        ReturnReason,
    )


class OrderQuerySet(TenantQuerySet["Order"]):
    def with_items(self) -> Self:
        return self.prefetch_related("lines", "tenders")

    def flagged(self, flag: str = "") -> Self:
        """With this flag, or with any: imported as told, and to be looked at."""
        flagged = self.exclude(flags=[])
        return flagged.filter(flags__contains=[flag]) if flag else flagged

    def numbered(self, number: str) -> Self:
        """A shopper types `1001` or `#1001`; both find the order."""
        bare = number.strip().lstrip("#").strip()
        return self.filter(number__in={bare, f"#{bare}"})


class LineItemQuerySet(TenantQuerySet["LineItem"]):
    pass


class OrderTenderQuerySet(TenantQuerySet["OrderTender"]):
    def expect_at_shop(self, tender_id: UUID, amount: Money) -> None:
        """Staff make so much of what was claimed in the shop itself, which will tell of it; below
        zero they do not any more."""
        more = models.F("at_shop_minor") + amount.minor
        self.filter(pk=tender_id).update(at_shop_minor=more)


class QuoteQuerySet(TenantQuerySet["Quote"]):
    def open_at(self, at: datetime) -> Self:
        return self.filter(used_at=None, expires_at__gt=at)


class ReturnQuerySet(TenantQuerySet["Return"]):
    def with_items(self) -> Self:
        return self.select_related("order", "store").prefetch_related(
            models.Prefetch("lines", _lines_in_order())
        )

    def live(self) -> Self:
        return self.exclude(status__in=choices.Return.FINAL)

    def undecided(self) -> Self:
        return self.live().exclude(status=choices.Return.Status.REQUESTED)

    def covered_until(self, at: datetime) -> Self:
        """Instant and undecided, with a cover that ends by then; the first to end is first."""
        return self.filter(
            mode=choices.Return.Mode.INSTANT, decided_at__isnull=True, cover_ends_at__lte=at
        ).order_by("cover_ends_at", "id")

    def not_shipped_since(self, at: datetime) -> Self:
        """Opened by then and still to be sent; where the shopper keeps the goods nothing is."""
        return self.filter(
            status=choices.Return.Status.IN_PROGRESS,
            mode=choices.Return.Mode.STANDARD,
            opened_at__lte=at,
            expires_at__isnull=False,
        )


def _lines_in_order() -> "models.QuerySet[ReturnLineItem]":
    from apps.orders.models import ReturnLineItem

    return ReturnLineItem.objects.select_related("line_item", "reason").order_by("id")


class ReturnLineItemQuerySet(TenantQuerySet["ReturnLineItem"]):
    def live(self) -> Self:
        """Lines that hold their units: neither cancelled nor rejected."""
        return self.exclude(reception=choices.ReturnLineItem.Reception.CANCELLED).exclude(
            decision=choices.ReturnLineItem.Decision.REJECTED
        )

    def accepted(self) -> Self:
        return self.filter(decision=choices.ReturnLineItem.Decision.ACCEPTED)


class ExchangeLineItemQuerySet(TenantQuerySet["ExchangeLineItem"]):
    pass


class ReturnReasonQuerySet(TenantDoor, SoftDeleteQuerySet["ReturnReason"]):
    pass


class ImportJobQuerySet(TenantQuerySet["ImportJob"]):
    def left_behind(self, waiting: datetime, running: datetime) -> Self:
        """Not begun since `waiting`, or begun before `running` and never ended."""
        statuses = choices.ImportJob.Status
        return self.filter(
            models.Q(status=statuses.WAITING, created_at__lte=waiting)
            | models.Q(status=statuses.RUNNING, started_at__lte=running)
        ).order_by("id")

    def ended(self) -> Self:
        statuses = choices.ImportJob.Status
        return self.filter(status__in=(statuses.DONE, statuses.FAILED)).order_by("id")

    def under_way(self) -> Self:
        statuses = choices.ImportJob.Status
        return self.filter(status__in=(statuses.WAITING, statuses.RUNNING))

    def with_file(self) -> Self:
        return self.exclude(file="")


class ImportIssueQuerySet(TenantQuerySet["ImportIssue"]):
    pass


OrderManager = models.Manager.from_queryset(OrderQuerySet)
LineItemManager = models.Manager.from_queryset(LineItemQuerySet)
OrderTenderManager = models.Manager.from_queryset(OrderTenderQuerySet)
QuoteManager = models.Manager.from_queryset(QuoteQuerySet)
ReturnManager = models.Manager.from_queryset(ReturnQuerySet)
ReturnLineItemManager = models.Manager.from_queryset(ReturnLineItemQuerySet)
ExchangeLineItemManager = models.Manager.from_queryset(ExchangeLineItemQuerySet)
ReturnReasonManager = SoftDeleteManager.from_queryset(ReturnReasonQuerySet)
ImportJobManager = models.Manager.from_queryset(ImportJobQuerySet)
ImportIssueManager = models.Manager.from_queryset(ImportIssueQuerySet)
