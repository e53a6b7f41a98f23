"""Exact money: an integer of minor units with its ISO 4217 currency."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

from apps.core.errors import DomainError

_ZERO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_TWO_DECIMALS = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD
HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD
MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON
RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD
TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
DECIMALS: dict[str, int] = {
    **dict.fromkeys(_ZERO_DECIMALS.split(), 0),
    **dict.fromkeys(_TWO_DECIMALS.split(), 2),
    **dict.fromkeys(_THREE_DECIMALS.split(), 3),
}
MAX_MINOR = 10**15
_WIDEST = 40
_PLAIN = re.compile(rf"[+-]?[0-9]{{1,{_WIDEST}}}(?:\.[0-9]{{1,{_WIDEST}}})?")


class UnknownCurrency(DomainError):
    code = "unknown_currency"
    title = "The currency is not an ISO 4217 code in use"
    status = 400


class CurrencyMismatch(DomainError):
    code = "currency_mismatch"
    title = "Amounts of two currencies cannot be combined"
    status = 400


class InexactAmount(DomainError):
    code = "inexact_amount"
    title = "The amount is not exact at the scale of its currency"
    status = 400


def half_up(value: Fraction) -> int:
    """Nearest integer, halves away from zero; the only rounding in the product."""
    doubled = abs(value) * 2
    rounded = (doubled.numerator // doubled.denominator + 1) // 2
    return rounded if value >= 0 else -rounded


def decimals_of(currency: str) -> int:
    try:
        return DECIMALS[currency]
    except KeyError:
        raise UnknownCurrency(currency=currency) from None


def as_json(minor: int, currency: str) -> dict[str, str]:
    """Money as the API shows it, for lists of a thousand amounts that need no more of it."""
    scale = decimals_of(currency)
    text = str(minor)
    if not scale:
        return {"amount": text, "currency": currency}
    if minor >= 0 and len(text) > scale:
        return {"amount": f"{text[:-scale]}.{text[-scale:]}", "currency": currency}
    whole, part = divmod(abs(minor), 10**scale)
    sign = "-" if minor < 0 else ""
    return {"amount": f"{sign}{whole}.{part:0{scale}d}", "currency": currency}


def _exact(amount: object) -> Fraction | None:
    """Never through the decimal context, which would round the 29th digit away unseen."""
    if type(amount) is int:
        return Fraction(amount)
    if isinstance(amount, str) and _PLAIN.fullmatch(amount):
        return Fraction(amount)
    if isinstance(amount, Decimal) and amount.is_finite() and abs(_reach(amount)) < _WIDEST:
        return Fraction(amount)
    return None


def _minor_of(text: str, scale: int) -> int | None:
    """Of a plain text with no more decimals than the currency has, which nearly all have: a page of
    a hundred orders has two thousand of them, and a Fraction takes five times as long."""
    whole, _, part = text.partition(".")
    if len(part) > scale or not _PLAIN.fullmatch(text):
        return None
    minor = int(f"{whole}{part:0<{scale}}" if scale else whole)
    return minor if abs(minor) <= MAX_MINOR else None


def _reach(amount: Decimal) -> int:
    """The exponent that would cost most to write out: `1E+999999` is short but not small."""
    _, digits, exponent = amount.as_tuple()
    return max(int(exponent), int(exponent) + len(digits), key=abs)


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` is a signed integer of the currency's smallest unit."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("minor units are a whole number")
        decimals_of(self.currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    @classmethod
    def of(cls, amount: str | Decimal | int, currency: str) -> Self:
        """Exact only: `10.005` EUR, NaN, floats and what is not a plain number raise InexactAmount.

        Text is ASCII digits with an optional sign and fraction; no exponent, space or underscore.
        """
        scale = decimals_of(currency)
        if type(amount) is str and (plain := _minor_of(amount, scale)) is not None:
            return cls(plain, currency)
        exact = _exact(amount)
        minor = exact if exact is None else exact * 10**scale
        if minor is None or minor.denominator != 1 or abs(minor) > MAX_MINOR:
            shown = "out of range" if type(amount) is int else str(amount)[:_WIDEST]
            raise InexactAmount(amount=shown, currency=currency)
        return cls(minor.numerator, currency)

    @classmethod
    def rounded(cls, amount: Decimal | Fraction, currency: str) -> Self:
        """Half-up to the currency's scale, for prices stored with more decimals than they pay."""
        return cls(half_up(Fraction(amount) * 10 ** decimals_of(currency)), currency)

    @classmethod
    def total(cls, parts: Iterable[Self], currency: str) -> Self:
        result = cls.zero(currency)
        for part in parts:
            result = result + part
        return result

    @property
    def amount(self) -> Decimal:
        scale = decimals_of(self.currency)
        return Decimal(self.minor).scaleb(-scale).quantize(Decimal(1).scaleb(-scale))

    def as_json(self) -> dict[str, str]:
        return as_json(self.minor, self.currency)

    def share(self, numerator: int, denominator: int) -> Self:
        """Half-up share of this amount; `half_up(minor * numerator / denominator)`."""
        return type(self)(half_up(Fraction(self.minor * numerator, denominator)), self.currency)

    def percent(self, rate: Decimal) -> Self:
        return type(self)(half_up(Fraction(self.minor) * Fraction(rate) / 100), self.currency)

    def allocate(self, weights: Sequence[int]) -> list[Self]:
        """Split by largest remainder (ties to the earlier part); the parts sum to the whole."""
        if not weights or any(weight < 0 for weight in weights):
            raise ValueError("weights must be a non-empty list of non-negative integers")
        whole = sum(weights)
        if whole == 0:
            weights, whole = [1] * len(weights), len(weights)
        sign = -1 if self.minor < 0 else 1
        shares = [divmod(abs(self.minor) * weight, whole) for weight in weights]
        left = abs(self.minor) - sum(quotient for quotient, _ in shares)
        by_remainder = sorted(range(len(shares)), key=lambda i: (-shares[i][1], i))
        extra = set(by_remainder[:left])
        return [
            type(self)(sign * (quotient + (i in extra)), self.currency)
            for i, (quotient, _) in enumerate(shares)
        ]

    def at_least_zero(self) -> Self:
        return self if self.minor > 0 else self.zero(self.currency)

    def capped(self, cap: Self) -> Self:
        return min(self, cap)

    def __add__(self, other: Self) -> Self:
        return type(self)(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.minor, self.currency)

    def __mul__(self, times: int) -> Self:
        return type(self)(self.minor * times, self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Self) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Self) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Self) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def _same(self, other: Self) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(expected=self.currency, got=other.currency)
        return other.minor
