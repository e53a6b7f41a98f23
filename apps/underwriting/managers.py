"""What underwriting asks of its rows; every question is bounded, whoever has how much history."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models

from apps.core import rows
from apps.core.managers import TenantDoor, TenantQuerySet
from apps.underwriting import choices
from apps.underwriting.dtos import ListHits, Outcomes, Platform, PolicyTerms
from apps.underwriting.modules.contact import bucket
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.terms import read_terms

if TYPE_CHECKING:
    from apps.underwriting.models import (
        Assessment,
        Exposure,
        ExposureHold,
        Identity,
        ListEntry,
        Outcome,
        Override,
        UnderwritingPolicy,
    )

SEEN_FOR = timedelta(days=90)
# More rows than this are "many" without counting them, and nobody hides behind them.
MOST_ROWS = 500
MOST_OUTCOMES = 500


@dataclass(frozen=True, slots=True)
class InForce:
    """The policy that decides; without id and with version 0 it is the built-in one."""

    id: UUID | None
    version: int
    terms: PolicyTerms


@dataclass(frozen=True, slots=True)
class Seen:
    """Other orders, people and merchants that named one identity; it leaves in buckets only."""

    orders_today: int = 0
    people: int = 0
    merchants: int = 0


# Statements are written out: compiling each of them costs more than PostgreSQL does to run it.
KNOWN = "SELECT id, kind, digest FROM underwriting_identity WHERE digest = ANY(%s)"
IN_FORCE = f"""SELECT id, version, terms FROM underwriting_underwritingpolicy
WHERE (merchant_id = %s OR merchant_id IS NULL) AND status = '{choices.Policy.Status.PUBLISHED}'
ORDER BY merchant_id NULLS LAST LIMIT 1"""  # noqa: S608
VERSION = """SELECT coalesce(max(version), 0) + 1 FROM underwriting_assessment
WHERE merchant_id = %s AND request_id = %s"""
ENDINGS = """SELECT merchant_id, kind FROM underwriting_outcome
WHERE shopper_mark_id = %s::uuid ORDER BY at DESC LIMIT %s"""
HITS = """SELECT list, kind FROM underwriting_listentry WHERE digest = ANY(%s)
  AND (merchant_id = %s OR merchant_id IS NULL) AND (expires_at IS NULL OR expires_at > %s)"""
USED = "SELECT slot, used_minor, open_count FROM underwriting_exposure WHERE slot = ANY(%s)"
MARKS = ("shopper_mark", "phone_mark", "address_mark", "iban_mark")
SEEN = " UNION ALL ".join(
    f"""SELECT '{column}', count(*),
  count(DISTINCT order_id) FILTER (WHERE at > %(day)s AND order_id <> %(order)s),
  count(DISTINCT shopper_mark_id)
    FILTER (WHERE shopper_mark_id IS DISTINCT FROM %(shopper_mark)s::uuid),
  count(DISTINCT merchant_id) FILTER (WHERE merchant_id <> %(merchant)s)
FROM (SELECT order_id, merchant_id, shopper_mark_id, at FROM underwriting_assessment
  WHERE {column}_id = %({column})s::uuid AND at > %(since)s AND at <= %(at)s
  ORDER BY at DESC LIMIT %(most)s) AS newest"""  # noqa: S608
    for column in MARKS
)


def _seen(rows: int, orders: int, people: int, merchants: int) -> Seen:
    return Seen(rows, rows, rows) if rows == MOST_ROWS else Seen(orders, people, merchants)


class IdentityQuerySet(models.QuerySet["Identity", "Identity"]):
    def meet(self, digests: Mapping[str, str]) -> "dict[str, Identity]":
        """By kind; those not met before are added, race-safe."""
        known = self._known(digests)
        missing = sorted(set(digests) - set(known), key=lambda kind: digests[kind])
        if missing:
            new = (self.model(kind=kind, digest=digests[kind]) for kind in missing)
            self.bulk_create(new, ignore_conflicts=True)
            known = self._known(digests)
        return known

    def _known(self, digests: Mapping[str, str]) -> "dict[str, Identity]":
        names = ("id", "kind", "digest")
        found = rows.fetch(KNOWN, (list(digests.values()),))
        known = (self.model.from_db(self.db, names, row) for row in found)
        return {row.kind: row for row in known if digests.get(row.kind) == row.digest}


class UnderwritingPolicyQuerySet(
    TenantDoor, models.QuerySet["UnderwritingPolicy", "UnderwritingPolicy"]
):
    def in_force(self, merchant_id: UUID) -> InForce:
        """The merchant's own, else the platform's, else the built-in terms."""
        for pk, version, terms in rows.fetch(IN_FORCE, (merchant_id,)):
            return InForce(pk, version, read_terms(json.loads(terms)))
        return InForce(None, 0, BUILT_IN)


class AssessmentQuerySet(TenantQuerySet["Assessment"]):
    def with_marks(self) -> Self:
        return self.select_related("shopper_mark", "phone_mark", "address_mark", "iban_mark")

    def newest(self) -> Self:
        """The last version of each request."""
        return self.order_by("request_id", "-version").distinct("request_id")

    def judged(self) -> Self:
        """Decided by a policy, not by staff."""
        return self.filter(override=None)

    def seen(self, row: "Assessment") -> dict[str, Seen]:
        """By mark, of 90 days and of the last 24 hours; one query, MOST_ROWS of each index."""
        facts = {
            **{column: getattr(row, f"{column}_id") for column in MARKS},
            "order": row.order_id,
            "merchant": row.merchant_id,
            "at": row.at,
            "day": row.at - timedelta(days=1),
            "since": row.at - SEEN_FOR,
            "most": MOST_ROWS,
        }
        return {column: _seen(*counts) for column, *counts in rows.fetch(SEEN, facts)}

    def next_version(self, merchant_id: UUID, request_id: UUID) -> int:
        ((version,),) = rows.fetch(VERSION, (merchant_id, request_id))
        return int(version)


class OutcomeQuerySet(TenantQuerySet["Outcome"]):
    def of_shopper(self, mark: UUID | None, merchant_id: UUID) -> tuple[Outcomes, Platform]:
        """Here as counts, elsewhere as buckets; the newest 500 are read."""
        here: dict[str, int] = {}
        elsewhere: dict[str, int] = {}
        for merchant, kind in rows.fetch(ENDINGS, (mark, MOST_OUTCOMES)):
            counts = here if merchant == merchant_id else elsewhere
            counts[kind] = counts.get(kind, 0) + 1
        kinds = choices.Outcome.Kind
        return (
            Outcomes(**{str(kind): here.get(kind, 0) for kind in kinds}),
            Platform(
                recovered=bucket(elsewhere.get(kinds.RECOVERED, 0)),
                lost=bucket(elsewhere.get(kinds.LOST, 0)),
            ),
        )


class ListEntryQuerySet(TenantDoor, models.QuerySet["ListEntry", "ListEntry"]):
    def active(self, at: datetime) -> Self:
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=at))

    def hits(self, merchant_id: UUID, digests: Mapping[str, str], at: datetime) -> ListHits:
        """Of this merchant's entries and the platform's."""
        found: dict[str, set[str]] = {"block": set(), "allow": set()}
        for name, kind in rows.fetch(HITS, (list(digests.values()), merchant_id, at)):
            found[name].add(kind)
        return ListHits(tuple(sorted(found["block"])), tuple(sorted(found["allow"])))


class ExposureQuerySet(models.QuerySet["Exposure", "Exposure"]):
    def used(self, slots: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Minor units and number of open advances by slot; a slot without a row is unused."""
        found = rows.fetch(USED, (list(slots),))
        return {slot: (used, count) for slot, used, count in found}

    def locked(self, slots: Mapping[str, str], currency: str) -> "list[Exposure]":
        """The rows of these slots (by scope), made where there is none, in the order of locks."""
        new = sorted(slots.items(), key=lambda item: item[1])
        self.bulk_create(
            (self.model(slot=slot, scope=scope, currency=currency) for scope, slot in new),
            ignore_conflicts=True,
        )
        ours = self.filter(slot__in=slots.values()).order_by("slot")
        return list(ours.select_for_update(no_key=True))


class ExposureHoldQuerySet(TenantQuerySet["ExposureHold"]):
    def held(self) -> Self:
        return self.filter(status=choices.Hold.Status.HELD)


class OverrideQuerySet(TenantQuerySet["Override"]):
    pass


IdentityManager = models.Manager.from_queryset(IdentityQuerySet)
UnderwritingPolicyManager = models.Manager.from_queryset(UnderwritingPolicyQuerySet)
AssessmentManager = models.Manager.from_queryset(AssessmentQuerySet)
OutcomeManager = models.Manager.from_queryset(OutcomeQuerySet)
ListEntryManager = models.Manager.from_queryset(ListEntryQuerySet)
ExposureManager = models.Manager.from_queryset(ExposureQuerySet)
ExposureHoldManager = models.Manager.from_queryset(ExposureHoldQuerySet)
OverrideManager = models.Manager.from_queryset(OverrideQuerySet)
