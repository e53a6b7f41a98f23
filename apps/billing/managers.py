from datetime import date
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Sum

from apps.billing import choices
from apps.core.managers import TenantQuerySet

if TYPE_CHECKING:
    from apps.billing.models import (
        BillingProfile,
        ClosedMonth,
        DirectDebit,
        DirectDebitFile,
        DunningLetter,
        Fee,
        FeeSchedule,
        Invoice,
        InvoiceCharge,
        InvoiceLine,
        InvoicePage,
        InvoicePayment,
        InvoiceSeries,
        MerchantCard,
        MerchantPayout,
        Subscription,
    )


class FeeScheduleQuerySet(models.QuerySet["FeeSchedule", "FeeSchedule"]):
    def in_force(self, plan_id: UUID, currency: str, day: date) -> "FeeSchedule | None":
        rows = self.filter(plan_id=plan_id, currency=currency, starts_on__lte=day)
        return rows.order_by("-starts_on").first()


class SubscriptionQuerySet(TenantQuerySet["Subscription"]):
    def on(self, day: date) -> Self:
        return self.overlapping(day, None).filter(starts_on__lte=day)

    def overlapping(self, first: date, before: date | None) -> Self:
        """With a day from `first` to before `before`; None: to the end of time."""
        rows = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=first))
        return rows if before is None else rows.filter(starts_on__lt=before)


class FeeQuerySet(TenantQuerySet["Fee"]):
    def open(self, up_to: date) -> Self:
        """On no invoice yet, of the month `up_to` or of one before it."""
        return self.filter(invoice__isnull=True, period__lte=up_to)

    def by_line(self) -> "models.QuerySet[Fee, Any]":
        """One row for each kind and wording: how many, how much, and the least and most of one."""
        return (
            self.values("kind", "vat_class", "currency", "description")
            .annotate(
                quantity=Count("pk"),
                net=Sum("amount_minor"),
                low=Min("amount_minor"),
                high=Max("amount_minor"),
                first=Min("occurred_at"),
            )
            .order_by("first", "description")
        )


class InvoiceSeriesQuerySet(models.QuerySet["InvoiceSeries", "InvoiceSeries"]):
    def take_next(self, kind: str, day: date) -> "InvoiceSeries":
        """Count up under the lock of the row; whoever rolls back gives the number back.

        `last_issued_on` never goes back: numbers and dates run alike.
        """
        series, _ = self.get_or_create(kind=kind, year=day.year)
        series = self.select_for_update(no_key=True).get(pk=series.pk)
        series.last_number += 1
        series.last_issued_on = max(day, series.last_issued_on or day)
        series.save(update_fields=["last_number", "last_issued_on", "updated_at"])
        return series


class InvoiceQuerySet(TenantQuerySet["Invoice"]):
    def invoices(self) -> Self:
        return self.filter(kind=choices.Invoice.Kind.INVOICE)

    def issued(self) -> Self:
        return self.exclude(status=choices.Invoice.Status.DRAFT)

    def unpaid(self) -> Self:
        return self.invoices().filter(status__in=choices.Invoice.OPEN)

    def overdue_on(self, day: date) -> Self:
        """Past their due date, and nothing is under way for them."""
        return self.unpaid().filter(due_on__lt=day).idle().order_by("due_on", "id")

    def to_remind(self) -> Self:
        """Dunned, the letter of that step is not sent, and nothing is under way for them."""
        dunned = self.unpaid().exclude(dunning=choices.Invoice.Dunning.NONE)
        return dunned.filter(~Exists(_sent_letters())).idle().order_by("dunned_at", "id")

    def payable_online(self) -> Self:
        """With something due, and nothing under way for it."""
        owed = self.unpaid().filter(total_minor__gt=F("paid_minor") + F("credited_minor"))
        return owed.idle()

    def idle(self) -> Self:
        """No direct debit is at the bank, and no charge of a card is without an outcome."""
        return self.filter(~Exists(_sent_debits()), ~Exists(_open_charges()))

    def to_charge(self, day: date) -> Self:
        """Due by then, of merchants who pay by a card that did not refuse this invoice yet."""
        due = self.payable_online().filter(
            Exists(_cards_to_charge()),
            due_on__lte=day,
            merchant__billing_profile__method=choices.Profile.Method.CARD,
        )
        return due.order_by("due_on", "id")

    def to_debit(self) -> Self:
        """Euros still due from accounts with a mandate, and not at the bank already."""
        profiles = self.unpaid().filter(
            currency="EUR",
            merchant__billing_profile__method=choices.Profile.Method.DIRECT_DEBIT,
            total_minor__gt=F("paid_minor") + F("credited_minor"),
        )
        return profiles.idle().order_by("due_on", "id")


class InvoiceLineQuerySet(TenantQuerySet["InvoiceLine"]):
    pass


class InvoicePaymentQuerySet(TenantQuerySet["InvoicePayment"]):
    pass


class InvoicePageQuerySet(TenantQuerySet["InvoicePage"]):
    def open(self) -> Self:
        return self.filter(status__in=choices.InvoicePage.OPEN).order_by("id")


class MerchantCardQuerySet(TenantQuerySet["MerchantCard"]):
    def ready(self) -> Self:
        return self.filter(status=choices.MerchantCard.Status.READY)

    def consented(self) -> Self:
        return self.filter(status=choices.MerchantCard.Status.CONSENTED)

    def live(self) -> Self:
        statuses = choices.MerchantCard.Status
        return self.filter(status__in=(statuses.CONSENTED, statuses.READY))

    def to_remove(self) -> Self:
        """Dropped, and still at Stripe; not while a charge of them is without an outcome."""
        dropped = self.filter(status=choices.MerchantCard.Status.DROPPED, removed_at=None)
        return dropped.exclude(charges__status=choices.InvoiceCharge.Status.OPEN).order_by("id")


class InvoiceChargeQuerySet(TenantQuerySet["InvoiceCharge"]):
    def open(self) -> Self:
        return self.filter(status=choices.InvoiceCharge.Status.OPEN).order_by("id")


class MerchantPayoutQuerySet(TenantQuerySet["MerchantPayout"]):
    def waiting(self) -> Self:
        return self.filter(status=choices.MerchantPayout.Status.WAITING)


class BillingProfileQuerySet(TenantQuerySet["BillingProfile"]):
    pass


class ClosedMonthQuerySet(TenantQuerySet["ClosedMonth"]):
    pass


class DirectDebitQuerySet(TenantQuerySet["DirectDebit"]):
    pass


class DunningLetterQuerySet(TenantQuerySet["DunningLetter"]):
    pass


class DirectDebitFileQuerySet(models.QuerySet["DirectDebitFile", "DirectDebitFile"]):
    pass


FeeScheduleManager = models.Manager.from_queryset(FeeScheduleQuerySet)
SubscriptionManager = models.Manager.from_queryset(SubscriptionQuerySet)
FeeManager = models.Manager.from_queryset(FeeQuerySet)
InvoiceSeriesManager = models.Manager.from_queryset(InvoiceSeriesQuerySet)
InvoiceManager = models.Manager.from_queryset(InvoiceQuerySet)
InvoiceLineManager = models.Manager.from_queryset(InvoiceLineQuerySet)
InvoicePaymentManager = models.Manager.from_queryset(InvoicePaymentQuerySet)
InvoicePageManager = models.Manager.from_queryset(InvoicePageQuerySet)
MerchantCardManager = models.Manager.from_queryset(MerchantCardQuerySet)
InvoiceChargeManager = models.Manager.from_queryset(InvoiceChargeQuerySet)
MerchantPayoutManager = models.Manager.from_queryset(MerchantPayoutQuerySet)
BillingProfileManager = models.Manager.from_queryset(BillingProfileQuerySet)
ClosedMonthManager = models.Manager.from_queryset(ClosedMonthQuerySet)
DirectDebitManager = models.Manager.from_queryset(DirectDebitQuerySet)
DunningLetterManager = models.Manager.from_queryset(DunningLetterQuerySet)
DirectDebitFileManager = models.Manager.from_queryset(DirectDebitFileQuerySet)


def _sent_debits() -> "models.QuerySet[DirectDebit]":
    from apps.billing.models import DirectDebit

    sent = choices.DirectDebit.Status.SENT
    return DirectDebit.objects.filter(invoice_id=OuterRef("pk"), status=sent)


def _open_charges() -> "models.QuerySet[InvoiceCharge]":
    from apps.billing.models import InvoiceCharge

    return InvoiceCharge.objects.open().filter(invoice_id=OuterRef("pk"))


def _cards_to_charge() -> "models.QuerySet[MerchantCard]":
    from apps.billing.models import InvoiceCharge, MerchantCard

    over = InvoiceCharge.objects.filter(
        invoice_id=OuterRef(OuterRef("pk")),
        card_id=OuterRef("pk"),
        status__in=choices.InvoiceCharge.FINAL,
    )
    cards = MerchantCard.objects.ready().filter(merchant_id=OuterRef("merchant_id"))
    return cards.filter(~Exists(over))


def _sent_letters() -> "models.QuerySet[DunningLetter]":
    from apps.billing.models import DunningLetter

    same_step = {"invoice_id": OuterRef("pk"), "dunned_at": OuterRef("dunned_at")}
    return DunningLetter.objects.filter(**same_step, sent_at__isnull=False)
