"""Settings, reasons, policies, methods and places, as stored and with sums as money."""

from collections.abc import Sequence
from typing import Any

from apps.accounts.mixins.preferences import PreferenceFields
from apps.accounts.models import Location, Store
from apps.core.money import Money
from apps.deliveries.models import ReturnMethod
from apps.orders.models import Policy, ReturnReason
from apps.orders.modules.eligibility.judge import Verdict
from apps.orders.modules.eligibility.services import Difference

MINOR = "_minor"
SHOWN = 200


def settings_shape(preferences: PreferenceFields) -> dict[str, Any]:
    return dict(
        setting(name, getattr(preferences, name), preferences.currency)
        for name in preferences.synced_fields()
    )


def setting(name: str, value: Any, currency: str) -> tuple[str, Any]:
    """The name and value that the API shows for a column."""
    if name.endswith(MINOR):
        return name.removesuffix(MINOR), Money(value, currency)
    return name, format(value, "f") if name.endswith("_percent") else value


def reason_shape(reason: ReturnReason) -> dict[str, Any]:
    return {
        "id": reason.pk,
        "code": reason.code,
        "parent": reason.parent.code if reason.parent else None,
        "labels": reason.labels,
        "fault": reason.fault,
        "needs_photo": reason.needs_photo,
        "needs_text": reason.needs_text,
        "waives_fee": reason.waives_fee,
        "position": reason.position,
    }


def policy_shape(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.pk,
        "version": policy.version,
        "status": policy.status,
        "name": policy.name,
        "published_at": policy.published_at,
        "rules": [
            {
                "code": rule.code,
                "action": rule.action,
                "conditions": rule.conditions,
                "priority": rule.priority,
                "messages": rule.messages,
                "active_from": rule.active_from,
                "active_until": rule.active_until,
            }
            for rule in policy.rules.all()
        ],
    }


def replay_shape(differences: Sequence[Difference]) -> dict[str, Any]:
    """`count` of all, the first 200 of them one by one."""
    return {
        "count": len(differences),
        "differences": [
            {
                "return": each.return_id,
                "line": each.line_id,
                "amount": each.amount,
                "before": verdict_shape(each.before),
                "after": verdict_shape(each.after),
            }
            for each in differences[:SHOWN]
        ],
    }


def verdict_shape(verdict: Verdict) -> dict[str, Any]:
    return {
        "is_eligible": verdict.is_eligible,
        "hold": verdict.hold,
        "waives_fee": verdict.waives_fee,
        "no_instant": verdict.no_instant,
        "refusals": [refusal.code for refusal in verdict.refusals],
        "rules": list(verdict.rules),
    }


def method_shape(method: ReturnMethod) -> dict[str, Any]:
    return {
        "id": method.pk,
        "code": method.code,
        "type": method.type,
        "names": method.names,
        "is_active": method.is_active,
        "is_per_parcel": method.is_per_parcel,
        "keeps_goods": method.keeps_goods,
        "label_days": method.label_days,
        "position": method.position,
        "location": method.location_id,
        "prices": [
            {"regions": each.regions, "outcome": each.outcome, "price": each.price}
            for each in method.prices.all()
        ],
    }


def store_shape(store: Store) -> dict[str, Any]:
    return {
        "id": store.pk,
        "slug": store.slug,
        "name": store.name,
        "platform": store.platform,
        "domain": store.domain,
        "currency": store.currency,
        "languages": store.languages,
        "time_zone": store.time_zone,
        "status": store.status,
    }


def location_shape(location: Location) -> dict[str, Any]:
    return {
        "id": location.pk,
        "name": location.name,
        "address": location.address,
        "accepts_returns": location.accepts_returns,
        "is_default": location.is_default,
    }
