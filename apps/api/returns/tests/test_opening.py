"""A quote becomes a return: once, at the sums that were shown, to a destination that is proved."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from apps.accounts.tests.factories import LocationFactory
from apps.api.models import IdempotencyRecord, PortalSession
from apps.api.returns.tests.conftest import path_of
from apps.api.returns.tests.test_quotes import ask, euros, unit
from apps.api.tests.factories import EvidenceFactory, PortalSessionFactory
from apps.deliveries.models import Label, ReturnMethodPrice
from apps.deliveries.tests.factories import ReturnMethodFactory
from apps.orders.models import LineItem, Order, Quote, Return, StockLevel
from apps.orders.tests.factories import (
    OrderFactory,
    QuoteFactory,
    ReturnFactory,
    StockLevelFactory,
)
from apps.payments.gateways.bank_transfer.models import PayoutDestination
from apps.payments.tests.factories import IBAN

pytestmark = pytest.mark.django_db
TRANSFER = {"refund_method": "bank_transfer", "iban": IBAN, "holder": "Ana López"}


def open_return(
    client: APIClient, order: Order, quote: object, key: str = "k1", **body: Any
) -> Any:
    wanted = {"quote": str(quote), "refund_method": "original", **body}
    path = f"/v1/stores/{order.store.slug}/returns"
    return client.post(path, wanted, headers={"idempotency-key": key})


def order_session(order: Order) -> PortalSession:
    return PortalSession.objects.get(order=order)


@pytest.fixture
def session() -> PortalSession:
    return PortalSessionFactory.create()


@pytest.fixture
def order(session: PortalSession) -> Order:
    return session.order


@pytest.fixture
def shirt(order: Order) -> LineItem:
    line = order.lines.first()
    assert line is not None
    return line


@pytest.fixture
def quote(order: Order, shirt: LineItem, shopper: APIClient) -> str:
    """One T-shirt of 25.00 with the method `post` for 2.95."""
    ReturnMethodFactory.create(store=order.store, code="post", price__price_minor=295)
    shown = ask(shopper, order, unit(shirt, comment="Too red"), method="post").json()
    return str(shown["id"])


class OpeningTest:
    def test_opens_the_return_with_its_label(
        self, quote: str, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        response = open_return(shopper, order, quote)
        ret = Return.objects.get()
        shown = response.json()
        shirt.refresh_from_db()

        assert response.status_code == 201
        assert response["Location"] == f"/v1/stores/{order.store.slug}/returns/{ret.number}"
        assert shown["number"] == ret.number
        assert (shown["status"], ret.filed_by) == ("in_progress", "shopper")
        assert shown["net"] == euros("22.05")
        assert shown["refund"]["status"] == "awaiting"
        assert shown["refund"]["amount"] == euros("22.05")
        assert shown["return_method"] == {
            "code": "post",
            "name": "Envíalo tú",
            "kind": "own_label",
        }
        assert shown["label"]["status"] == "ready"
        assert shown["label"]["url"].endswith(f"/returns/{ret.number}/label")
        assert shown["next_steps"][0] == "Print the label and put it on the parcel."
        assert shirt.returned_quantity == 1
        assert Label.objects.get().shipment.ret == ret
        opened = ret.timeline.get(kind="return.opened")
        assert (opened.actor_kind, opened.actor_id) == ("shopper", str(order_session(order).pk))

    def test_the_key_is_required(self, quote: str, order: Order, shopper: APIClient) -> None:
        path = f"/v1/stores/{order.store.slug}/returns"
        response = shopper.post(path, {"quote": quote, "refund_method": "original"})

        assert response.status_code == 400
        assert response.json()["code"] == "idempotency_key_missing"
        assert not Return.objects.exists()

    def test_a_repeat_is_a_replay(self, quote: str, order: Order, shopper: APIClient) -> None:
        first = open_return(shopper, order, quote)
        again = open_return(shopper, order, quote)

        assert again.status_code == 201
        assert again.content == first.content
        assert again["Idempotent-Replayed"] == "true"
        assert Return.objects.count() == 1

    def test_the_key_with_another_body_is_refused(
        self, quote: str, order: Order, shopper: APIClient
    ) -> None:
        open_return(shopper, order, quote)
        other = open_return(shopper, order, quote, refund_method="store_credit")

        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        assert Return.objects.count() == 1

    def test_a_used_quote_opens_nothing_more(
        self, quote: str, order: Order, shopper: APIClient
    ) -> None:
        open_return(shopper, order, quote)
        again = open_return(shopper, order, quote, key="k2")

        assert (again.status_code, again.json()["code"]) == (409, "quote_expired")
        assert Return.objects.count() == 1

    def test_a_changed_price_is_a_409_with_the_new_quote(
        self, quote: str, order: Order, shopper: APIClient
    ) -> None:
        ReturnMethodPrice.objects.update(price_minor=500)
        response = open_return(shopper, order, quote)
        fresh = response.json()["details"]["quote"]
        opened = open_return(shopper, order, fresh["id"], key="k2")

        assert (response.status_code, response.json()["code"]) == (409, "quote_changed")
        assert response["Content-Type"] == "application/problem+json"
        assert fresh["options"][0]["refund"] == euros("20.00")
        assert fresh["id"] != quote
        assert Quote.objects.count() == 2
        assert opened.status_code == 201
        assert Return.objects.get().net.amount == 20

    def test_a_method_that_is_gone_is_refused(
        self, quote: str, order: Order, shopper: APIClient
    ) -> None:
        order.store.return_methods.update(is_active=False)
        response = open_return(shopper, order, quote)

        assert response.status_code == 409
        assert response.json()["code"] == "return_method_not_offered"

    def test_quotes_of_other_orders_are_unknown(self, order: Order, shopper: APIClient) -> None:
        sibling = QuoteFactory.create(order=OrderFactory.create(store=order.store))
        for quote in (sibling.pk, QuoteFactory.create().pk, uuid4()):
            response = open_return(shopper, order, quote, key=str(quote))
            assert (response.status_code, response.json()["code"]) == (404, "unknown_quote")

        assert not Return.objects.exists()

    def test_another_way_than_quoted_is_refused(self, shopper: APIClient) -> None:
        order = OrderFactory.create(store__preferences__refund_methods=["original"])
        PortalSessionFactory.create(order=order)
        quote = ask(shopper, order, unit(order.lines.get(sku="TR-1"))).json()["id"]
        response = open_return(shopper, order, quote, refund_method="store_credit")

        assert (response.status_code, response.json()["code"]) == (409, "refund_method_not_offered")

    def test_a_difference_to_pay_is_not_collected_here(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        StockLevelFactory.create(store=order.store, variant_id="L", price_minor=3000)
        wish = unit(shirt, wish="exchange", variant_id="L")
        quote = ask(shopper, order, wish).json()["id"]
        response = open_return(shopper, order, quote)

        assert (response.status_code, response.json()["code"]) == (409, "payment_required")
        assert not Return.objects.exists()

    def test_an_exchange_holds_its_goods(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        level = StockLevelFactory.create(store=order.store, variant_id="L", price_minor=2500)
        wish = unit(shirt, wish="exchange", variant_id="L")
        quote = ask(shopper, order, wish).json()["id"]
        shown = open_return(shopper, order, quote).json()

        assert shown["type"] == "exchange"
        assert shown["exchanges"][0]["status"] == "reserved"
        assert shown["exchanges"][0]["text"] == "Kept aside for you."
        assert StockLevel.objects.get(pk=level.pk).reserved == 1

    def test_a_store_that_approves_by_hand_makes_no_label(self, shopper: APIClient) -> None:
        order = OrderFactory.create(store__preferences__with_approval_by_hand=True)
        LocationFactory.create(merchant=order.merchant)
        PortalSessionFactory.create(order=order)
        quote = ask(shopper, order, unit(order.lines.get(sku="TR-1"))).json()["id"]
        shown = open_return(shopper, order, quote).json()

        assert shown["status"] == "requested"
        assert shown["label"]["status"] == "waiting"
        assert shown["next_steps"] == [
            "Wait until the store has looked at your request; keep the goods until then."
        ]
        assert not Label.objects.exists()

    def test_five_open_returns_are_enough(self, order: Order, shopper: APIClient) -> None:
        order = OrderFactory.create(lines=[{"quantity": 7}])
        PortalSession.objects.all().delete()
        PortalSessionFactory.create(order=order)
        line = order.lines.get()
        for _ in range(5):
            ReturnFactory.create(order=order, lines=[{"line_item": line, "quantity": 1}])
        line.refresh_from_db()
        quote = ask(shopper, order, unit(line)).json()["id"]
        refused = open_return(shopper, order, quote)
        Return.objects.order_by("id")[0].cancel(line.created_at)

        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_open_returns")
        assert open_return(shopper, order, quote, key="k2").status_code == 201


class DestinationTest:
    def test_a_search_session_names_no_account(
        self, quote: str, order: Order, shopper: APIClient
    ) -> None:
        response = open_return(shopper, order, quote, **TRANSFER)

        assert (response.status_code, response.json()["code"]) == (403, "proof_required")
        assert not Return.objects.exists()
        # Not kept: once it is proved the same call goes through.
        assert not IdempotencyRecord.objects.exists()

    def test_a_proved_session_does(self, quote: str, order: Order, shopper: APIClient) -> None:
        PortalSession.objects.update(level="proved")
        response = open_return(shopper, order, quote, **TRANSFER)
        ret = Return.objects.get()
        page = shopper.get(f"/v1/stores/{order.store.slug}/returns/{ret.number}").json()
        destination = PayoutDestination.objects.get()

        assert response.status_code == 201
        assert destination.ret == ret
        assert IBAN not in repr(destination.__dict__)
        # What a replay would show is what anybody may see.
        assert response.json()["refund"]["account"] is None
        assert page["refund"]["account"] == {"country": "ES", "last_four": IBAN[-4:]}
        assert IBAN.encode() not in bytes(IdempotencyRecord.objects.get().body or b"")

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({"iban": IBAN, "holder": "Ana"}, "iban", "account_of_transfer"),
            ({"refund_method": "bank_transfer"}, "iban", "account_of_transfer"),
            ({**TRANSFER, "iban": IBAN[:-1] + "3"}, "iban", "invalid_iban"),
            ({"refund_method": "elsewhere"}, "refund_method", "invalid_choice"),
            ({"amount": "1.00"}, "amount", "unknown_field"),
        ],
    )
    def test_bad_forms_leave_the_key_free(
        self,
        body: dict[str, str],
        field: str,
        code: str,
        quote: str,
        order: Order,
        shopper: APIClient,
    ) -> None:
        PortalSession.objects.update(level="proved")
        response = open_return(shopper, order, quote, **body)

        assert response.status_code == 400
        assert response.json()["errors"][field][0]["code"] == code
        assert open_return(shopper, order, quote).status_code == 201


class PrivateTest:
    def test_words_and_photos_need_proof(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        photo = EvidenceFactory.create(order=order)
        wish = unit(shirt, comment="Ask at my door", images=[str(photo.pk)])
        quote = ask(shopper, order, wish).json()["id"]
        number = open_return(shopper, order, quote).json()["number"]
        path = f"/v1/stores/{order.store.slug}/returns/{number}"
        searched = shopper.get(path).json()["units"][0]
        PortalSession.objects.update(level="proved")
        proved = shopper.get(path).json()["units"][0]

        assert (searched["comment"], searched["images"]) == ("", [])
        assert proved["comment"] == "Ask at my door"
        assert shopper.get(proved["images"][0]).status_code == 200

    def test_needs_a_session(self, session: PortalSession, visitor: APIClient) -> None:
        body = {"quote": str(uuid4()), "refund_method": "original"}
        response = visitor.post(path_of(session, "returns"), body, headers={"idempotency-key": "k"})

        assert response.status_code == 401
