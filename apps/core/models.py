"""Base models: UUIDv7 key and times, the tenant's column, soft deletion, money columns."""

from typing import TYPE_CHECKING, Any, Self, overload

from django.db import models

from apps.core import clock
from apps.core.ids import uuid7
from apps.core.money import Money

if TYPE_CHECKING:
    from django.contrib.contenttypes.models import ContentType

    class _SafeDelete(models.Model):
        deleted = models.DateTimeField(null=True)
        deleted_by_cascade = models.BooleanField(default=False)
        objects: models.Manager[Any]

        class Meta:
            abstract = True

        def save(self, *args: Any, **kwargs: Any) -> None: ...
        def undelete(self) -> tuple[int, dict[str, int]]: ...

    class Polymorphic(models.Model):
        polymorphic_ctype = models.ForeignKey(ContentType, models.CASCADE, null=True)
        objects: models.Manager[Any]

        class Meta:
            abstract = True

        def get_real_instance(self) -> Self: ...
else:
    from polymorphic.models import PolymorphicModel as Polymorphic  # noqa: F401
    from safedelete.models import SafeDeleteModel as _SafeDelete


class AbstractTimeStampedUUID(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class TenantModel(AbstractTimeStampedUUID):
    """A row that belongs to exactly one merchant; Meta.constraints start with `*tenant(...)`."""

    merchant = models.ForeignKey("accounts.Merchant", models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class SoftDeletable(_SafeDelete):
    """For configuration and catalogue, never for money, ledger, idempotency and event rows."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Never revives a deleted row, as safedelete's own would (C-57); `undelete()` does."""
        kwargs.setdefault("keep_deleted", True)
        super().save(*args, **kwargs)


class MoneyOf:
    """Reads `<column>` with the row's currency as Money; assigning checks the currency."""

    def __init__(self, column: str, currency: str = "currency") -> None:
        self.column = column
        self.currency = currency

    @overload
    def __get__(self, row: None, owner: type[models.Model]) -> Self: ...
    @overload
    def __get__(self, row: models.Model, owner: type[models.Model]) -> Money: ...
    def __get__(self, row: models.Model | None, owner: type[models.Model]) -> Self | Money:
        if row is None:
            return self
        return Money(getattr(row, self.column), getattr(row, self.currency))

    def __set__(self, row: models.Model, value: Money) -> None:
        zero = Money.zero(getattr(row, self.currency))
        setattr(row, self.column, (zero + value).minor)
