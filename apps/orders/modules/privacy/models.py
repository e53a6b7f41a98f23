from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from apps.core.constraints import StatusMoves, tenant
from apps.core.models import TenantModel
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.orders.modules.privacy import choices
from apps.orders.modules.privacy.managers import PrivacyRequestManager

# What the GDPR and the platforms give a merchant, and by how much Article 12(3) lets it be extended
# where somebody is told why.
WITHIN = timedelta(days=30)
LONGER = timedelta(days=60)


class PrivacyRequest(WithStatus, RecordsEvents, TenantModel):
    """Somebody wants their data, or wants it gone; `orders` are ids of ours, `why` what it waits
    for. It names the shopper by our own ids only, and so outlives the erasure."""

    TRANSITIONS = choices.PrivacyRequest.TRANSITIONS

    store = models.ForeignKey(
        "accounts.Store", models.PROTECT, null=True, blank=True, related_name="+"
    )
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=choices.PrivacyRequest.Kind.choices)
    source = models.CharField(max_length=8, choices=choices.PrivacyRequest.Source.choices)
    status = models.CharField(
        max_length=9,
        choices=choices.PrivacyRequest.Status.choices,
        default=choices.PrivacyRequest.Status.OPEN,
    )
    reference = models.CharField(max_length=120)
    orders = models.JSONField(default=list, blank=True)
    why = models.JSONField(default=list, blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = PrivacyRequestManager()

    class Meta:
        constraints = (
            *tenant("orders_privacyrequest", "store", "customer"),
            StatusMoves(moves=choices.PrivacyRequest.TRANSITIONS, name="orders_privacy_moves"),
            models.UniqueConstraint(
                fields=("merchant", "kind", "reference"), name="orders_privacy_once"
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "-id"), name="orders_privacy_list"),
            models.Index(fields=("merchant", "due_at", "id"), name="orders_privacy_due"),
            models.Index(
                F("tried_at").asc(nulls_first=True),
                condition=Q(status__in=choices.PrivacyRequest.UNDONE),
                name="orders_privacy_undone",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.status})"

    @property
    def is_extended(self) -> bool:
        return self.due_at > self.asked_at + WITHIN

    @verb
    def postpone(self, why: list[str], counts: dict[str, int], at: datetime) -> None:
        """Tried again by itself; told once for each reason that is new. What may take long gives
        it a later due date, once."""
        if self.is_final:
            return
        if self.status == choices.PrivacyRequest.Status.OPEN:
            self.become(choices.PrivacyRequest.Status.POSTPONED)
        codes = {each.partition(":")[0] for each in why}
        if codes & choices.PrivacyRequest.EXTENDING and not self.is_extended:
            self.due_at = self.asked_at + WITHIN + LONGER
        if why != self.why:
            due = self.due_at.isoformat()
            self.record(choices.Event.PRIVACY_POSTPONED, why=why, due_at=due)
        self.why, self.counts, self.tried_at = why, counts, at

    @verb
    def finish(self, counts: dict[str, int], at: datetime) -> None:
        """Once; a second time changes nothing."""
        if self.is_final:
            return
        self.become(choices.PrivacyRequest.Status.DONE)
        self.why, self.counts, self.done_at, self.tried_at = [], counts, at, at
        self.record(choices.Event.PRIVACY_DONE, about=self.kind)

    @verb
    def refuse(self, reason: str, at: datetime) -> None:
        """The merchant's word, which the shopper reads; raises IllegalTransition once it ended."""
        self.become(choices.PrivacyRequest.Status.REFUSED)
        self.refusal, self.why, self.done_at = reason, [], at
        self.record(choices.Event.PRIVACY_REFUSED)
