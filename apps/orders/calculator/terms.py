"""The merchant's policy as the calculator reads it: no row, no clock, one currency."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.core.money import Money


class ThresholdRule(StrEnum):
    """What a partial return does to a discount that the whole basket had earned."""

    PRORATE = "prorate"
    REQUALIFY = "requalify"
    BLOCK = "block"


class ShareRule(StrEnum):
    """When a cost of the whole order (outbound shipping, duties) goes back."""

    NEVER = "never"
    WHEN_ALL_RETURNED = "when_all_returned"
    SHARE_BY_VALUE = "share_by_value"


class FeePer(StrEnum):
    REQUEST = "request"
    PARCEL = "parcel"


class RestockingBasis(StrEnum):
    FIXED = "fixed"
    PERCENT_OF_LIST = "percent_of_list"
    PERCENT_OF_PAID = "percent_of_paid"


class FeeOverRefund(StrEnum):
    """`CAP` stops the fees at the value given back; `COLLECT` leaves the rest as due."""

    CAP = "cap"
    COLLECT = "collect"


class DifferenceBasis(StrEnum):
    BASKET = "basket"
    ITEM = "item"


class TenderOrder(StrEnum):
    CREDIT_FIRST = "credit_first"
    PRO_RATA = "pro_rata"


class Destination(StrEnum):
    ORIGINAL = "original"
    CREDIT = "credit"
    BANK = "bank"
    EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFee:
    """Price of the return method; `amount` includes its tax at `tax_rate` percent."""

    amount: Money
    per: FeePer = FeePer.REQUEST
    parcels: int = 1
    tax_rate: Decimal | None = None
    label: str = "Return fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restocking:
    """Charged per unit: `fixed` money, or `percent` of its list or its paid price."""

    basis: RestockingBasis
    fixed: Money | None = None
    percent: Decimal = Decimal(0)
    label: str = "Restocking fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus:
    """A flat sum when `flat` is set, else `percent` of the goods paid with real money."""

    flat: Money | None = None
    percent: Decimal = Decimal(0)
    label: str = "Bonus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One version of a policy, already resolved for this method, region and outcome."""

    threshold: ThresholdRule = ThresholdRule.PRORATE
    shipping: ShareRule = ShareRule.WHEN_ALL_RETURNED
    duties: ShareRule = ShareRule.SHARE_BY_VALUE
    return_fee: ReturnFee | None = None
    restocking: Restocking | None = None
    fee_over_refund: FeeOverRefund = FeeOverRefund.CAP
    bonus: Bonus | None = None
    difference: DifferenceBasis = DifferenceBasis.BASKET
    carry_discount: bool = True
    tender_order: TenderOrder = TenderOrder.CREDIT_FIRST
    destination: Destination = Destination.ORIGINAL
