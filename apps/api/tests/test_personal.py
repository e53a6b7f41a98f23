"""I-52: after an erasure nothing that was listed as a shopper's stands anywhere."""

from typing import Any

import pgtrigger
import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models

from apps.api.services.exporting import export
from apps.api.services.personal import Holds, listed, with_words
from apps.api.tasks import erase_shoppers
from apps.api.tests.erased import EMAIL, MARK, Shopper
from apps.core.fields import SealedField
from apps.events.models import Event

WORDS = dict(with_words())
ERASED = {name: WORDS[name] for name, holds in listed().items() if holds == Holds.ERASED}
# Whose row is gone: a file of somebody else's is no trace of her.
SEALED = "payments.PayoutDestination.account"


class RegisterTest:
    def test_every_column_with_words_is_listed(self) -> None:
        new, gone = WORDS.keys() - listed().keys(), listed().keys() - WORDS.keys()

        assert not new, "say in apps/api/services/personal.py what they hold of people"
        assert not gone, "they are no columns any more"

    def test_what_is_erased_has_no_history(self) -> None:
        """pghistory's versions would keep it; nobody erases them."""
        tracked = {name for name, model in ERASED.items() if hasattr(model, "pgh_event_models")}

        assert not tracked


@pytest.mark.django_db
class NothingLeftTest:
    def test_of_all_that_was_known(
        self, django_capture_on_commit_callbacks: Any, admin_user: Any
    ) -> None:
        shopper = Shopper.build()
        LogEntry.objects.log_actions(admin_user.pk, [shopper.customer], CHANGE, "")
        files = [name for column, model in ERASED.items() for name in marked(column, model)]
        request = shopper.asks("erasure")
        before = found_in_database()
        exported = str(export(shopper.asks("export")))

        with django_capture_on_commit_callbacks(execute=True):
            assert erase_shoppers() == 1

        request.refresh_from_db()
        assert (request.status, request.why) == ("done", [])
        assert before >= {model._meta.db_table for model in ERASED.values()}
        assert found_in_database() == set()
        assert len(files) == 3
        assert not [name for name in files if default_storage.exists(name)]
        assert EMAIL in exported
        books = (shopper.order.total_minor, shopper.paid.amount_minor)
        shopper.order.refresh_from_db()
        shopper.paid.refresh_from_db()
        assert (shopper.order.total_minor, shopper.paid.amount_minor) == books


def marked(column: str, model: type[models.Model]) -> list[str]:
    """Her mark in that column of every row that there is; the names of files."""
    field = model._meta.get_field(column.rpartition(".")[2])
    rows = model._base_manager.all()
    assert rows, f"the shopper has no row of {model.__name__}"
    if isinstance(field, models.FileField):
        for row in rows:
            getattr(row, field.name).save(f"{MARK}.bin", ContentFile(MARK.encode()))
        return [str(getattr(row, field.name).name) for row in rows]
    if model is not Event and not isinstance(field, SealedField):
        with pgtrigger.ignore():
            rows.update(**{field.name: mark_for(field)})
    return []


def mark_for(field: Any) -> object:
    """As much of the e-mail address as the column takes."""
    if isinstance(field, models.JSONField):
        return [EMAIL] if field.has_default() and field.get_default() == [] else {"name": EMAIL}
    if isinstance(field, models.BinaryField):
        return EMAIL.encode()
    return EMAIL[: field.max_length]


def found_in_database() -> set[str]:
    """Tables of which any row holds the mark in any column, raw bytes included."""
    asked = " UNION ALL ".join(
        f"SELECT '{table}' FROM \"{table}\" t WHERE t::text ~* %(mark)s"  # noqa: S608
        for table in connection.introspection.table_names()
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, {"mark": f"{MARK}|{MARK.encode().hex()}"})
        return {table for (table,) in cursor.fetchall()}
