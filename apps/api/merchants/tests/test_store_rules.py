"""Reasons and policies of a store."""

from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import MerchantFactory, StoreFactory
from apps.api.merchants.tests.desk import Desk, at_most, owner_of, seat_at
from apps.core import clock
from apps.core.ids import uuid7
from apps.orders.models import Policy, ReturnReason
from apps.orders.tests.factories import (
    OrderFactory,
    PolicyFactory,
    ReturnFactory,
    ReturnReasonFactory,
)

pytestmark = pytest.mark.django_db
AT = clock.now()
REASONS, POLICIES = "/v1/stores/ropa/reasons", "/v1/stores/ropa/policies"
BLOCKED: dict[str, Any] = {
    "code": "no_shirts",
    "action": "block",
    "conditions": [{"field": "sku", "operator": "in", "value": ["TS-1"]}],
    "messages": {"es": "Sin camisetas"},
}


@pytest.fixture
def store() -> Store:
    return StoreFactory.create(slug="ropa")


@pytest.fixture
def desk(store: Store) -> Desk:
    return owner_of(store.merchant)


class ReasonsTest:
    def test_a_tree_is_written_changed_and_taken_away(self, desk: Desk) -> None:
        top = desk.send(REASONS, {"code": "size", "labels": {"es": "Talla"}}).json()
        under = desk.send(
            REASONS, {"code": "too_small", "labels": {"es": "Pequeño"}, "parent": "size"}
        )
        ReturnReasonFactory.create()
        with at_most(2):
            listed = desk.get(REASONS).json()["reasons"]
        changed = desk.send(
            f"/v1/reasons/{under.json()['id']}",
            {"fault": "merchant", "waives_fee": True},
            "PATCH",
        ).json()
        gone = desk.send(f"/v1/reasons/{top['id']}", None, "DELETE")

        assert (under.status_code, gone.status_code) == (201, 204)
        assert [(each["code"], each["parent"]) for each in listed] == [
            ("size", None),
            ("too_small", "size"),
        ]
        assert (changed["fault"], changed["waives_fee"]) == ("merchant", True)
        assert (changed["code"], changed["labels"]) == ("too_small", {"es": "Pequeño"})
        assert desk.get(REASONS).json() == {"reasons": []}

    def test_a_code_taken_away_is_free_again(self, desk: Desk) -> None:
        body = {"code": "size", "labels": {"es": "Talla"}}
        first = desk.send(REASONS, body).json()
        twice = desk.send(REASONS, body)
        desk.send(f"/v1/reasons/{first['id']}", None, "DELETE")

        assert (twice.status_code, twice.json()["code"]) == (409, "code_taken")
        assert desk.send(REASONS, body).status_code == 201

    def test_the_parent_is_a_reason_of_the_store(self, desk: Desk) -> None:
        foreign = ReturnReasonFactory.create()
        body = {"code": "size", "labels": {}, "parent": foreign.code}

        assert desk.send(REASONS, body).json()["code"] == "unknown_reason"

    @pytest.mark.parametrize(
        "wrong", [{"code": "SIZE"}, {"fault": "nobody"}, {"labels": {"es": 1}}, {"store": "x"}]
    )
    def test_refuses_what_is_no_reason(self, desk: Desk, wrong: dict[str, Any]) -> None:
        body = {"code": "size", "labels": {"es": "Talla"}, **wrong}

        assert desk.send(REASONS, body).json()["code"] == "invalid_form"

    def test_code_and_place_stay(self, desk: Desk, store: Store) -> None:
        reason = ReturnReasonFactory.create(store=store)
        path = f"/v1/reasons/{reason.pk}"

        assert desk.send(path, {"code": "other"}, "PATCH").status_code == 400
        assert desk.send(path, {"parent": None}, "PATCH").status_code == 400

    def test_foreign_and_missing_are_the_same_404(self, desk: Desk) -> None:
        foreign = ReturnReasonFactory.create()
        answers = [
            desk.send(f"/v1/reasons/{pk}", None, method)
            for pk in (foreign.pk, uuid7())
            for method in ("PATCH", "DELETE")
        ]

        assert [each.status_code for each in answers] == [404] * 4
        assert ReturnReason.objects.filter(pk=foreign.pk).exists()


class PoliciesTest:
    def test_draft_rewrite_publish(self, desk: Desk, store: Store) -> None:
        former = PolicyFactory.create(store=store, published=True)
        draft = desk.send(POLICIES, {"name": "Rebajas", "rules": [BLOCKED]})
        path = f"/v1/policies/{draft.json()['id']}"
        rewritten = desk.send(path, {"rules": [{**BLOCKED, "priority": 5}]}, "PUT").json()
        published = desk.send(f"{path}/publish").json()

        assert draft.status_code == 201
        assert (draft.json()["version"], draft.json()["status"]) == (2, "draft")
        assert draft.json()["rules"] == [
            {**BLOCKED, "priority": 100, "active_from": None, "active_until": None}
        ]
        assert (rewritten["name"], rewritten["rules"][0]["priority"]) == ("Rebajas", 5)
        assert published["status"] == "published"
        former.refresh_from_db()
        assert former.status == "retired"
        # The door of the store, the policies, their rules.
        with at_most(3):
            listed = desk.get(POLICIES).json()["data"]
        assert [each["version"] for each in listed] == [2, 1]
        with at_most(2):
            assert desk.get(path).json() == published

    def test_a_published_policy_is_not_edited(self, desk: Desk, store: Store) -> None:
        path = f"/v1/policies/{PolicyFactory.create(store=store, published=True).pk}"

        for response in (desk.send(path, {"rules": []}, "PUT"), desk.send(f"{path}/publish")):
            assert (response.status_code, response.json()["code"]) == (409, "policy_not_draft")

    def test_rules_that_cannot_be_read_leave_no_draft(self, desk: Desk) -> None:
        rule = {**BLOCKED, "conditions": [{"field": "shoe", "operator": "in", "value": "x"}]}

        response = desk.send(POLICIES, {"rules": [rule]})

        assert (response.status_code, response.json()["code"]) == (400, "policy_invalid")
        assert response.json()["details"]["problems"] == [
            {"code": "unknown_field", "rule": 0, "condition": 0}
        ]
        assert not Policy.objects.exists()

    def test_foreign_and_missing_are_the_same_404(self, desk: Desk) -> None:
        foreign = PolicyFactory.create()
        since = {"since": AT.isoformat()}
        answers = [desk.get(f"/v1/policies/{foreign.pk}"), desk.get(f"/v1/policies/{uuid7()}")]
        answers.append(desk.send(f"/v1/policies/{foreign.pk}/publish"))
        answers.append(desk.send(f"/v1/policies/{foreign.pk}/simulate", since))
        answers.append(desk.send(f"/v1/policies/{foreign.pk}", {"rules": []}, "PUT"))
        answers.append(owner_of(MerchantFactory.create()).get(POLICIES))

        assert [each.status_code for each in answers] == [404] * 6


class SimulateTest:
    def test_tells_where_it_would_have_said_otherwise(self, desk: Desk, store: Store) -> None:
        order = OrderFactory.create(store=store)
        shirt = order.lines.get(sku="TS-1")
        ret = ReturnFactory.create(order=order, lines=[{"line_item": shirt, "quantity": 1}])
        draft = desk.send(POLICIES, {"rules": [BLOCKED]}).json()
        path = f"/v1/policies/{draft['id']}/simulate"
        reader = seat_at(store.merchant, reader=True)

        shown = reader.send(path, {"since": (AT - timedelta(days=1)).isoformat()}).json()
        later = reader.send(path, {"since": (AT + timedelta(days=1)).isoformat()}).json()

        assert (shown["count"], later) == (1, {"count": 0, "differences": []})
        (difference,) = shown["differences"]
        assert (difference["return"], difference["line"]) == (
            str(ret.pk),
            str(ret.lines.get().pk),
        )
        assert difference["amount"] == {"amount": "25.00", "currency": "EUR"}
        assert (difference["before"]["is_eligible"], difference["before"]["refusals"]) == (True, [])
        after = difference["after"]
        assert (after["is_eligible"], after["refusals"]) == (False, ["no_shirts"])
        assert Policy.objects.get().status == "draft"

    def test_looks_back_ninety_days_at_most(self, desk: Desk, store: Store) -> None:
        path = f"/v1/policies/{PolicyFactory.create(store=store).pk}/simulate"
        since = (AT - timedelta(days=91)).isoformat()

        response = desk.send(path, {"since": since})

        assert response.json()["errors"]["since"][0]["code"] == "out_of_range"
