from django.db import models

from apps.core import clock
from apps.core.constraints import StatusMoves, tenant
from apps.core.models import TenantModel
from apps.integrations import choices
from apps.integrations.managers import PlatformActionManager
from apps.integrations.mixins.writing import WritingMixin


class PlatformAction(WritingMixin, TenantModel):
    """Something to be written to the shop, once, under `reference`; `payload` is a dataclass of
    `asking`, frozen when it was promised. Orders stand on a floor above: known here by ids."""

    store = models.ForeignKey("accounts.Store", models.PROTECT, related_name="+")
    ret_id = models.UUIDField()
    subject_id = models.UUIDField()
    kind = models.CharField(max_length=16, choices=choices.PlatformAction.Kind.choices)
    status = models.CharField(
        max_length=12,
        choices=choices.PlatformAction.Status.choices,
        default=choices.PlatformAction.Status.PENDING,
    )
    reference = models.CharField(max_length=80)
    payload = models.JSONField(default=dict, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = PlatformActionManager()

    class Meta:
        constraints = (
            *tenant("integrations_action", "store"),
            StatusMoves(moves=choices.PlatformAction.TRANSITIONS, name="integrations_action_moves"),
            models.UniqueConstraint(
                fields=("store", "reference"), name="integrations_action_reference"
            ),
        )
        indexes = (
            models.Index(
                fields=("next_at",),
                condition=models.Q(status__in=choices.PlatformAction.UNDER_WAY),
                name="integrations_action_due",
            ),
            models.Index(fields=("merchant", "ret_id", "id"), name="integrations_action_of_return"),
            models.Index(fields=("merchant", "-id"), name="integrations_action_list"),
            models.Index(fields=("merchant", "status", "-id"), name="integrations_action_status"),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.status})"
