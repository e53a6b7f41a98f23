"""A store's money settings frozen with the quote, so that no later change moves a shown sum."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from apps.core.money import Money
from apps.orders.calculator import terms as t
from apps.orders.choices import Return

if TYPE_CHECKING:
    from apps.accounts.models import StorePreferences
    from apps.orders.dtos import MethodChoice

DESTINATIONS = {
    Return.RefundMethod.ORIGINAL: t.Destination.ORIGINAL,
    Return.RefundMethod.ELSEWHERE: t.Destination.ORIGINAL,
    Return.RefundMethod.BANK_TRANSFER: t.Destination.BANK,
    Return.RefundMethod.STORE_CREDIT: t.Destination.CREDIT,
}


class FrozenTerms:
    """Wraps the JSON kept on Quote and Return; `for_method` gives the calculator's Terms."""

    def __init__(self, stored: dict[str, Any]) -> None:
        self.stored = stored

    @classmethod
    def freeze(
        cls, preferences: "StorePreferences", method: "MethodChoice", parcels: int, currency: str
    ) -> Self:
        """Raises CurrencyMismatch when the method is priced in another currency."""
        price = Money.zero(currency) + (method.price or Money.zero(currency))
        return cls(
            {
                "currency": currency,
                "threshold": preferences.threshold_rule,
                "shipping": preferences.shipping_rule,
                "fee_minor": price.minor,
                "fee_per": "parcel" if method.per_parcel else "request",
                "fee_label": method.name,
                "parcels": parcels,
                "fee_over_refund": preferences.fee_over_refund,
                "restocking": preferences.restocking_kind,
                "restocking_fixed_minor": preferences.restocking_fixed_minor,
                "restocking_percent": str(preferences.restocking_percent),
                "bonus": preferences.bonus_kind,
                "bonus_flat_minor": preferences.bonus_flat_minor,
                "bonus_percent": str(preferences.bonus_percent),
                "difference": preferences.difference_basis,
                "tender_order": preferences.tender_order,
            }
        )

    @classmethod
    def plain(cls, currency: str) -> Self:
        """No fee, no bonus, shipping never: what a shop's own credit note says of its lines."""
        return cls(
            {
                "currency": currency,
                "threshold": "prorate",
                "shipping": "never",
                "fee_minor": 0,
                "fee_per": "request",
                "fee_label": "",
                "parcels": 1,
                "fee_over_refund": "cap",
                "restocking": "none",
                "restocking_fixed_minor": 0,
                "restocking_percent": "0",
                "bonus": "none",
                "bonus_flat_minor": 0,
                "bonus_percent": "0",
                "difference": "basket",
                "tender_order": "credit_first",
            }
        )

    def for_method(self, refund_method: str) -> t.Terms:
        return t.Terms(
            threshold=t.ThresholdRule(self.stored["threshold"]),
            shipping=t.ShareRule(self.stored["shipping"]),
            return_fee=self._fee(),
            restocking=self._restocking(),
            fee_over_refund=t.FeeOverRefund(self.stored["fee_over_refund"]),
            bonus=self._bonus(),
            difference=t.DifferenceBasis(self.stored["difference"]),
            tender_order=t.TenderOrder(self.stored["tender_order"]),
            destination=DESTINATIONS[Return.RefundMethod(refund_method)],
        )

    def _money(self, name: str) -> Money:
        return Money(self.stored[name], self.stored["currency"])

    def _fee(self) -> t.ReturnFee | None:
        if not self.stored["fee_minor"]:
            return None
        return t.ReturnFee(
            amount=self._money("fee_minor"),
            per=t.FeePer(self.stored["fee_per"]),
            parcels=self.stored["parcels"],
            label=self.stored["fee_label"] or "Return fee",
        )

    def _restocking(self) -> t.Restocking | None:
        if self.stored["restocking"] == "none":
            return None
        return t.Restocking(
            basis=t.RestockingBasis(self.stored["restocking"]),
            fixed=self._money("restocking_fixed_minor"),
            percent=Decimal(self.stored["restocking_percent"]),
        )

    def _bonus(self) -> t.Bonus | None:
        if self.stored["bonus"] == "none":
            return None
        flat = self.stored["bonus"] == "flat"
        return t.Bonus(
            flat=self._money("bonus_flat_minor") if flat else None,
            percent=Decimal(self.stored["bonus_percent"]),
        )
