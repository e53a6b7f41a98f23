"""Answers by idempotency key."""

from typing import Any

from django.db import models
from django.db.models.functions import Now

from apps.api.managers import IdempotencyRecordManager
from apps.core.constraints import tenant
from apps.core.models import TenantModel


class IdempotencyRecord(TenantModel):
    """One key of one credential family on one route; `status` is empty while the work goes on."""

    environment = models.CharField(max_length=4)
    family = models.CharField(max_length=80)
    method = models.CharField(max_length=8)
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    locked_until = models.DateTimeField()
    fence = models.PositiveIntegerField(default=1)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(null=True)
    content_type = models.CharField(max_length=80, blank=True)
    headers = models.JSONField(default=dict, blank=True)

    objects = IdempotencyRecordManager()

    class Meta:
        constraints = (
            *tenant("api_idempotencyrecord"),
            models.UniqueConstraint(
                fields=("merchant", "environment", "family", "method", "route", "key"),
                name="api_idempotencyrecord_key",
            ),
        )
        indexes = (models.Index(fields=("created_at",), name="api_idempotency_created"),)

    def __str__(self) -> str:
        return f"{self.method} {self.route} {self.key[:40]}"

    def keep(self, status: int, body: bytes, content_type: str, headers: dict[str, Any]) -> bool:
        """False, and nothing kept, when another call took the record over meanwhile (I-49)."""
        return bool(
            self._mine().update(
                status=status, body=body, content_type=content_type, headers=headers
            )
        )

    def release(self) -> None:
        """The work did not happen: the next call with the key starts at once."""
        self._mine().update(locked_until=Now())

    def _mine(self) -> "models.QuerySet[IdempotencyRecord]":
        return type(self).objects.filter(pk=self.pk, fence=self.fence, status=None)
