"""`order.underwrite(request, at)`: facts from the order's app, the rest from here, one decision."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction

from apps.underwriting.dtos import Facts, Known, Platform, Room, UnderwriteRequest
from apps.underwriting.modules.contact import (
    address_signals,
    bucket,
    digests_of,
    domain_digest,
    email_signals,
)
from apps.underwriting.modules.engine import decide
from apps.underwriting.modules.facts import facts_json
from apps.underwriting.modules.slots import caps_of, room, slots_of

if TYPE_CHECKING:
    from apps.underwriting.dtos import Cap
    from apps.underwriting.managers import InForce
    from apps.underwriting.models import Assessment

# A bank account of more than three people, or of more than two merchants' shoppers.
OTHER_PEOPLE = 3
OTHER_MERCHANTS = 2


class WithUnderWritingEngine(models.Model):
    """Mixed into Order, which gathers what its own app knows in `known_facts`."""

    class Meta:
        abstract = True

    def known_facts(self, request: UnderwriteRequest, at: datetime) -> Known:
        raise NotImplementedError

    def underwrite(self, request: UnderwriteRequest, at: datetime) -> "Assessment":
        """Decide and keep the decision; nothing is promised or reserved by it. No row is locked."""
        with transaction.atomic():
            return assess(self.known_facts(request, at), request, at)


def assess(known: Known, request: UnderwriteRequest, at: datetime) -> "Assessment":
    from apps.underwriting.models import Identity, UnderwritingPolicy

    known = replace(known, contact=replace(known.contact, iban=request.iban))
    digests = digests_of(known.contact)
    policy = UnderwritingPolicy.objects.in_force(known.merchant_id)
    row = _row(known, request, policy, at)
    marks = Identity.objects.meet(digests)
    row.shopper_mark = marks.get("email") or marks.get("phone")
    row.phone_mark, row.address_mark = marks.get("phone"), marks.get("address")
    row.iban_mark = marks.get("iban")
    caps = caps_of(policy.terms, known.merchant_cap, row.currency)
    row.caps = {
        scope: {"minor": cap.amount.minor, "count": cap.count} for scope, cap in caps.items()
    }
    facts = _facts(known, request, row, digests, caps)
    row.inputs = facts_json(facts)
    row.take(decide(facts, policy.terms, at))
    row.write()
    return row


def _row(known: Known, request: UnderwriteRequest, policy: "InForce", at: datetime) -> "Assessment":
    from apps.underwriting.models import Assessment

    return Assessment(
        merchant_id=known.merchant_id,
        store_id=known.store_id,
        order_id=known.order_id,
        request_id=request.request_id,
        at=at,
        currency=request.value.currency,
        value_minor=request.value.minor,
        policy_id=policy.id,
        policy_version=policy.version,
    )


def _facts(
    known: Known,
    request: UnderwriteRequest,
    row: "Assessment",
    digests: dict[str, str],
    caps: "dict[str, Cap]",
) -> Facts:
    from apps.underwriting.models import ListEntry, Outcome

    outcomes, platform = Outcome.objects.of_shopper(row.shopper_mark_id, row.merchant_id)
    return Facts(
        value=request.value,
        is_instant=known.is_instant,
        goods=known.goods,
        history=known.history,
        outcomes=outcomes,
        platform=_seen(row, platform),
        address=address_signals(known.contact),
        email=email_signals(known.contact),
        lists=ListEntry.objects.hits(
            row.merchant_id, {**digests, **domain_digest(known.contact)}, row.at
        ),
        rooms=_rooms(row, digests, caps),
    )


def _seen(row: "Assessment", platform: Platform) -> Platform:
    from apps.underwriting.models import Assessment

    seen = Assessment.objects.seen(row)
    address, iban = seen["address_mark"], seen["iban_mark"]
    people = ("shopper_mark", "phone_mark", "iban_mark")
    busiest = max(seen[column].orders_today for column in people)
    for_review = iban.people >= OTHER_PEOPLE or iban.merchants >= OTHER_MERCHANTS
    return replace(
        platform,
        orders_today=bucket(busiest),
        people_at_address=bucket(address.people),
        people_at_destination=bucket(iban.people),
        is_destination_for_review=for_review,
    )


def _rooms(row: "Assessment", digests: dict[str, str], caps: "dict[str, Cap]") -> tuple[Room, ...]:
    from apps.underwriting.models import Exposure

    slots = slots_of(digests, row.merchant_id, row.store_id, row.currency, row.at)
    used = Exposure.objects.used(slots.values())
    return tuple(
        room(scope, caps[scope], *used.get(slot, (0, 0)))
        for scope, slot in sorted(slots.items())
        if scope in caps
    )
