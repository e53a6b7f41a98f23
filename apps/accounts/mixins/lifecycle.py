"""A store pauses, retires and comes back; retired rows stay for the orders that name them."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import IntegrityError, models, transaction

from apps.accounts import choices
from apps.accounts.mixins.credentials import CredentialsMixin
from apps.core.errors import DomainError
from apps.core.status import Transitions, WithStatus
from apps.core.verbs import verb


class SlugTaken(DomainError):
    code = "slug_taken"
    title = "Another store or merchant uses this slug"
    status = 409


class StoreLifecycleMixin(WithStatus, CredentialsMixin):
    TRANSITIONS: ClassVar[Transitions] = choices.Store.TRANSITIONS

    if TYPE_CHECKING:
        deleted = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @verb
    def pause(self) -> None:
        self.become(choices.Store.Status.PAUSED)
        self.record(choices.Event.STORE_PAUSED)

    @verb
    def resume(self) -> None:
        self.become(choices.Store.Status.ACTIVE)
        self.record(choices.Event.STORE_RESUMED)

    @verb
    def retire(self, at: datetime) -> None:
        """Soft deletion: the portal is gone, the slug free, the credentials destroyed."""
        if self.deleted is None:
            self.become(choices.Store.Status.DISCONNECTED)
            self.deleted, self.credentials = at, None
            self.record(choices.Event.STORE_RETIRED)

    def restore(self) -> None:
        """Paused and without credentials; raises SlugTaken when the slug has gone to another."""
        try:
            with transaction.atomic():
                self._restore()
        except IntegrityError:
            raise SlugTaken(slug=str(self)) from None

    @verb
    def _restore(self) -> None:
        self.become(choices.Store.Status.PAUSED)
        self.deleted = None
        self.record(choices.Event.STORE_RESTORED)
