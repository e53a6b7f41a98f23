import pytest

from apps.core.http import Unreadable
from apps.core.money import InexactAmount, Money
from apps.integrations import reading
from apps.integrations.payloads import MalformedPayload


class ShapedTest:
    @pytest.mark.parametrize("wrong", [{}, [], None, {"a": {"b": "x"}}])
    def test_what_cannot_be_read_has_a_name(self, wrong: object) -> None:
        with pytest.raises(MalformedPayload) as refused, reading.shaped("order"):
            int(wrong["a"]["b"])  # type: ignore[index]

        assert refused.value.details == {"shape": "order"}

    def test_after_an_effect_it_is_doubt(self) -> None:
        with pytest.raises(Unreadable), reading.effect("shop"):
            raise InexactAmount(amount="1.005")


class RoundedTest:
    @pytest.mark.parametrize(
        ("value", "minor"),
        [("24.199999", 2420), ("0.005", 1), ("-0.005", -1), (None, 0), ("", 0), (7, 700)],
    )
    def test_half_up_once(self, value: object, minor: int) -> None:
        assert reading.rounded({"a": value}, "a", "EUR") == Money(minor, "EUR")

    @pytest.mark.parametrize("value", ["NaN", "Infinity", "1e400", "many", "1E+99999999"])
    def test_never_what_is_no_sum(self, value: str) -> None:
        with pytest.raises(InexactAmount):
            reading.rounded({"a": value}, "a", "EUR")


class IdTest:
    def test_as_the_shop_writes_them(self) -> None:
        given = ["12", "gid-1", "", "²"]

        assert [reading.as_given(each) for each in given] == [12, "gid-1", "", "²"]

    def test_one_part_of_a_path(self) -> None:
        assert reading.segment("1/../2?x") == "1%2F..%2F2%3Fx"
        assert reading.plain(Money(1230, "EUR")) == "12.30"


class PageTest:
    def test_what_is_no_order_at_all_is_named_too(self) -> None:
        def read(order: object) -> object:
            return order["id"]  # type: ignore[index]

        page = reading.order_page([{"x": 1}, 7], read, "next")  # type: ignore[list-item, arg-type]
        assert page.cursor == "next"
        assert [(each.external_id, each.code) for each in page.unreadable] == [
            ("", "malformed_payload"),
            ("", "malformed_payload"),
        ]
