"""The tenant's door, and typed faces of safedelete and polymorphic (their own are untyped)."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from apps.accounts.models import Merchant, Store

    class SoftDeleteQuerySet[M: models.Model](models.QuerySet[M, M]):
        def all(self, force_visibility: int | None = None) -> Self: ...
        def delete(self, force_policy: int | None = None) -> tuple[int, dict[str, int]]: ...
        def undelete(self, force_policy: int | None = None) -> tuple[int, dict[str, int]]: ...
        def nocache(self) -> Self: ...
        def invalidated_update(self, **kwargs: Any) -> int: ...

    class SoftDeleteManager[M: models.Model](models.Manager[M]):
        def get_queryset(self) -> SoftDeleteQuerySet[M]: ...
        def all(self, *, force_visibility: int | None = None) -> SoftDeleteQuerySet[M]: ...

    class PolymorphicQuerySet[M: models.Model](models.QuerySet[M, M]):
        def non_polymorphic(self) -> Self: ...
        def instance_of(self, *args: type[models.Model]) -> Self: ...

    class PolymorphicManager[M: models.Model](models.Manager[M]):
        def get_queryset(self) -> PolymorphicQuerySet[M]: ...
else:
    from polymorphic.managers import PolymorphicManager as _PolymorphicManager
    from polymorphic.query import PolymorphicQuerySet as _PolymorphicQuerySet
    from safedelete.managers import SafeDeleteManager
    from safedelete.queryset import SafeDeleteQueryset

    class SoftDeleteQuerySet(SafeDeleteQueryset):
        pass

    class SoftDeleteManager(SafeDeleteManager):
        _queryset_class = SoftDeleteQuerySet

    class PolymorphicQuerySet(_PolymorphicQuerySet):
        pass

    class PolymorphicManager(_PolymorphicManager):
        queryset_class = PolymorphicQuerySet


class TenantDoor:
    """Mixed into every QuerySet of tenant rows: they come through a merchant or a store."""

    if TYPE_CHECKING:

        def filter(self, *args: Any, **kwargs: Any) -> Self: ...

    def for_merchant(self, merchant: "Merchant") -> Self:
        return self.filter(merchant_id=merchant.pk)

    def for_store(self, store: "Store") -> Self:
        return self.filter(merchant_id=store.merchant_id, store_id=store.pk)


class TenantQuerySet[M: models.Model](TenantDoor, models.QuerySet[M, M]):
    pass
