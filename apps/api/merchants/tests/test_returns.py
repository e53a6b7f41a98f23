from typing import Any
from uuid import UUID

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import LocationFactory, StoreFactory
from apps.api.merchants.tests.seats import LOGIN_QUERIES, Dashboard, code_of, seat_at
from apps.core import clock
from apps.core.ids import uuid7
from apps.orders.models import Return
from apps.orders.tests.factories import (
    OrderFactory,
    ReturnFactory,
    ReturnLineItemFactory,
    StockLevelFactory,
)
from apps.payments import services as payments
from apps.payments.dtos import Answer
from apps.payments.tests.factories import StripeAccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return StoreFactory.create()


@pytest.fixture
def desk(store: Store) -> Dashboard:
    return seat_at(store.merchant, "editor")


def return_of(store: Store, **named: Any) -> Return:
    return ReturnFactory.create(order__store=store, **named)


def lines_of(ret: Return) -> list[str]:
    return [str(line.pk) for line in ret.lines.all()]


class ReturnListTest:
    def ids(self, desk: Dashboard, **query: Any) -> set[str]:
        return {ret["id"] for ret in desk.get("returns", **query).json()["data"]}

    def test_filters(self, store: Store, desk: Dashboard) -> None:
        other = StoreFactory.create(merchant=store.merchant)
        first = return_of(store, refund_method="store_credit")
        second = return_of(other, accepted=True)
        ReturnFactory.create()
        one, two = {str(first.pk)}, {str(second.pk)}

        assert self.ids(desk) == one | two
        assert self.ids(desk, store=other.slug) == two
        assert self.ids(desk, status="accepted") == two
        assert self.ids(desk, refund_method="store_credit") == one
        assert self.ids(desk, order=str(first.order_id)) == one
        assert self.ids(desk, is_open="true") == one
        assert self.ids(desk, is_open="false") == two

    def test_search(self, store: Store, desk: Dashboard) -> None:
        order = OrderFactory.create(
            store=store,
            number="#77",
            email="ana@shop.example",
            customer__name="Ana López",
            lines=[{"sku": "TS-9"}],
        )
        ret = ReturnFactory.create(order=order, number="R-AB")
        return_of(store)

        for q in ("r-ab", "77", "ana@shop.example", "López", "TS-9"):
            assert self.ids(desk, q=q) == {str(ret.pk)}, q
        assert self.ids(desk, q="nothing") == set()

    @pytest.mark.parametrize("rows", [1, 6])
    def test_queries(self, rows: int, store: Store, desk: Dashboard) -> None:
        for _ in range(rows):
            return_of(store)

        assert desk.queries("returns") == LOGIN_QUERIES + 2


class ReturnDetailTest:
    def test_breakdown_and_timeline_in_words(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store, requested=True)
        ret.note("As the system", ret.requested_at)
        desk.send(f"returns/{ret.pk}/approve")
        shown = desk.get(f"returns/{ret.pk}").json()

        assert shown["breakdown"] == ret.breakdown
        assert [
            (event["text"], event["actor"]["kind"], event["actor"]["name"])
            for event in shown["timeline"]
        ] == [
            ("Note added", "system", ""),
            ("Return approved", "merchant", desk.user.name),
        ]

    @pytest.mark.parametrize("rows", [1, 6])
    def test_queries(self, rows: int, store: Store, desk: Dashboard) -> None:
        order = OrderFactory.create(store=store, lines=[{"quantity": 1}] * rows)
        ret = ReturnFactory.create(order=order)
        for _ in range(rows):
            desk.send(f"returns/{ret.pk}/notes", {"text": "Called the shopper"})

        assert desk.queries(f"returns/{ret.pk}") == LOGIN_QUERIES + 4

    def test_another_merchants_return_is_not_there(self, desk: Dashboard) -> None:
        foreign = ReturnFactory.create()
        bodies: dict[str, Any] = {
            "approve": {},
            "reject": {"reason": "No"},
            "receive": {},
            "cancel": {},
            "notes": {"text": "Hi"},
            "refund-method": {"method": "original", "note": "x"},
            "decisions": {"units": [{"line": lines_of(foreign)[0], "outcome": "accepted"}]},
            "restock": {"line": lines_of(foreign)[0]},
        }

        assert code_of(desk.get(f"returns/{foreign.pk}")) == (404, "not_found")
        for act, body in bodies.items():
            assert code_of(desk.send(f"returns/{foreign.pk}/{act}", body)) == (404, "not_found")
        foreign.refresh_from_db()
        assert (foreign.status, foreign.notes) == ("in_progress", [])


class DecisionTest:
    def test_unit_by_unit(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store, received=True)
        first, second = lines_of(ret)
        response = desk.send(
            f"returns/{ret.pk}/decisions",
            {
                "units": [
                    {"line": first, "outcome": "accepted", "quantity": 1, "grade": "A"},
                    {
                        "line": second,
                        "outcome": "rejected",
                        "reason": "Worn",
                        "images": ["photo-1"],
                    },
                ]
            },
        )
        shown = {line["id"]: line for line in response.json()["lines"]}

        assert response.status_code == 200
        assert response.json()["status"] == "received"
        assert (shown[second]["decision"], shown[second]["reject_reason"]) == ("rejected", "Worn")
        assert shown[second]["images"] == ["photo-1"]
        assert sorted((line["quantity"], line["decision"]) for line in shown.values()) == [
            (1, "accepted"),
            (1, "pending"),
            (1, "rejected"),
        ]

    def test_missing_and_for_review(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store, received=True)
        first, second = lines_of(ret)
        units = [
            {"line": first, "outcome": "missing"},
            {"line": second, "outcome": "for_review"},
        ]
        shown = desk.send(f"returns/{ret.pk}/decisions", {"units": units}).json()

        assert shown["status"] == "for_review"
        assert {line["disposition"] for line in shown["lines"]} == {"missing", ""}

    def test_a_key_is_required_and_replays(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store, received=True)
        body = {"units": [{"line": line, "outcome": "accepted"} for line in lines_of(ret)]}
        path = f"returns/{ret.pk}/decisions"
        bare = desk.client.post(f"/v1/{path}", body)
        named = {"idempotency-key": "once"}
        first = desk.send(path, body, **named)
        again = desk.send(path, body, **named)
        other = desk.send(path, {"units": body["units"][:1]}, **named)

        assert code_of(bare) == (400, "idempotency_key_missing")
        assert first.json()["status"] == "accepted"
        assert again.content == first.content
        assert again["Idempotent-Replayed"] == "true"
        assert code_of(other) == (422, "idempotency_key_reused")

    @pytest.mark.parametrize(
        ("change", "answer"),
        [
            ({"outcome": "rejected"}, (400, "invalid_form")),
            ({"outcome": "lost"}, (400, "invalid_form")),
            ({"quantity": 0}, (400, "invalid_form")),
            ({"quantity": 1.5}, (400, "invalid_form")),
            ({"quantity": 3}, (409, "more_units_than_held")),
            ({"line": str(uuid7())}, (404, "unknown_return_line")),
            ({"grade": "Z"}, (400, "invalid_form")),
        ],
    )
    def test_bad_input_changes_nothing(
        self, change: dict[str, Any], answer: tuple[int, str], store: Store, desk: Dashboard
    ) -> None:
        ret = return_of(store, received=True)
        unit = {"line": lines_of(ret)[0], "outcome": "accepted", **change}

        assert code_of(desk.send(f"returns/{ret.pk}/decisions", {"units": [unit]})) == answer
        assert {line.decision for line in ret.lines.all()} == {"pending"}

    def test_a_decided_return_is_decided(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store, accepted=True)
        unit = {"line": lines_of(ret)[0], "outcome": "accepted"}
        response = desk.send(f"returns/{ret.pk}/decisions", {"units": [unit]})

        assert code_of(response) == (409, "illegal_transition")


class OtherActsTest:
    def test_reject_with_its_reason(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store, requested=True)
        missing = desk.send(f"returns/{ret.pk}/reject", {})
        shown = desk.send(f"returns/{ret.pk}/reject", {"reason": "Final sale"}).json()

        assert code_of(missing) == (400, "invalid_form")
        assert (shown["status"], shown["reject_reason"]) == ("rejected", "Final sale")

    def test_receive_then_cancel_is_too_late(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store)
        at = "2026-03-02T08:05:00Z"
        shown = desk.send(f"returns/{ret.pk}/receive", {"received_at": at}).json()

        assert (shown["status"], shown["received_at"]) == ("received", at)
        assert code_of(desk.send(f"returns/{ret.pk}/cancel")) == (409, "illegal_transition")

    def test_cancel(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store)
        shown = desk.send(f"returns/{ret.pk}/cancel", {"reason": "Shopper keeps it"}).json()

        assert shown["status"] == "cancelled"
        assert shown["timeline"][-1]["details"] == {"reason": "Shopper keeps it"}

    def test_a_note_names_its_author(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store)
        shown = desk.send(f"returns/{ret.pk}/notes", {"text": "Box was open"}).json()

        assert [(note["text"], note["author"]) for note in shown["notes"]] == [
            ("Box was open", desk.user.name)
        ]

    def test_the_refund_method_is_one_the_store_offers(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store)
        store.preferences.refund_methods = ["original", "store_credit"]
        store.preferences.save()
        body = {"method": "store_credit", "note": "Shopper called"}
        shown = desk.send(f"returns/{ret.pk}/refund-method", body).json()
        refused = desk.send(f"returns/{ret.pk}/refund-method", {**body, "method": "bank_transfer"})

        assert shown["refund_method"] == "store_credit"
        assert shown["notes"][0]["text"] == "Shopper called"
        assert code_of(refused) == (409, "refund_method_not_offered")

    def test_units_back_on_the_shelf_once(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store, received=True)
        line = ret.lines.all()[0]
        level = StockLevelFactory.create(store=store, variant_id=line.line_item.variant_id)
        location = LocationFactory.create(merchant=store.merchant)
        body = {"line": str(line.pk), "location": str(location.pk)}
        first = desk.send(f"returns/{ret.pk}/restock", body)
        desk.send(f"returns/{ret.pk}/restock", body)
        level.refresh_from_db()

        assert first.json() == {"line": str(line.pk), "restocked": True, "quantity": 2}
        assert level.on_hand == 12

    def test_no_stock_kept_nothing_restocked(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store, received=True)
        body = {"line": lines_of(ret)[0]}
        foreign = {**body, "location": str(LocationFactory.create().pk)}

        assert desk.send(f"returns/{ret.pk}/restock", body).json()["restocked"] is False
        assert code_of(desk.send(f"returns/{ret.pk}/restock", foreign)) == (404, "not_found")

    def test_units_that_are_not_here_are_not_restocked(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store)
        response = desk.send(f"returns/{ret.pk}/restock", {"line": lines_of(ret)[0]})

        assert code_of(response) == (409, "units_not_here")

    def test_readers_may_only_read(self, store: Store) -> None:
        ret = return_of(store)
        reader = seat_at(store.merchant, "reader")

        assert reader.get(f"returns/{ret.pk}").status_code == 200
        assert reader.send(f"returns/{ret.pk}/receive").status_code == 403


class BulkTest:
    def test_each_return_stands_for_itself(self, store: Store, desk: Dashboard) -> None:
        good, decided = return_of(store), return_of(store, accepted=True)
        foreign = ReturnFactory.create()
        ids = [str(each.pk) for each in (good, decided, foreign)]
        shown = desk.send("returns/bulk", {"action": "accept", "returns": ids}).json()

        assert [(each["id"], each["result"]) for each in shown["results"]] == [
            (ids[0], "done"),
            (ids[1], "refused"),
            (ids[2], "refused"),
        ]
        assert shown["refused"] == 2
        assert [each["problem"]["code"] for each in shown["results"][1:]] == [
            "illegal_transition",
            "not_found",
        ]
        good.refresh_from_db()
        assert good.status == "accepted"

    @pytest.mark.parametrize(
        ("action", "trait", "status"),
        [("approve", "requested", "in_progress"), ("receive", "shipped", "received")],
    )
    def test_actions(
        self, action: str, trait: str, status: str, store: Store, desk: Dashboard
    ) -> None:
        ret = return_of(store, **{trait: True})
        desk.send("returns/bulk", {"action": action, "returns": [str(ret.pk)]})
        ret.refresh_from_db()

        assert ret.status == status

    def test_bad_forms(self, desk: Dashboard) -> None:
        one = str(uuid7())
        for ids in ([], [one, one], [str(uuid7()) for _ in range(51)], ["x"]):
            response = desk.send("returns/bulk", {"action": "accept", "returns": ids})
            assert code_of(response) == (400, "invalid_form")


class FilingTest:
    def body(self, line: Any, **named: Any) -> dict[str, Any]:
        return {"units": [{"line": str(line.pk), "quantity": 1, **named}]}

    def test_quote_then_return(self, store: Store, desk: Dashboard) -> None:
        order = OrderFactory.create(store=store, lines=[{"quantity": 2, "is_final_sale": True}])
        quoted = desk.send(f"orders/{order.pk}/quotes", self.body(order.lines.get()))
        wanted = {"quote": quoted.json()["id"], "refund_method": "original", "note": "By phone"}
        opened = desk.send(f"orders/{order.pk}/returns", wanted)

        assert quoted.status_code == 201
        assert {option["method"] for option in quoted.json()["options"]} == {
            "original",
            "bank_transfer",
            "store_credit",
        }
        assert opened.status_code == 201
        assert opened["Location"] == f"/v1/returns/{opened.json()['id']}"
        assert (opened.json()["filed_by"], opened.json()["status"]) == ("staff", "in_progress")
        assert opened.json()["net"] == {"amount": "25.00", "currency": "EUR"}
        again = desk.send(f"orders/{order.pk}/returns", wanted)
        assert code_of(again) == (409, "quote_expired")

    def test_dearer_goods_wait_for_the_shoppers_payment(
        self, store: Store, desk: Dashboard
    ) -> None:
        """25.00 back for goods of 35.00."""
        order = OrderFactory.create(store=store)
        line = order.lines.all()[0]
        StockLevelFactory.create(store=store, variant_id="XL", price_minor=3500)
        body = self.body(line, wish="exchange", variant_id="XL")

        def open_it() -> Any:
            quote = desk.send(f"orders/{order.pk}/quotes", body).json()
            wanted = {"quote": quote["id"], "refund_method": "original"}
            return desk.send(f"orders/{order.pk}/returns", wanted)

        assert code_of(open_it()) == (409, "payment_required")
        StripeAccountFactory.create(merchant=store.merchant)
        opened = open_it()
        assert (opened.status_code, opened.json()["status"]) == (201, "requested")
        assert opened.json()["payment"] is None

        page = payments.collect_difference(UUID(opened.json()["id"]), clock.now())
        assert page is not None
        page.submit(clock.now())
        page.settle(Answer("offered", "cs_1", link="https://pay.example/1"), clock.now())
        shown = desk.get(f"returns/{opened.json()['id']}").json()["payment"]
        assert (shown["amount"]["amount"], shown["url"]) == ("10.00", "https://pay.example/1")

    def test_a_changed_sum_answers_with_a_quote_that_holds(
        self, store: Store, desk: Dashboard
    ) -> None:
        order = OrderFactory.create(store=store)
        line = order.lines.all()[0]
        quote = desk.send(f"orders/{order.pk}/quotes", self.body(line)).json()
        line.total_minor = line.paid_minor = 4000
        line.save()
        wanted = {"quote": quote["id"], "refund_method": "original"}
        changed = desk.send(f"orders/{order.pk}/returns", wanted)
        fresh = changed.json()["details"]["quote"]
        opened = desk.send(f"orders/{order.pk}/returns", {**wanted, "quote": fresh})

        assert code_of(changed) == (409, "quote_changed")
        assert opened.status_code == 201
        assert opened.json()["net"]["amount"] == "20.00"

    @pytest.mark.parametrize(
        ("named", "answer"),
        [
            ({"quantity": 3}, (409, "more_units_than_left")),
            ({"quantity": -1}, (400, "invalid_form")),
            ({"line": str(uuid7())}, (404, "unknown_line")),
            ({"reason": "no_such"}, (400, "unknown_reason")),
            ({"wish": "exchange"}, (400, "invalid_form")),
            ({"wish": "exchange", "variant_id": "v"}, (400, "unknown_variant")),
        ],
    )
    def test_bad_units(
        self, named: dict[str, Any], answer: tuple[int, str], store: Store, desk: Dashboard
    ) -> None:
        order = OrderFactory.create(store=store)
        body = self.body(order.lines.all()[0])
        body["units"][0].update(named)

        assert code_of(desk.send(f"orders/{order.pk}/quotes", body)) == answer

    def test_unknown_method_and_quote(self, store: Store, desk: Dashboard) -> None:
        order = OrderFactory.create(store=store)
        body = {**self.body(order.lines.all()[0]), "method": "pigeon"}
        wanted = {"quote": str(uuid7()), "refund_method": "original"}

        assert code_of(desk.send(f"orders/{order.pk}/quotes", body)) == (
            409,
            "return_method_not_offered",
        )
        assert code_of(desk.send(f"orders/{order.pk}/returns", wanted)) == (404, "unknown_quote")

    def test_another_merchants_order_is_not_there(self, desk: Dashboard) -> None:
        order = OrderFactory.create()
        body = self.body(order.lines.all()[0])

        assert code_of(desk.send(f"orders/{order.pk}/quotes", body)) == (404, "not_found")


class SplitLineTest:
    def test_a_foreign_line_in_a_decision_is_unknown(self, store: Store, desk: Dashboard) -> None:
        ret = return_of(store, received=True)
        foreign = ReturnLineItemFactory.create()
        units = [{"line": str(foreign.pk), "outcome": "accepted"}]
        response = desk.send(f"returns/{ret.pk}/decisions", {"units": units})

        assert code_of(response) == (404, "unknown_return_line")


class FilingMethodTest:
    def test_the_method_is_priced_and_kept(self, store: Store, desk: Dashboard) -> None:
        LocationFactory.create(merchant=store.merchant)
        path = f"stores/{store.slug}/return-methods"
        price = {"regions": ["*"], "price": {"amount": "2.95", "currency": "EUR"}}
        desk.send(path, {"code": "post", "type": "own_label", "prices": [price]})
        desk.send(path, {"code": "unpriced", "type": "own_label"})
        order = OrderFactory.create(store=store)
        unit = {"line": str(order.lines.all()[0].pk), "quantity": 1}
        body = {"units": [unit], "method": "post"}
        quote = desk.send(f"orders/{order.pk}/quotes", body).json()
        refused = desk.send(f"orders/{order.pk}/quotes", {**body, "method": "unpriced"})
        wanted = {"quote": quote["id"], "refund_method": "original"}
        opened = desk.send(f"orders/{order.pk}/returns", wanted).json()

        assert opened["return_method"]["code"] == "post"
        assert opened["net"] == {"amount": "22.05", "currency": "EUR"}
        assert code_of(refused) == (409, "return_method_not_offered")
        assert refused.json()["details"]["reason"] == "not_priced"
