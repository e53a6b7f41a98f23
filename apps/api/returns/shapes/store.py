"""The store's portal as it presents itself before anybody is known."""

from typing import Any

from apps.accounts import choices as accounts
from apps.accounts.models import Store
from apps.orders.models import ReturnReason
from apps.orders.services.quoting import methods_of

# Only these come from the branding that a merchant may fill freely.
BRANDING = ("logo_url", "color", "accent_color", "text_color", "font", "portal_url", "support_url")


def store_shape(store: Store, language: str) -> dict[str, Any]:
    """Two queries: the settings, the reasons."""
    preferences = store.preferences
    by_postcode = preferences.lookup == accounts.Store.Lookup.POSTCODE
    return {
        "slug": store.slug,
        "name": store.name,
        "currency": store.currency,
        "language": language,
        "languages": store.languages,
        "branding": {
            key: str(preferences.branding[key]) for key in BRANDING if key in preferences.branding
        },
        "policy_url": preferences.policy_url,
        "lookup": {
            "fields": ["order_number", "email", *(["postcode"] if by_postcode else [])],
            "proof_first": preferences.proof_first,
        },
        "refund_methods": list(methods_of(preferences)),
        "exchanges_enabled": preferences.exchanges_enabled,
        "reasons": _reasons(store, language),
    }


def _reasons(store: Store, language: str) -> list[dict[str, Any]]:
    rows = list(ReturnReason.objects.for_store(store))
    shown = {reason.pk: _reason(reason, language) for reason in rows}
    for reason in rows:
        if reason.parent_id in shown:
            shown[reason.parent_id]["children"].append(shown[reason.pk])
    return [shown[reason.pk] for reason in rows if reason.parent_id is None]


def _reason(reason: ReturnReason, language: str) -> dict[str, Any]:
    return {
        "code": reason.code,
        "label": reason.label(language),
        "needs_photo": reason.needs_photo,
        "needs_text": reason.needs_text,
        "children": [],
    }
