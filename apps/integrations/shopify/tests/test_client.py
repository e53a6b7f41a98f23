import json
from typing import Any

import pytest
from pytest_django import Settings

from apps.core.http import BadStatus, HttpError, OutcomeUnknown, Unreadable
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.shopify import answers, bucket
from apps.integrations.shopify.answers import Throttled
from apps.integrations.shopify.bucket import Bucket
from apps.integrations.shopify.connectors import Connector
from apps.integrations.shopify.tests.asked import answer, euros, refund_of
from fakes.shops.control import FakeShop


def cost(asked: int, left: int, rate: int = 100, most: int = 2000) -> dict[str, Any]:
    status = {"currentlyAvailable": left, "restoreRate": rate, "maximumAvailable": most}
    return {"extensions": {"cost": {"requestedQueryCost": asked, "throttleStatus": status}}}


class PointsTest:
    def test_a_throttled_call_waits_and_is_done(
        self, fake: FakeShop, connector: Connector, naps: list[float]
    ) -> None:
        order = fake.order()
        # 167 points at 40 a second are four seconds: four waits, and a fifth would be too long.
        fake.vendor("points", level=0, most=2000, rate=40)
        with pytest.raises(Throttled):
            connector.create_refund(refund_of(order, euros("1")))
        assert naps
        assert 15 < sum(naps) <= 20
        assert fake.effects("refund") == []

        fake.vendor("points", level=2000, most=2000, rate=100)
        Bucket("main.myshopify.com").learn("payments", cost(asked=250, left=2000))
        made = connector.create_refund(refund_of(order, euros("1")))
        assert made.amount == euros("1")

    def test_one_waits_for_what_another_has_spent(self, fake: FakeShop) -> None:
        points = Bucket("main.myshopify.com")
        assert points.wait_for("order") == 0
        points.learn("order", cost(asked=500, left=400))

        # A hundred are missing at a hundred a second.
        assert 900 < points.wait_for("order") <= 1000
        # Fifty of the four hundred for what nobody has sent yet.
        assert points.wait_for("shop") == 0
        assert 1400 < points.wait_for("order") <= 1500

    def test_shops_have_buckets_of_their_own(self, fake: FakeShop) -> None:
        Bucket("main.myshopify.com").learn("order", cost(asked=500, left=0))

        assert Bucket("other.myshopify.com").wait_for("order") == 0

    def test_without_valkey_nobody_waits(self, settings: Settings) -> None:
        settings.LIMITER_URL = "redis://127.0.0.1:1/0"

        assert Bucket("main.myshopify.com").wait_for("order") == 0

    @pytest.mark.parametrize(
        ("body", "pause"),
        [
            (cost(asked=300, left=100), 2000),
            (cost(asked=301, left=0, rate=200), 1505),
            (cost(asked=10, left=100), 0),
            ({}, 1000),
            (cost(asked=10, left=5, rate=0), 1000),
            ({"extensions": {"cost": None}}, 1000),
        ],
    )
    def test_how_long_it_asks_for(self, body: dict[str, Any], pause: int) -> None:
        assert bucket.pause(body) == pause

    def test_a_crowded_shop(self, fake: FakeShop, connector: Connector, naps: list[float]) -> None:
        order = fake.order()
        fake.fulfil(order["id"])
        fake.mode("rate_limit", operation="add_tags", retry_after=2)
        connector.add_note(order["id"], "", ("returned",))

        assert naps == [2]
        assert fake.rows("orders")[0]["tags"] == ["returned"]


def coded(code: str) -> dict[str, Any]:
    return {"message": "No", "extensions": {"code": code}}


class StatusTest:
    @pytest.mark.parametrize(
        ("status", "kind", "says"),
        [
            (401, AccessLost, "access_lost"),
            (403, AccessLost, "access_lost"),
            (404, AccessLost, "access_lost"),
            (402, Declined, "shop_frozen"),
            (423, Declined, "shop_locked"),
            (422, Declined, "http_422"),
            (429, Throttled, "throttled"),
            (500, BadStatus, "answered 500"),
        ],
    )
    def test_what_each_means(self, status: int, kind: type[Exception], says: str) -> None:
        told = answers.refused(BadStatus("shopify", answer(b"", status)))

        assert isinstance(told, kind)
        assert says in str(told)

    @pytest.mark.parametrize(("asked", "pause"), [("2.0", 2000), ("3", 3000), ("", 1000)])
    def test_how_long_to_stay_away(self, asked: str, pause: int) -> None:
        told = answers.refused(BadStatus("shopify", answer(b"", 429, {"retry-after": asked})))

        assert isinstance(told, Throttled)
        assert told.pause == pause

    def test_a_shop_that_let_go_of_us(self, fake: FakeShop, connector: Connector) -> None:
        fake.vendor("uninstall")

        with pytest.raises(AccessLost):
            connector.verify_credentials()

    @pytest.mark.parametrize("mode", ["html", "error_before"])
    def test_no_answer_is_no_answer(self, fake: FakeShop, connector: Connector, mode: str) -> None:
        order = fake.order()
        fake.mode(mode, times=None, operation="create_refund")

        with pytest.raises(HttpError):
            connector.create_refund(refund_of(order, euros("1")))

    def test_an_answer_with_holes_is_no_answer(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.mode("schema_break", operation="create_refund")

        with pytest.raises(Unreadable):
            connector.create_refund(refund_of(order, euros("1")))
        assert len(fake.effects("refund")) == 1


class ErrorsTest:
    @pytest.mark.parametrize(
        ("body", "kind", "says"),
        [
            ([], OutcomeUnknown, "no object"),
            ({}, OutcomeUnknown, "no data"),
            ({"errors": [coded("ACCESS_DENIED")]}, AccessLost, "access_lost"),
            ({"errors": [coded("SHOP_INACTIVE")]}, Declined, "shop_inactive"),
            ({"errors": [coded("MAX_COST_EXCEEDED")]}, Declined, "max_cost_exceeded"),
            ({"errors": [{"message": "Field 'x' is wrong"}]}, Declined, "field_x_is_wrong"),
            ({"errors": "Not found"}, Declined, "not_found"),
            ({"errors": [coded("INTERNAL_SERVER_ERROR")]}, OutcomeUnknown, "INTERNAL"),
            ({"errors": [{"message": "?"}], "data": None}, OutcomeUnknown, "errors"),
            (
                {"errors": [coded("IDEMPOTENCY_CONCURRENT_REQUEST")]},
                OutcomeUnknown,
                "being worked on",
            ),
            ({"errors": [coded("THROTTLED")]}, Throttled, "throttled"),
        ],
    )
    def test_of_graphql(self, body: Any, kind: type[Exception], says: str) -> None:
        with pytest.raises(kind, match=says):
            answers.data_of(answer(json.dumps(body).encode()), bucket.pause)

    @pytest.mark.parametrize(
        ("payload", "kind", "says"),
        [
            (None, OutcomeUnknown, "told nothing"),
            ({"userErrors": [{"code": "TAKEN"}]}, Declined, "taken"),
            (
                {"userErrors": [{"message": "Amount is too high!"}]},
                Declined,
                "amount_is_too_high",
            ),
            (
                {"userErrors": [{"code": "IDEMPOTENCY_CONCURRENT_REQUEST"}]},
                OutcomeUnknown,
                "being worked on",
            ),
        ],
    )
    def test_of_a_mutation(self, payload: Any, kind: type[Exception], says: str) -> None:
        with pytest.raises(kind, match=says):
            answers.payload_of({"refundCreate": payload})

    def test_a_refusal_while_reading_is_one(self) -> None:
        def refuse(told: object) -> None:
            raise Declined("no")

        with pytest.raises(Declined, match="no"):
            answers.told(refuse, {})

    def test_another_version_is_written_down(
        self, fake: FakeShop, connector: Connector, caplog: pytest.LogCaptureFixture
    ) -> None:
        fake.vendor("version", served="2026-07")
        connector.verify_credentials()

        assert "answers with 2026-07 instead of 2026-10" in caplog.text
