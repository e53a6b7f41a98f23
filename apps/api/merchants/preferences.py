"""Settings judged against the currency of their owner."""

from typing import Any

from rest_framework.exceptions import ValidationError

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


def one_value(name: str, value: Any, currency: str) -> Any:
    """One setting judged as it would be among the others."""
    column = column_of(name)
    form = SettingsForm(data={name: value})
    try:
        judged: Settings = form.judged()
    except ValidationError as refused:
        details: Any = refused.detail
        raise ValidationError({"value": details.get(name, details)}) from None
    return in_currency(judged, currency)[column]
