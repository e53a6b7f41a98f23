"""An exchange that costs more: opened, waiting, paid on a page, open."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.api.models import PortalSession
from apps.api.returns.tests.test_opening import open_return
from apps.api.returns.tests.test_quotes import ask, unit
from apps.api.tests.factories import PortalSessionFactory
from apps.core import clock
from apps.orders.models import Order, Return
from apps.orders.tests.factories import StockLevelFactory
from apps.payments import services
from apps.payments.gateways.stripe.models import StripeCheckoutPayment
from apps.payments.tests.factories import StripeAccountFactory

pytestmark = pytest.mark.django_db
TEN = {"amount": "10.00", "currency": "EUR"}


@pytest.fixture
def order() -> Order:
    session: PortalSession = PortalSessionFactory.create()
    StripeAccountFactory.create(merchant=session.order.merchant)
    return session.order


@pytest.fixture
def opened(order: Order, shopper: APIClient) -> dict[str, Any]:
    """One unit for another that costs 10.00 more."""
    line = order.lines.first()
    assert line is not None
    price = line.paid.minor // line.quantity
    StockLevelFactory.create(store=order.store, variant_id="XL", price_minor=price + 1000)
    quote = ask(shopper, order, unit(line, wish="exchange", variant_id="XL")).json()
    assert [option["is_open"] for option in quote["options"]] == [True] * len(quote["options"])
    response = open_return(shopper, order, quote["id"])
    assert response.status_code == 201, response.json()
    return dict(response.json())


def page_of(number: str) -> StripeCheckoutPayment:
    page = services.collect_difference(Return.objects.get(number=number).pk, clock.now())
    assert page is not None
    return page


def look(shopper: APIClient, order: Order, number: str) -> dict[str, Any]:
    path = f"/v1/stores/{order.store.slug}/returns/{number}"
    return dict(shopper.get(path).json())


class WaitingTest:
    def test_waits_for_the_difference(self, opened: dict[str, Any]) -> None:
        ret = Return.objects.get(number=opened["number"])

        assert (opened["status"], opened["text"]) == (
            "requested",
            "Your return waits for your payment.",
        )
        assert opened["payment"]["status"] == "preparing"
        assert (opened["payment"]["amount"], opened["payment"]["url"]) == (TEN, None)
        assert opened["next_steps"][0].startswith("Pay the difference")
        assert list(ret.timeline.values_list("kind", flat=True))[-1] == "return.payment_due"

    def test_shows_where_to_pay(
        self, order: Order, opened: dict[str, Any], shopper: APIClient
    ) -> None:
        page = page_of(opened["number"])
        StripeCheckoutPayment.objects.filter(pk=page.pk).update(status="processing")
        StripeCheckoutPayment.objects.filter(pk=page.pk).update(
            status="requires_action", url="https://pay.example/1"
        )

        payment = look(shopper, order, opened["number"])["payment"]

        assert (payment["status"], payment["url"]) == ("open", "https://pay.example/1")
        assert payment["text"] == "Pay 10.00 EUR to open your return."
        assert payment["expires_at"] is not None

    def test_no_link_once_it_is_cancelled(
        self, order: Order, opened: dict[str, Any], shopper: APIClient
    ) -> None:
        page_of(opened["number"])
        path = f"/v1/stores/{order.store.slug}/returns/{opened['number']}/cancel"
        shopper.post(path, {}, headers={"idempotency-key": "k2"})
        services.go_on_with_return(Return.objects.get(number=opened["number"]).pk, clock.now())

        payment = look(shopper, order, opened["number"])["payment"]

        assert (payment["status"], payment["url"]) == ("closed", None)

    def test_a_cancelled_return_without_a_page(
        self, order: Order, opened: dict[str, Any], shopper: APIClient
    ) -> None:
        Return.objects.get(number=opened["number"]).cancel(clock.now())

        assert look(shopper, order, opened["number"])["payment"]["status"] == "closed"

    def test_back_from_the_page_has_it_asked_about(
        self,
        order: Order,
        opened: dict[str, Any],
        shopper: APIClient,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        page = page_of(opened["number"])
        asked: list[object] = []
        monkeypatch.setattr("apps.payments.tasks.ask_page_soon", asked.append)
        path = f"/v1/stores/{order.store.slug}/returns/{opened['number']}/payment"

        response = shopper.post(path, {}, headers={"idempotency-key": "k3"})

        assert (response.status_code, asked) == (200, [page.pk])
