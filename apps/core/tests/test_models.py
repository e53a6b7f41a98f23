import pytest

from apps.core.money import CurrencyMismatch, Money
from apps.core.tests.samples import Parcel


class MoneyOfTest:
    def test_reads_the_column_with_the_currency_of_the_row(self) -> None:
        assert Parcel(total_minor=1250, currency="EUR").total == Money(1250, "EUR")

    def test_writes_the_column(self) -> None:
        row = Parcel(currency="JPY")
        row.total = Money(300, "JPY")
        assert row.total_minor == 300

    def test_refuses_another_currency(self) -> None:
        row = Parcel(total_minor=5, currency="EUR")
        with pytest.raises(CurrencyMismatch):
            row.total = Money(300, "USD")
        assert row.total_minor == 5

    def test_is_itself_on_the_class(self) -> None:
        assert Parcel.total.column == "total_minor"
