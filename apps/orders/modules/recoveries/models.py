from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from apps.core.constraints import DeferredCheck, StatusMoves, tenant
from apps.core.models import MoneyOf, TenantModel
from apps.core.status import WithStatus
from apps.orders.modules.recoveries import choices
from apps.orders.modules.recoveries.managers import (
    RecoveryAttemptManager,
    RecoveryCollectionManager,
    RecoveryManager,
)
from apps.orders.modules.recoveries.mixins.clock import ClockMixin
from apps.orders.modules.recoveries.mixins.contesting import ContestingMixin
from apps.orders.modules.recoveries.mixins.writing_off import WritingOffMixin

Status = choices.Recovery.Status


class Recovery(ClockMixin, ContestingMixin, WritingOffMixin, TenantModel):
    """An advance won back from the shopper: what one cause of one return left short.

    `given_back` is what went back or is told to; `lines` are ids of the return lines.
    """

    TRANSITIONS = choices.Recovery.TRANSITIONS
    # The facts of the parcel are the return's, and so is the consent that its recoveries share.
    LOCKED_BEFORE = ("ret",)

    ret = models.ForeignKey("orders.Return", models.PROTECT, related_name="recoveries")
    cause = models.CharField(max_length=12, choices=choices.Recovery.Cause.choices)
    status = models.CharField(
        max_length=11, choices=choices.Recovery.Status.choices, default=Status.OPEN
    )
    currency = models.CharField(max_length=3)
    due_minor = models.BigIntegerField()
    collected_minor = models.BigIntegerField(default=0)
    given_back_minor = models.BigIntegerField(default=0)
    written_off_minor = models.BigIntegerField(default=0)
    lines = models.JSONField(default=list, blank=True)
    instalments = models.PositiveSmallIntegerField(default=1)
    consent_cap_minor = models.BigIntegerField(null=True, blank=True)
    consent_until = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    objection_ends_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    charge_at = models.DateTimeField(null=True, blank=True)
    first_asked_at = models.DateTimeField(null=True, blank=True)
    next_step_at = models.DateTimeField(null=True, blank=True)
    held_back = models.CharField(
        max_length=12, choices=choices.Recovery.Held.choices, blank=True, default=""
    )
    pay_url = models.TextField(blank=True)
    pay_url_expires_at = models.DateTimeField(null=True, blank=True)
    contests = models.JSONField(default=list, blank=True)
    end_reason = models.CharField(max_length=1000, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    needs_second_person = models.BooleanField(default=False)
    write_off_asked_by = models.ForeignKey(
        "users.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_off_by = models.ForeignKey(
        "users.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    due = MoneyOf("due_minor")
    taken = MoneyOf("collected_minor")
    given_back = MoneyOf("given_back_minor")
    written_off = MoneyOf("written_off_minor")

    objects = RecoveryManager()

    class Meta:
        constraints = (
            *tenant("orders_recovery", "ret"),
            StatusMoves(moves=choices.Recovery.TRANSITIONS, name="orders_recovery_moves"),
            models.UniqueConstraint(fields=("ret", "cause"), name="orders_recovery_once"),
            models.CheckConstraint(
                condition=Q(due_minor__gt=0)
                & Q(given_back_minor__gte=0)
                & Q(given_back_minor__lte=F("collected_minor"))
                & Q(written_off_minor__gte=0)
                & Q(
                    due_minor__gte=F("collected_minor")
                    - F("given_back_minor")
                    + F("written_off_minor")
                ),
                name="orders_recovery_sums",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.CLOSED) | Q(given_back_minor=F("collected_minor")),
                name="orders_recovery_closed_gives_back",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.RECOVERED)
                | Q(due_minor=F("collected_minor") - F("given_back_minor")),
                name="orders_recovery_recovered_whole",
            ),
            models.CheckConstraint(
                condition=Q(warned_at__isnull=True) | Q(warned_at__gte=F("objection_ends_at")),
                name="orders_recovery_objection",
            ),
            models.CheckConstraint(
                condition=Q(first_asked_at__isnull=True) | Q(first_asked_at__gte=F("warned_at")),
                name="orders_recovery_warned_first",
            ),
            models.CheckConstraint(
                condition=Q(consent_cap_minor__isnull=True, consent_until__isnull=True)
                | Q(consent_cap_minor__gte=0, consent_until__isnull=False),
                name="orders_recovery_consent",
            ),
            models.CheckConstraint(
                condition=Q(instalments__gte=1, instalments__lte=3),
                name="orders_recovery_instalments",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.WRITTEN_OFF)
                | (
                    ~Q(end_reason="")
                    & Q(written_off_by__isnull=False)
                    & (
                        Q(needs_second_person=False)
                        | (
                            Q(write_off_asked_by__isnull=False)
                            & ~Q(write_off_asked_by=F("written_off_by"))
                        )
                    )
                ),
                name="orders_recovery_second_person",
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "status", "-id"), name="orders_recovery_status"),
            models.Index(
                fields=("next_step_at",),
                condition=Q(next_step_at__isnull=False),
                name="orders_recovery_next_step",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cause}: {self.due}"


class RecoveryAttempt(WithStatus, TenantModel):
    """One charge of the saved card under the consent, whose cap and end stand in the row."""

    TRANSITIONS = choices.RecoveryAttempt.TRANSITIONS

    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(
        max_length=13,
        choices=choices.RecoveryAttempt.Status.choices,
        default=choices.RecoveryAttempt.Status.ASKED,
    )
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    consent_cap_minor = models.BigIntegerField()
    consent_until = models.DateTimeField()
    allowed_from = models.DateTimeField()
    first_asked_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)

    amount = MoneyOf("amount_minor")

    objects = RecoveryAttemptManager()

    class Meta:
        ordering = ("number",)
        constraints = (
            *tenant("orders_recoveryattempt", "recovery"),
            StatusMoves(
                moves=choices.RecoveryAttempt.TRANSITIONS, name="orders_recoveryattempt_moves"
            ),
            models.UniqueConstraint(
                fields=("recovery", "number"), name="orders_recoveryattempt_number"
            ),
            models.UniqueConstraint(
                fields=("recovery",),
                condition=Q(status__in=choices.RecoveryAttempt.IN_FLIGHT),
                name="orders_recoveryattempt_one_in_flight",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=3), name="orders_recoveryattempt_three"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, amount_minor__lte=F("consent_cap_minor")),
                name="orders_recoveryattempt_cap",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__lte=F("consent_until"), asked_at__gte=F("allowed_from"))
                & Q(asked_at__lte=F("first_asked_at") + timedelta(days=15)),
                name="orders_recoveryattempt_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=choices.RecoveryAttempt.Status.SUCCEEDED) | ~Q(reference=""),
                name="orders_recoveryattempt_reference",
            ),
            DeferredCheck(
                holds=(
                    "(SELECT coalesce(sum(a.amount_minor), 0) FROM orders_recoveryattempt a"
                    " JOIN orders_recovery r ON r.id = a.recovery_id WHERE r.ret_id ="
                    " (SELECT ret_id FROM orders_recovery WHERE id = changed.recovery_id)"
                    " AND a.status IN ('asked', 'started', 'needs_shopper', 'succeeded'))"
                    " <= changed.consent_cap_minor"
                ),
                message="the charges of a return are above its consent",
                events="INSERT OR UPDATE",
                name="orders_recoveryattempt_consent",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.amount} ({self.status})"


class RecoveryCollection(TenantModel):
    """Money that came in, by its reference, and how much of it is told to go back."""

    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="collections")
    reference = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    given_back_minor = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    amount = MoneyOf("amount_minor")
    given_back = MoneyOf("given_back_minor")

    objects = RecoveryCollectionManager()

    class Meta:
        ordering = ("id",)
        constraints = (
            *tenant("orders_recoverycollection", "recovery"),
            models.UniqueConstraint(
                fields=("recovery", "reference"), name="orders_recoverycollection_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0)
                & ~Q(reference="")
                & Q(given_back_minor__gte=0, given_back_minor__lte=F("amount_minor")),
                name="orders_recoverycollection_sums",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference}: {self.amount}"
