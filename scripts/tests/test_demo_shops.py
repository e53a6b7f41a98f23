"""The demo at a platform's shop: its figures by hand, and every platform with a fake of its own."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from apps.integrations.registry import all_connectors
from fakes.shops.control import FakeShop, running
from scripts.demo import shop_returns
from scripts.demo.kinds import kind_of, platforms
from scripts.demo.selling import CAP, TEE, Seller, euros


class KindsTest:
    def test_every_platform_that_can_be_connected_is_played(self) -> None:
        assert set(platforms()) == set(all_connectors())

    @pytest.mark.parametrize("platform", platforms())
    def test_each_has_a_fake_and_a_grant(self, platform: str) -> None:
        kind = kind_of(platform)
        shop = FakeShop("http://127.0.0.1:9")

        assert find_spec(f"{kind.fake}.__main__") is not None
        assert kind.domain(shop)
        assert all(kind.grant(shop).values())

    def test_another_is_refused_with_the_names_that_there_are(self) -> None:
        with pytest.raises(SystemExit, match=r"one of bigcommerce, custom,.* not 'ebay'"):
            kind_of("ebay")


class SellerTest:
    def test_the_figures_of_the_story_are_those_of_the_shop(self, tmp_path: Path) -> None:
        """43.56 + 10.89 + 4.84 = 59.29, of which 17.83, 10.00 and 31.46 go back."""
        with running("fakes.custom", tmp_path / "log") as fake:
            seller = Seller(fake, kind_of("custom"))
            seller.open_shelves()
            order = seller.sell()
            seller.by_hand(order, shop_returns.FIRST)
            seller.goodwill(order)
            assert seller.given_back(order) == shop_returns.WITH_GOODWILL
            seller.by_hand(order, shop_returns.REST)

        assert euros(order["total"]) == shop_returns.PAID
        assert [euros(line["total"]) for line in order["lines"]] == ["43.56", "10.89"]
        assert [line["variant_id"] for line in order["lines"]] == [TEE, CAP]
