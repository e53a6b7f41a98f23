"""New goods that ran out: shopper and merchant see what is paid instead, and how far it is."""

import pytest
from rest_framework.test import APIClient

from apps.api.merchants.tests.seats import seat_at
from apps.api.returns.tests.conftest import HOST, path_of
from apps.api.tests.factories import TOKEN, PortalSessionFactory
from apps.core import clock
from apps.core.ids import uuid7
from apps.orders.services.clockwork import ran_out
from apps.payments import services
from apps.payments.tests.test_replacing import at_fifty

pytestmark = pytest.mark.django_db


class ReplacedGoodsTest:
    def test_they_are_shown_to_both(self) -> None:
        ret = at_fifty(5000)
        session = PortalSessionFactory.create(order=ret.order)
        shopper = APIClient(headers={"host": HOST, "authorization": f"Bearer {TOKEN}"})
        desk = seat_at(ret.merchant, "reader")

        def shown() -> list[object]:
            page = shopper.get(path_of(session, f"returns/{ret.number}")).json()
            file = desk.get(f"returns/{ret.pk}").json()
            return [each["exchanges"][0]["replacement"] for each in (page, file)]

        def both(state: str) -> list[object]:
            fifty, nothing = ({"amount": each, "currency": "EUR"} for each in ("50.00", "0.00"))
            told = {"kind": "original", "amount": fifty, "paid_on_top": nothing, "state": state}
            return [told, told]

        assert shown() == [None, None]
        assert ran_out(ret.exchanges.select_related("ret__order", "merchant").get(), clock.now())
        assert shown() == both("awaiting")
        (payment,) = services.promise_instead(ret.exchanges.get().pk, clock.now())
        assert shown() == both("pending")
        services.confirm_manual_refund(payment.pk, "card-1", "", uuid7(), clock.now())
        assert shown() == both("succeeded")
