"""Statuses that move only along a table of transitions."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from apps.core.errors import DomainError

type Transitions = Mapping[str, frozenset[str]]


class IllegalTransition(DomainError):
    code = "illegal_transition"
    title = "The current status does not allow this"
    status = 409


class WithStatus(models.Model):
    """The class names its TRANSITIONS; the model declares `status` itself with its choices."""

    TRANSITIONS: ClassVar[Transitions]
    status: str

    class Meta:
        abstract = True

    def can_become(self, status: str) -> bool:
        return status in self.TRANSITIONS.get(self.status, frozenset())

    def become(self, status: str) -> None:
        """Move in memory, inside a verb; raises IllegalTransition with both ends."""
        if not self.can_become(status):
            raise IllegalTransition(
                subject=self._meta.model_name or "", current=self.status, wanted=str(status)
            )
        self.status = status

    @property
    def is_final(self) -> bool:
        return not self.TRANSITIONS.get(self.status)
