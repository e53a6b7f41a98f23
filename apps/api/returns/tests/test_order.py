"""The order of a session: eligibility in words, masks, exchanges and ways back."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.accounts.tests.factories import ADDRESS, StoreFactory
from apps.api.returns import masks
from apps.api.returns.tests.conftest import path_of
from apps.api.tests.factories import PortalSessionFactory
from apps.core import clock
from apps.deliveries import choices as deliveries
from apps.deliveries.tests.factories import (
    DropOffPointFactory,
    ReturnMethodFactory,
    ReturnMethodPriceFactory,
)
from apps.orders.tests.factories import (
    OrderFactory,
    PolicyFactory,
    PolicyRuleFactory,
    ReturnFactory,
    StockLevelFactory,
)

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=60)


class OrderTest:
    def test_shows_lines_and_a_masked_shopper(self, shopper: APIClient) -> None:
        order = OrderFactory.create(
            customer__name="Ana María López", email="ana@shopper.example", number="#1001"
        )
        session = PortalSessionFactory.create(order=order)
        shown = shopper.get(path_of(session, "order")).json()
        shirt = shown["lines"][0]

        assert (shown["number"], shown["level"]) == ("#1001", "search")
        assert shown["total"] == {"amount": "100.00", "currency": "EUR"}
        assert shown["customer"] == {
            "name": "A*** M*** L***",
            "email": "a***@s***",
            "address": {
                "name": "A*** L***",
                "street": "C*** M*** 1***",
                "street2": "",
                "postcode": "48***",
                "city": "B***",
                "region": "",
                "country": "ES",
            },
        }
        assert shirt["title"] == "T-shirt"
        assert shirt["paid"] == {"amount": "50.00", "currency": "EUR"}
        assert shirt["units"] == {"bought": 2, "sent": 2, "in_returns": 0, "returnable": 2}
        assert (shirt["is_eligible"], shirt["refusals"]) == (True, [])
        assert set(shown["lines"][0]) == {
            "id",
            "title",
            "variant_title",
            "sku",
            "image_url",
            "unit_price",
            "paid",
            "units",
            "is_eligible",
            "needs_approval",
            "last_day",
            "refusals",
        }

    def test_a_proved_session_sees_the_shopper(self, shopper: APIClient) -> None:
        order = OrderFactory.create(customer__name="Ana López")
        session = PortalSessionFactory.create(order=order, proved=True)
        customer = shopper.get(path_of(session, "order")).json()["customer"]

        assert customer["name"] == "Ana López"
        assert customer["email"] == order.email
        assert customer["address"]["street"] == ADDRESS["street"]

    def test_an_order_without_customer_has_no_name(self, shopper: APIClient) -> None:
        order = OrderFactory.create(customer=None, email="", shipping_address={})
        session = PortalSessionFactory.create(order=order)
        customer = shopper.get(path_of(session, "order")).json()["customer"]

        assert (customer["name"], customer["email"]) == ("", "")
        assert set(customer["address"].values()) == {""}

    @pytest.mark.parametrize(
        ("language", "sentence"),
        [
            ("de", "Der letzte Tag für die Rückgabe dieses Artikels war der "),
            ("es", "El último día para devolver este artículo fue el "),
        ],
    )
    def test_a_closed_window_is_told_in_the_shoppers_language(
        self, language: str, sentence: str, shopper: APIClient
    ) -> None:
        order = OrderFactory.create(placed_at=clock.now() - LONG_AGO)
        session = PortalSessionFactory.create(order=order)
        by_query = shopper.get(path_of(session, f"order?language={language}")).json()
        by_header = shopper.get(
            path_of(session, "order"), headers={"accept-language": language}
        ).json()
        (refusal,) = by_query["lines"][0]["refusals"]

        assert refusal["code"] == "window_closed"
        assert refusal["message"].startswith(sentence)
        assert by_header == by_query
        assert by_query["lines"][0]["units"]["returnable"] == 0
        assert by_query["lines"][0]["is_eligible"] is False

    def test_units_in_a_return_are_gone(self, shopper: APIClient) -> None:
        order = OrderFactory.create()
        shirt, trousers = order.lines.all()
        ReturnFactory.create(
            order=order,
            lines=[{"line_item": shirt, "quantity": 1}, {"line_item": trousers, "quantity": 1}],
        )
        session = PortalSessionFactory.create(order=order)
        lines = shopper.get(path_of(session, "order")).json()["lines"]

        assert lines[0]["units"] == {"bought": 2, "sent": 2, "in_returns": 1, "returnable": 1}
        assert lines[1]["units"]["returnable"] == 0
        assert [refusal["code"] for refusal in lines[1]["refusals"]] == ["no_units_left"]

    @pytest.mark.parametrize("count", [1, 30])
    def test_four_queries_in_all_whatever_the_number_of_lines(
        self, count: int, shopper: APIClient, django_assert_num_queries: Any
    ) -> None:
        order = OrderFactory.create(lines=[{"title": "T-shirt"}] * count)
        policy = PolicyFactory.create(store=order.store, published=True)
        PolicyRuleFactory.create_batch(count, policy=policy)
        session = PortalSessionFactory.create(order=order)
        # The session with order, customer, store and settings; lines; policy; rules.
        with django_assert_num_queries(4):
            shown = shopper.get(path_of(session, "order")).json()

        assert len(shown["lines"]) == count

    def test_needs_a_session_of_this_store(self, shopper: APIClient, visitor: APIClient) -> None:
        session = PortalSessionFactory.create()
        other = StoreFactory.create()

        assert visitor.get(path_of(session, "order")).status_code == 401
        assert shopper.get(f"/v1/stores/{other.slug}/order").status_code == 401
        assert shopper.get("/v1/stores/nowhere/order").status_code == 404
        assert shopper.get(path_of(session, "order?merchant=1")).status_code == 400


class MaskTest:
    @pytest.mark.parametrize(
        ("text", "masked"), [("", ""), ("ana", "a***"), ("a@b.example", "a***@b***")]
    )
    def test_hides_all_but_the_first(self, text: str, masked: str) -> None:
        assert masks.email(text) == masked


class ExchangeOptionsTest:
    def test_lists_variants_in_stock_with_their_difference(self, shopper: APIClient) -> None:
        order = OrderFactory.create(lines=[{"product_id": "shirt", "unit_price_minor": 2500}])
        StockLevelFactory.create(
            store=order.store, product_id="shirt", variant_id="L", price_minor=3000, on_hand=2
        )
        StockLevelFactory.create(store=order.store, product_id="shirt", on_hand=0)
        session = PortalSessionFactory.create(order=order)
        shown = shopper.get(path_of(session, "order/exchange-options")).json()

        assert shown == {
            "lines": [
                {
                    "line": str(order.lines.get().pk),
                    "options": [
                        {
                            "variant_id": "L",
                            "title": "T-shirt, L",
                            "sku": "",
                            "price": {"amount": "30.00", "currency": "EUR"},
                            "difference": {"amount": "5.00", "currency": "EUR"},
                            "available": 2,
                        }
                    ],
                }
            ]
        }

    def test_a_store_without_exchanges_has_none(self, shopper: APIClient) -> None:
        order = OrderFactory.create(store__preferences__exchanges_enabled=False)
        session = PortalSessionFactory.create(order=order)

        assert shopper.get(path_of(session, "order/exchange-options")).json() == {"lines": []}


class MethodsTest:
    def test_prices_by_outcome(self, shopper: APIClient) -> None:
        session = PortalSessionFactory.create()
        method = ReturnMethodFactory.create(
            store=session.store, code="post", price__price_minor=295
        )
        free = deliveries.ReturnMethod.Outcome.EXCHANGE
        ReturnMethodPriceFactory.create(method=method, outcome=free, price_minor=0)
        ReturnMethodFactory.create(store=session.store, code="unpriced", price=None)
        ReturnMethodFactory.create(code="of another store")
        shown = shopper.get(path_of(session, "return-methods?language=es")).json()

        assert shown == {
            "methods": [
                {
                    "code": "post",
                    "name": "Envíalo tú",
                    "kind": "own_label",
                    "keeps_goods": False,
                    "price_per": "request",
                    "prices": {
                        "refund": {"amount": "2.95", "currency": "EUR"},
                        "exchange": {"amount": "0.00", "currency": "EUR"},
                        "store_credit": {"amount": "2.95", "currency": "EUR"},
                    },
                }
            ],
            "drop_off_points": [],
        }

    @pytest.mark.parametrize(("query", "first"), [("", "Bilbao"), ("?postcode=28 013", "Madrid")])
    def test_drop_off_points_nearest_first(
        self, query: str, first: str, shopper: APIClient
    ) -> None:
        session = PortalSessionFactory.create()
        ReturnMethodFactory.create(store=session.store, drop_off=True, is_per_parcel=True)
        for city, postcode in (("Madrid", "28001"), ("Bilbao", "48002")):
            DropOffPointFactory.create(
                store=session.store,
                name=city,
                address={**ADDRESS, "city": city, "postcode": postcode},
            )
        DropOffPointFactory.create(name="of another store")
        shown = shopper.get(path_of(session, "return-methods") + query).json()

        assert shown["methods"][0]["price_per"] == "parcel"
        assert len(shown["drop_off_points"]) == 2
        assert shown["drop_off_points"][0]["name"] == first
        assert shown["drop_off_points"][0]["opening_hours"] == ["Mon-Sat 10:00-20:00"]

    @pytest.mark.parametrize(
        "query", ["postcode=%00", "postcode=%07", "postcode=1234567890123", "other=1"]
    )
    def test_bad_queries_are_refused(self, query: str, shopper: APIClient) -> None:
        session = PortalSessionFactory.create()

        assert shopper.get(path_of(session, f"return-methods?{query}")).status_code == 400
