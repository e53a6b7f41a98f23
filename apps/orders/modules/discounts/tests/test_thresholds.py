import json
from decimal import Decimal

from apps.core.money import Money
from apps.integrations.dtos import BasketDiscount
from apps.orders.calculator.facts import DiscountKind, ThresholdDiscount
from apps.orders.modules.discounts.thresholds import as_json, basket_discounts

OURS = {"1": "a", "2": "b"}


def read(discount: BasketDiscount) -> ThresholdDiscount:
    (found,) = basket_discounts([json.loads(json.dumps(as_json(discount, OURS)))], "EUR")
    return found


class ThresholdsTest:
    def test_a_threshold_comes_back_with_our_lines(self) -> None:
        offer = BasketDiscount(
            id="d",
            label="10 % from 300",
            kind="threshold",
            lines=("1", "2", "unknown"),
            threshold=Money(30_000, "EUR"),
            percent="12.5",
        )
        assert read(offer) == ThresholdDiscount(
            id="d",
            label="10 % from 300",
            kind=DiscountKind.THRESHOLD,
            lines=("a", "b"),
            threshold=Money(30_000, "EUR"),
            percent=Decimal("12.5"),
        )

    def test_a_multi_buy_keeps_its_counts(self) -> None:
        offer = BasketDiscount(
            id="d", label="3 for 2", kind="multi_buy", lines=("1",), buy=3, pay=2
        )
        found = read(offer)
        assert (found.kind, found.buy, found.pay) == (DiscountKind.MULTI_BUY, 3, 2)
        assert (found.threshold, found.percent) == (None, None)

    def test_a_gift_keeps_what_it_gives(self) -> None:
        offer = BasketDiscount(id="d", label="Gift", kind="gift", lines=("1",), gifts=("2", "x"))
        assert read(offer).gifts == ("b",)

    def test_none_is_none(self) -> None:
        assert basket_discounts([], "EUR") == ()
