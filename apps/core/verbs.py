"""`@verb`: one verb, one transaction, one locked row."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, router, transaction

from apps.core import queueing
from apps.core.faults import pause_here

_ACTING = "_acting"


def lock(row: models.Model, held: Sequence[models.Model] = ()) -> None:
    """Lock the row FOR NO KEY UPDATE and read it again; raises DoesNotExist when it is gone.

    Its relations are forgotten, but those to rows in `held`, which are locked and were read again.
    Where others wait for locks already, OperationalError as after a lock time-out.
    """
    kept = _relations(row, held)
    try:
        row.refresh_from_db(from_queryset=_locked(row, skip_locked=True))
    except ObjectDoesNotExist:
        with queueing.seat():
            row.refresh_from_db(from_queryset=_locked(row, skip_locked=False))
    for field, value in kept:
        if getattr(row, field.attname) == value.pk:
            field.set_cached_value(row, value)


def _locked[M: models.Model](row: M, *, skip_locked: bool) -> models.QuerySet[M]:
    tables = ["self", *(link.name for link in row._meta.parents.values() if link is not None)]
    rows: models.QuerySet[M] = type(row)._base_manager.select_for_update(
        no_key=True, of=tables, skip_locked=skip_locked
    )
    return rows


def _relations(
    row: models.Model, held: Sequence[models.Model]
) -> list[tuple[models.ForeignKey[Any, Any], models.Model]]:
    """A row that a verb is at work on is not held: it may have changes that are not saved."""
    idle = [each for each in held if not each.__dict__.get(_ACTING)]
    kept = []
    for field in row._meta.concrete_fields if idle else ():
        if isinstance(field, models.ForeignKey):
            value = field.get_cached_value(row, default=None)
            if value is not None and any(value is each for each in idle):
                kept.append((field, value))
    return kept


def verb[M: models.Model, **P, R](
    act: Callable[Concatenate[M, P], R],
) -> Callable[Concatenate[M, P], R]:
    """Lock, read again, act, save the columns that changed; a verb inside a verb shares the lock.

    Rows named in the class's LOCKED_BEFORE are locked first, in the order of the house. Whatever is
    raised rolls the database back; the instance in memory is then stale.
    """

    @wraps(act)
    def wrapper(row: M, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if row.__dict__.get(_ACTING):
            return act(row, *args, **kwargs)
        with transaction.atomic(using=router.db_for_write(type(row), instance=row)):
            held: list[models.Model] = []
            for name in getattr(row, "LOCKED_BEFORE", ()):
                first = getattr(row, name)
                lock(first, held)
                held.append(first)
            lock(row, held)
            before = _columns(row)
            pause_here("in-verb")
            row.__dict__[_ACTING] = True
            try:
                result = act(row, *args, **kwargs)
            finally:
                row.__dict__.pop(_ACTING, None)
            _save_changes(row, before)
            return result

    return wrapper


def _columns(row: models.Model) -> dict[str, object]:
    return {field.attname: row.__dict__.get(field.attname) for field in row._meta.concrete_fields}


def _save_changes(row: models.Model, before: dict[str, object]) -> None:
    changed = [name for name, value in _columns(row).items() if before[name] != value]
    if changed:
        row.save(update_fields=[*changed, "updated_at"])
