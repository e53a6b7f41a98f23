"""Small models for the tests of core: their tables exist inside the test's transaction only."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import connection, models
from django.test.utils import isolate_apps

from apps.core.constraints import AppendOnly, DeferredCheck, StatusMoves, tenant
from apps.core.fields import SealedField
from apps.core.managers import TenantQuerySet
from apps.core.models import AbstractTimeStampedUUID, MoneyOf, TenantModel
from apps.core.status import WithStatus
from apps.core.verbs import verb

MOVES: Mapping[str, frozenset[str]] = {
    "open": frozenset({"sent", "lost"}),
    "sent": frozenset({"lost"}),
}


class VerbFailed(Exception):
    """What a sample verb raises."""


with isolate_apps("apps.core"):

    class Shelf(AbstractTimeStampedUUID):
        merchant = models.UUIDField(db_column="merchant_id")

        class Meta:
            app_label = "core"
            constraints = (*tenant("core_shelf"),)

    class Parcel(WithStatus, AbstractTimeStampedUUID):
        merchant = models.UUIDField(db_column="merchant_id")
        shelf = models.ForeignKey(Shelf, models.CASCADE, null=True)
        status = models.CharField(max_length=8, default="open")
        label = models.CharField(max_length=20, default="", db_default="")
        total_minor = models.BigIntegerField(default=0)
        currency = models.CharField(max_length=3, default="EUR")
        secret = SealedField(null=True)

        total = MoneyOf("total_minor")
        TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = MOVES
        LOCKED_BEFORE: ClassVar[tuple[str, ...]] = ()

        class Meta:
            app_label = "core"
            constraints = (
                *tenant("core_parcel", "shelf"),
                StatusMoves(name="core_parcel_moves", moves=MOVES),
            )

        @verb
        def rename(self, label: str) -> str:
            self.label = label
            return f"now {label}"

        @verb
        def send(self, label: str) -> None:
            self.become("sent")
            self.rename(label)

        @verb
        def look(self) -> str:
            return self.label

        @verb
        def fail(self) -> None:
            self.label = "half"
            raise VerbFailed

    class ShelvedParcel(Parcel):
        LOCKED_BEFORE: ClassVar[tuple[str, ...]] = ("shelf",)

        class Meta:
            app_label = "core"
            proxy = True

    class Posting(models.Model):
        entry = models.IntegerField()
        minor = models.BigIntegerField()

        class Meta:
            app_label = "core"
            constraints = (
                AppendOnly(name="core_posting_append"),
                DeferredCheck(
                    name="core_posting_balance",
                    holds="(SELECT sum(minor) FROM core_posting WHERE entry = changed.entry) = 0",
                    message="the entry isn't balanced",
                    events="INSERT",
                ),
            )

        def __str__(self) -> str:
            return f"{self.entry}: {self.minor}"


class DoorQuerySet(TenantQuerySet[TenantModel]):
    """The tenant's door on its own."""


def create_tables(*tables: type[models.Model]) -> None:
    with connection.schema_editor() as editor:
        for table in tables:
            editor.create_model(table)
