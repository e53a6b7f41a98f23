"""What a plan costs, by currency and from when on, and which merchant has it."""

from datetime import date

from django.db import models

from apps.billing import choices
from apps.billing.managers import FeeScheduleManager, SubscriptionManager
from apps.core.constraints import AppendOnly, DeferredCheck, tenant
from apps.core.models import AbstractTimeStampedUUID, MoneyOf, TenantModel
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents

NO_OTHER = """NOT EXISTS (SELECT 1 FROM billing_subscription mine
    JOIN billing_subscription other
      ON other.merchant_id = mine.merchant_id AND other.id <> mine.id
    WHERE mine.id = changed.id
      AND daterange(other.starts_on, other.ends_on) && daterange(mine.starts_on, mine.ends_on))"""


class Plan(AbstractTimeStampedUUID):
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    is_offered = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class FeeSchedule(AbstractTimeStampedUUID):
    """One version of a plan's prices, never changed: the next one starts later.

    Sums are net of VAT; basis points are hundredths of a percent of the amount concerned.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="schedules")
    currency = models.CharField(max_length=3)
    starts_on = models.DateField()
    monthly_minor = models.BigIntegerField("price of a month, in minor units", default=0)
    request_minor = models.BigIntegerField("fee of a return, in minor units", default=0)
    instant_minor = models.BigIntegerField("fee of an advance, in minor units", default=0)
    instant_bp = models.PositiveIntegerField("fee of an advance, in basis points", default=0)
    label_minor = models.BigIntegerField("fee of a carrier label, in minor units", default=0)
    label_margin_bp = models.PositiveIntegerField("margin on a label, in basis points", default=0)
    minimum_minor = models.BigIntegerField("least use of a month, in minor units", default=0)

    monthly = MoneyOf("monthly_minor")
    per_request = MoneyOf("request_minor")
    instant = MoneyOf("instant_minor")
    label = MoneyOf("label_minor")
    minimum = MoneyOf("minimum_minor")

    objects = FeeScheduleManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "currency", "starts_on"), name="billing_feeschedule_version"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    monthly_minor__gte=0,
                    request_minor__gte=0,
                    instant_minor__gte=0,
                    label_minor__gte=0,
                    minimum_minor__gte=0,
                    instant_bp__lte=10_000,
                    label_margin_bp__lte=10_000,
                ),
                name="billing_feeschedule_prices",
            ),
            AppendOnly(name="billing_feeschedule_fixed"),
        )

    def __str__(self) -> str:
        return f"{self.plan} {self.currency} from {self.starts_on}"


class Subscription(RecordsEvents, TenantModel):
    """A merchant has one plan at a time, from `starts_on` to the day before `ends_on`."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="subscriptions")
    currency = models.CharField(max_length=3)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = SubscriptionManager()

    class Meta:
        constraints = (
            *tenant("billing_subscription"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="billing_subscription_days",
            ),
            models.UniqueConstraint(
                fields=("merchant",),
                condition=models.Q(ends_on__isnull=True),
                name="billing_subscription_one_open",
            ),
            DeferredCheck(
                holds=NO_OTHER,
                message="a merchant has one plan at a time",
                name="billing_subscription_apart",
                events="INSERT OR UPDATE",
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "starts_on"), name="billing_subscription_days_x"),
        )

    def __str__(self) -> str:
        return f"{self.plan} from {self.starts_on}"

    @verb
    def end(self, ends_on: date) -> None:
        """`ends_on` is the first day without the plan."""
        self.ends_on = ends_on
        self.record(choices.Event.SUBSCRIPTION_ENDED, ends_on=ends_on.isoformat())
