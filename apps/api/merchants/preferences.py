"""Settings judged against the currency of their owner."""

from typing import Any

from apps.accounts.mixins.preferences import UnknownPreference
from apps.api.merchants.forms.settings import Settings, SettingsForm
from apps.core.money import CurrencyMismatch

SUMS = frozenset({"restocking_fixed", "bonus_flat"})


def column_of(name: str) -> str:
    """Raises UnknownPreference for what is no setting."""
    if name not in SettingsForm().fields:
        raise UnknownPreference(field=name[:60])
    return f"{name}_minor" if name in SUMS else name


def in_currency(settings: Settings, currency: str) -> dict[str, Any]:
    for other in sorted(settings.currencies - {currency}):
        raise CurrencyMismatch(expected=currency, got=other)
    return dict(settings.values)
