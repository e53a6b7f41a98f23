"""Return reasons as the merchant writes them."""

from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.models import Store
from apps.api.merchants.forms.settings import Reason
from apps.api.merchants.methods import CodeTaken
from apps.core.verbs import lock
from apps.orders.models import ReturnReason
from apps.orders.services.picking import UnknownReason


def add_reason(store: Store, wanted: Reason) -> ReturnReason:
    """Raises CodeTaken, or UnknownReason for a parent that the store does not have."""
    parent = None
    if wanted.parent is not None:
        parent = ReturnReason.objects.for_store(store).filter(code=wanted.parent).first()
        if parent is None:
            raise UnknownReason(reason=wanted.parent)
    reason = ReturnReason(
        merchant_id=store.merchant_id, store=store, parent=parent, **wanted.values
    )
    try:
        with transaction.atomic():
            reason.save(force_insert=True)
    except IntegrityError:
        raise CodeTaken(code=reason.code) from None
    return reason


@transaction.atomic
def change_reason(reason: ReturnReason, wanted: Reason) -> None:
    lock(reason)
    for name, value in wanted.values.items():
        setattr(reason, name, value)
    reason.save(update_fields=[*wanted.values, "updated_at"])


@transaction.atomic
def retire_reason(reason: ReturnReason, at: datetime) -> None:
    """With everything under it in the tree; past returns still name them."""
    lock(reason)
    level = [reason.pk]
    while level:
        ReturnReason.objects.filter(pk__in=level).update(deleted=at, updated_at=at)
        level = list(ReturnReason.objects.filter(parent_id__in=level).values_list("pk", flat=True))
