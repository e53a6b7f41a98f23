"""Money in minor units and moments in seconds, as the text that platforms write."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

type Row = dict[str, Any]

NO_DECIMALS = frozenset({"JPY", "KRW", "CLP"})
THREE_DECIMALS = frozenset({"KWD", "BHD", "TND"})


def decimals(currency: str) -> int:
    if currency.upper() in NO_DECIMALS:
        return 0
    return 3 if currency.upper() in THREE_DECIMALS else 2


def text(minor: int, currency: str) -> str:
    return str(Decimal(minor).scaleb(-decimals(currency)))


def minor(value: Any, currency: str) -> int:
    """Raises ArithmeticError for what is no figure; digits that the currency lacks are cut."""
    return int(Decimal(str(value)).scaleb(decimals(currency)))


def iso(seconds: float) -> str:
    """UTC with its Z, microseconds only where there are any."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def seconds(moment: str) -> float:
    """Without a zone it is UTC."""
    parsed = datetime.fromisoformat(moment)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
