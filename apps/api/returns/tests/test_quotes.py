"""Quotes: every way to be refunded with its tree, and what is refused with nothing written."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from apps.api.returns.tests.conftest import path_of
from apps.api.tests.factories import EvidenceFactory, PortalSessionFactory
from apps.core import clock
from apps.deliveries.tests.factories import ReturnMethodFactory, ReturnMethodPriceFactory
from apps.orders.models import LineItem, Order, Quote
from apps.orders.tests.factories import OrderFactory, ReturnReasonFactory, StockLevelFactory

pytestmark = pytest.mark.django_db
EUR = "EUR"


def euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": EUR}


def unit(line: LineItem | None, quantity: Any = 1, **wish: Any) -> dict[str, Any]:
    assert line is not None
    return {"line": str(line.pk), "quantity": quantity, **wish}


def ask(client: APIClient, order: Order, *units: dict[str, Any], **body: Any) -> Any:
    query = f"?language={body.pop('language', 'en')}"
    return client.post(
        f"/v1/stores/{order.store.slug}/quotes{query}", {"units": list(units), **body}
    )


class QuoteTest:
    @pytest.fixture
    def order(self) -> Order:
        order = OrderFactory.create()
        PortalSessionFactory.create(order=order)
        return order

    @pytest.fixture
    def shirt(self, order: Order) -> LineItem:
        line = order.lines.first()
        assert line is not None
        return line

    def test_every_option_with_its_tree_and_words(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        ReturnMethodFactory.create(store=order.store, code="post", price__price_minor=295)
        response = ask(shopper, order, unit(shirt, 2), method="post")
        shown = response.json()
        options = {option["method"]: option for option in shown["options"]}
        bank = options["bank_transfer"]

        assert response.status_code == 201
        assert shown["id"] == str(Quote.objects.get().pk)
        assert list(options) == ["original", "bank_transfer", "store_credit"]
        # 2 x 25.00 less 2.95 for the way back.
        assert {each["refund"]["amount"] for each in options.values()} == {"47.05"}
        assert bank["net"] == bank["refund"] == euros("47.05")
        assert bank["due"] == euros("0.00")
        assert (bank["is_open"], bank["needs_proof"]) == (True, True)
        assert options["original"]["needs_proof"] is False
        assert bank["summary"] == "You get 47.05 EUR back."
        assert bank["expected"].startswith("To your bank account, 1 to 3 working days")
        assert bank["words"][-1] == "To refund 47.05 EUR"
        assert bank["breakdown"]["tree"]["amount"] == euros("47.05")
        assert bank["breakdown"]["tree"]["children"]

    def test_sentences_come_in_the_shoppers_language(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        shown = ask(shopper, order, unit(shirt), language="de").json()

        assert shown["options"][0]["summary"] == "Du bekommst 25.00 EUR zurück."
        assert shown["options"][2]["expected"].startswith("Als Guthaben")

    def test_lives_thirty_minutes(self, order: Order, shirt: LineItem, shopper: APIClient) -> None:
        ask(shopper, order, unit(shirt))
        quote = Quote.objects.get()

        assert timedelta(0) < quote.expires_at - clock.now() <= timedelta(minutes=30)

    def test_a_parcel_price_counts_parcels(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        ReturnMethodFactory.create(
            store=order.store, code="post", is_per_parcel=True, price__price_minor=200
        )
        shown = ask(shopper, order, unit(shirt, 2), method="post", parcels=3).json()

        assert shown["parcels"] == 3
        assert shown["options"][0]["refund"] == euros("44.00")

    def test_an_exchange_has_its_own_price(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        method = ReturnMethodFactory.create(store=order.store, code="post", price__price_minor=295)
        ReturnMethodPriceFactory.create(method=method, outcome="exchange", price_minor=0)
        StockLevelFactory.create(store=order.store, variant_id="L", price_minor=2500)
        wish = unit(shirt, wish="exchange", variant_id="L", fallback="credit")
        shown = ask(shopper, order, wish, method="post").json()

        assert shown["options"][0]["net"] == euros("0.00")
        assert shown["options"][0]["summary"] == "Nothing to pay and nothing to get back."

    def test_a_dearer_exchange_cannot_be_opened_here(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        StockLevelFactory.create(store=order.store, variant_id="L", price_minor=3000)
        wish = unit(shirt, wish="exchange", variant_id="L")
        option = ask(shopper, order, wish).json()["options"][0]

        assert option["due"] == euros("5.00")
        assert option["is_open"] is False
        assert option["summary"] == "You would have to pay 5.00 EUR."

    def test_reason_text_and_photo_are_kept(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        ReturnReasonFactory.create(store=order.store, code="broken", damaged=True, needs_text=True)
        photo = EvidenceFactory.create(order=order)
        wish = unit(shirt, reason="broken", comment="Torn\nhere", images=[str(photo.pk)])
        response = ask(shopper, order, wish)
        (kept,) = Quote.objects.get().request["units"]

        assert response.status_code == 201
        assert kept["images"] == [str(photo.pk)]
        assert kept["comment"] == "Torn\nhere"

    @pytest.mark.parametrize("wish", [{}, {"comment": "torn"}])
    def test_a_reason_may_ask_for_more(
        self, wish: dict[str, str], order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        ReturnReasonFactory.create(store=order.store, code="broken", damaged=True, needs_text=True)
        response = ask(shopper, order, unit(shirt, reason="broken", **wish))

        assert (response.status_code, response.json()["code"]) == (400, "reason_needs_more")

    def test_others_photos_are_unknown(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        same_store = EvidenceFactory.create(order=OrderFactory.create(store=order.store))
        for photo in (same_store.pk, EvidenceFactory.create().pk, uuid4()):
            response = ask(shopper, order, unit(shirt, images=[str(photo)]))
            assert (response.status_code, response.json()["code"]) == (400, "unknown_photo")

        assert not Quote.objects.exists()

    def test_a_closed_window_is_told_for_each_unit(self, shopper: APIClient) -> None:
        order = OrderFactory.create(placed_at=clock.now() - timedelta(days=60))
        PortalSessionFactory.create(order=order)
        lines = list(order.lines.all())
        response = ask(shopper, order, *map(unit, lines), language="de")
        refused = response.json()["details"]["units"]

        assert (response.status_code, response.json()["code"]) == (409, "not_eligible")
        assert [each["line"] for each in refused] == [str(line.pk) for line in lines]
        assert {each["code"] for each in refused} == {"window_closed"}
        assert refused[0]["message"].startswith("Der letzte Tag")

    @pytest.mark.parametrize(
        ("quantity", "status", "code"),
        [
            (3, 409, "more_units_than_left"),
            (0, 400, "invalid_form"),
            (-1, 400, "invalid_form"),
            (1.5, 400, "invalid_form"),
            ("1", 400, "invalid_form"),
            (True, 400, "invalid_form"),
            (10**9, 400, "invalid_form"),
        ],
    )
    def test_more_or_odd_quantities_are_refused(
        self,
        quantity: Any,
        status: int,
        code: str,
        order: Order,
        shirt: LineItem,
        shopper: APIClient,
    ) -> None:
        response = ask(shopper, order, unit(shirt, quantity))

        assert (response.status_code, response.json()["code"]) == (status, code)
        assert not Quote.objects.exists()

    def test_one_line_twice_is_still_what_was_bought(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        response = ask(shopper, order, unit(shirt, 1), unit(shirt, 2))

        assert response.json()["code"] == "more_units_than_left"

    def test_lines_of_other_orders_are_unknown(self, order: Order, shopper: APIClient) -> None:
        others = [OrderFactory.create(store=order.store), OrderFactory.create()]
        for line in [each.lines.first() for each in others]:
            response = ask(shopper, order, unit(line))
            assert (response.status_code, response.json()["code"]) == (404, "unknown_line")

        assert not Quote.objects.exists()

    @pytest.mark.parametrize(
        ("wish", "code"),
        [
            ({"reason": "nothing"}, "unknown_reason"),
            ({"wish": "exchange", "variant_id": "nothing"}, "unknown_variant"),
        ],
    )
    def test_unknown_wishes_are_refused(
        self,
        wish: dict[str, str],
        code: str,
        order: Order,
        shirt: LineItem,
        shopper: APIClient,
    ) -> None:
        assert ask(shopper, order, unit(shirt, **wish)).json()["code"] == code

    def test_a_method_is_named_where_there_is_one(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        ReturnMethodFactory.create(store=order.store, code="post")
        ReturnMethodFactory.create(store=order.store, code="unpriced", price=None)
        ReturnMethodFactory.create(code="other")
        missing = ask(shopper, order, unit(shirt))
        unpriced = ask(shopper, order, unit(shirt), method="unpriced")
        foreign = ask(shopper, order, unit(shirt), method="other")

        assert missing.status_code == 400
        assert missing.json()["code"] == "return_method_required"
        assert unpriced.status_code == foreign.status_code == 409
        assert unpriced.json()["code"] == "return_method_not_offered"
        assert unpriced.json()["details"] == {"method": "unpriced", "reason": "not_priced"}
        assert foreign.json()["details"] == {"method": "other", "reason": "unknown"}

    def test_a_price_in_the_body_is_unknown(
        self, order: Order, shirt: LineItem, shopper: APIClient
    ) -> None:
        response = ask(shopper, order, unit(shirt, price=euros("999.00")))

        assert response.json()["errors"]["units"]["0"]["price"][0]["code"] == "unknown_field"

    def test_needs_a_session(self, order: Order, shirt: LineItem, visitor: APIClient) -> None:
        assert ask(visitor, order, unit(shirt)).status_code == 401

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"[" * 10_000 + b"]" * 10_000, 400),
            (b'{"units": [{"line": "\\u0000", "quantity": 1}]}', 400),
            (b'{"units": [{"line": "\\ud800", "quantity": 1}]}', 400),
            (b'{"units": [], "units": []}', 400),
            (b'{"method": "' + b"x" * 300_000 + b'"}', 413),
        ],
    )
    def test_hostile_bodies(self, body: bytes, status: int, shopper: APIClient) -> None:
        path = path_of(PortalSessionFactory.create(), "quotes")
        response = shopper.generic("POST", path, body, "application/json")  # type: ignore[arg-type]

        assert response.status_code == status
        assert not Quote.objects.exists()
