from decimal import Decimal

from apps.core.money import Money
from apps.integrations.magento import memo
from apps.integrations.magento.tests.payloads import item, order


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


class MagentoMemoTest:
    def test_one_of_two_and_then_the_other(self) -> None:
        """20.66 - 2.50 + 3.91 (3.905 up, 0.005 owed) + 0.43 (0.435 less 0.005): 22.50, then
        the rest: 20.66 - 2.50 + 3.90 + 0.44."""
        first = memo.value(order(), {"1": 1}, "EUR")
        half = item(
            1,
            qty_refunded=1,
            base_amount_refunded=20.66,
            base_discount_refunded=2.5,
            base_tax_refunded=3.91,
            base_discount_tax_compensation_refunded=0.43,
        )

        assert first == euros("22.5")
        assert memo.value(order(half), {"1": 1}, "EUR") == euros("22.5")

    def test_what_rounding_cuts_is_carried_over(self) -> None:
        """Of three for 10.00 one is 3.33, and 0.0033 are owed: the next row's one is 3.34."""
        rows = [
            item(
                each,
                qty_invoiced=3,
                base_row_invoiced=10,
                base_discount_invoiced=0,
                base_tax_invoiced=0,
                base_discount_tax_compensation_invoiced=0,
            )
            for each in (1, 2)
        ]

        assert memo.value(order(*rows), {"1": 1}, "EUR") == euros("3.33")
        assert memo.value(order(*rows), {"1": 1, "2": 1}, "EUR") == euros("6.67")
        assert memo.value(order(*rows), {"1": 3, "2": 1}, "EUR") == euros("13.33")

    def test_a_discount_is_carried_the_other_way(self) -> None:
        """10.00 / 3 = 3.33, carrying 0.0033; 0.01 / 3 less that is 0.00; 3.33 are left."""
        row = item(
            1,
            qty_invoiced=3,
            base_row_invoiced=10,
            base_discount_invoiced=0.01,
            base_tax_invoiced=0,
            base_discount_tax_compensation_invoiced=0,
        )

        assert memo.value(order(row), {"1": 1}, "EUR") == euros("3.33")

    def test_nothing_for_nothing(self) -> None:
        assert memo.value(order(base_shipping_amount=0), {}, "EUR") == euros("0")
        assert memo.Carried().rounded(Decimal(0)) == 0
