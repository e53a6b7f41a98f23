"""A refund that a vendor takes back days later is found without its webhook."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apps.payments import choices, services, tasks
from apps.payments.dtos import Answer
from apps.payments.gateways.mollie.tests.test_contract import MollieShop
from apps.payments.gateways.paypal.tests.test_contract import PayPalShop
from apps.payments.models import Payment
from apps.payments.tests import vendors
from apps.payments.tests.contract import AT, owed
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db
SHOPS = {"mollie": MollieShop, "paypal": PayPalShop}
DAY = timedelta(days=1)
# AT lies in the day that begins here.
TODAY = AT.replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture(params=sorted(SHOPS))
def shop(request: pytest.FixtureRequest, fake_of: Callable[[str], Psp]) -> vendors.Shop:
    shop = SHOPS[request.param]()
    shop.fake = fake_of(shop.vendor)
    return shop


def taken_back(shop: vendors.Shop) -> Payment:
    """Paid at AT; the vendor has taken it back since, and no webhook came."""
    refund = shop.promised()
    shop.send(refund, AT)
    shop.fake.settle(shop.key, refund.provider_ref, "failed", "")
    return refund


class LookAgainTest:
    @pytest.mark.parametrize("age", [1, 3, 7, 14])
    def test_what_was_taken_back_opens_the_debt_again(self, shop: vendors.Shop, age: int) -> None:
        refund = taken_back(shop)
        day = TODAY + (age + 1) * DAY

        assert [services.look_again(day, day) for _ in range(2)] == [1, 0]
        refund.refresh_from_db()
        assert (refund.status, owed(refund)) == ("returned", "60.00")

    def test_at_other_ages_nobody_is_asked(self, shop: vendors.Shop) -> None:
        refund = taken_back(shop)

        assert [services.look_again(TODAY + age * DAY, AT) for age in (1, 3, 5, 16)] == [0] * 4
        refund.refresh_from_db()
        assert refund.status == "succeeded"

    def test_what_stands_stays(self, shop: vendors.Shop) -> None:
        refund = shop.promised()
        shop.send(refund, AT)

        assert services.look_again(TODAY + 2 * DAY, AT) == 0
        refund.refresh_from_db()
        assert refund.status == "succeeded"

    def test_who_is_silent_is_asked_at_the_next_age(self, shop: vendors.Shop) -> None:
        refund = taken_back(shop)
        shop.fake.mode("error_before", times=3, match={"method": "GET"})
        first = services.look_again(TODAY + 2 * DAY, AT)
        shop.fake.clear_modes()

        assert (first, services.look_again(TODAY + 4 * DAY, AT)) == (0, 1)
        refund.refresh_from_db()
        assert refund.status == "returned"

    def test_one_that_is_not_known_there_is_told_to_staff(
        self,
        shop: vendors.Shop,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        refund = shop.promised()
        shop.send(refund, AT)
        absent = Answer(choices.Payment.Outcome.ABSENT)
        monkeypatch.setattr(type(refund), "ask", lambda _: absent)

        assert services.look_again(TODAY + 2 * DAY, AT) == 0
        assert "is not known" in caplog.text


class TaskTest:
    def test_a_day_has_one_look(self) -> None:
        assert [tasks.look_again() for _ in range(2)] == [0, None]
