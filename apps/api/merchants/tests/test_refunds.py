"""Payments to shoppers at the dashboard: read, confirmed, retried, called off, replaced."""

from typing import Any
from unittest.mock import Mock

import pytest

from apps.accounts.models import Merchant
from apps.api.merchants.tests.desk import Desk, at_most, owner_of, seat_at
from apps.core import clock
from apps.core.ids import uuid7
from apps.orders.models import Order, OrderTender, Return
from apps.orders.tests.factories import OrderFactory
from apps.payments import choices, services, tasks
from apps.payments.models import Payment
from apps.payments.tests.factories import (
    AcceptedReturnFactory,
    BankTransferItemFactory,
    BankTransferPayoutFactory,
    DebtorFactory,
    ManualRefundFactory,
    StoreCreditRefundFactory,
)
from apps.users.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
AT = clock.now()
Status = choices.Payment.Status


def owed_by_hand() -> Return:
    """100.00 EUR paid by card, for which there is no gateway."""
    ret = AcceptedReturnFactory.create(refund_method="original")
    services.promise_refund(ret.pk, AT)
    return ret


def by_hand(ret: Return, desk: Desk, **body: Any) -> Any:
    return desk.send(f"/v1/returns/{ret.pk}/manual-refund", {"reference": "TPV-881", **body})


class ConfirmTest:
    def test_is_written_down_and_settled(self) -> None:
        ret = owed_by_hand()
        desk = owner_of(ret.merchant)
        refund = Payment.objects.get(ret=ret)
        body = {"reference": "TPV-881", "note": "at the till\nby Eva"}

        response = desk.send(f"/v1/refunds/{refund.pk}/confirm", body)
        shown = response.json()

        assert response.status_code == 200
        assert (shown["status"], shown["reference"]) == ("succeeded", "TPV-881")
        assert shown["note"] == "at the till\nby Eva"
        assert [event["kind"] for event in shown["timeline"]] == [
            "refund.promised",
            "refund.sent",
            "refund.succeeded",
        ]
        assert shown["timeline"][0]["facts"]["amount"] == "100.00"

    def test_only_refunds_by_hand_are(self) -> None:
        refund = StoreCreditRefundFactory.create()

        response = owner_of(refund.merchant).send(
            f"/v1/refunds/{refund.pk}/confirm", {"reference": "TPV-881"}
        )

        assert response.status_code == 404


class ManualRefundTest:
    def test_confirms_what_the_return_is_owed(self) -> None:
        ret = owed_by_hand()
        desk = owner_of(ret.merchant)

        first, again = by_hand(ret, desk), by_hand(ret, desk)

        assert (first.status_code, again.status_code) == (200, 200)
        assert first.json()["status"] == "succeeded"
        assert first.json()["return"] == {"id": str(ret.pk), "number": ret.number}
        assert again.json()["id"] == first.json()["id"]
        assert Payment.objects.filter(ret=ret).count() == 1

    def test_nothing_waits(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")

        response = by_hand(ret, owner_of(ret.merchant))

        assert (response.status_code, response.json()["code"]) == (409, "nothing_by_hand")
        assert response.json()["details"] == {"return": ret.number}

    def test_of_several_each_is_named(self) -> None:
        ret = AcceptedReturnFactory.create()
        tenders = OrderTender.objects.filter(order=ret.order)
        refunds = [
            ManualRefundFactory.create(order=ret.order, ret=ret, tender=tender)
            for tender in (tenders.first(), None)
        ]

        response = by_hand(ret, owner_of(ret.merchant))

        assert (response.status_code, response.json()["code"]) == (409, "several_by_hand")
        assert response.json()["details"] == {"refunds": [str(each.pk) for each in refunds]}

    def test_an_amount_is_recorded_on_top(self) -> None:
        order = OrderFactory.create()
        ret = AcceptedReturnFactory.create(order=order, lines=[self.one_unit(order)])
        desk = owner_of(ret.merchant)
        tender = OrderTender.objects.get(order=order)
        amount = {"amount": "12.50", "currency": "EUR"}

        response = by_hand(ret, desk, amount=amount, note="goodwill", payment=str(tender.pk))

        shown = response.json()
        assert response.status_code == 201
        assert (shown["purpose"], shown["status"]) == ("manual", "succeeded")
        assert (shown["amount"], shown["return"]) == (amount, None)
        assert shown["order"] == {"id": str(order.pk), "number": order.number}
        assert shown["requested_by"]["id"] == str(desk.membership.user_id)
        assert Payment.objects.get(pk=shown["id"]).tender == tender

    @staticmethod
    def one_unit(order: Order) -> dict[str, Any]:
        return {"line_item": order.lines.get(sku="TS-1"), "quantity": 1}

    def test_never_above_the_cap(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="original")

        response = by_hand(
            ret, owner_of(ret.merchant), amount={"amount": "100.01", "currency": "EUR"}
        )

        assert (response.status_code, response.json()["code"]) == (409, "refund_above_cap")

    def test_above_the_limit_another_person_confirms(self) -> None:
        order = OrderFactory.create(lines=[{"unit_price_minor": 50000, "quantity": 1}])
        ret = AcceptedReturnFactory.create(order=order)
        first, second = owner_of(ret.merchant), seat_at(ret.merchant, editor=True, may_refund=True)
        amount = {"amount": "200.01", "currency": "EUR"}

        made = by_hand(ret, first, amount=amount).json()
        path = f"/v1/refunds/{made['id']}/confirm"
        alone = first.send(path, {"reference": "TPV-881"})
        together = second.send(path, {"reference": "TPV-881"})

        assert (made["status"], made["needs_second_person"]) == ("pending", True)
        assert (alone.status_code, alone.json()["code"]) == (403, "second_person_needed")
        assert together.json()["status"] == "succeeded"
        assert together.json()["approved_by"]["id"] == str(second.membership.user_id)

    def test_a_payment_of_another_order_is_missing(self) -> None:
        ret = AcceptedReturnFactory.create()
        tender = OrderTender.objects.get(order=OrderFactory.create(store=ret.store))
        amount = {"amount": "1.00", "currency": "EUR"}

        response = by_hand(ret, owner_of(ret.merchant), amount=amount, payment=str(tender.pk))

        assert response.status_code == 404


class NextStepTest:
    @pytest.fixture(autouse=True)
    def hint(self, monkeypatch: pytest.MonkeyPatch) -> Mock:
        """Whom the broker was told about."""
        hint = Mock()
        monkeypatch.setattr(tasks.send_refund, "delay", hint)
        return hint

    def test_retry_makes_the_next_generation(
        self, hint: Mock, django_capture_on_commit_callbacks: Any
    ) -> None:
        refund = BankTransferPayoutFactory.create(status=Status.FAILED, failure_code="AC04")
        with django_capture_on_commit_callbacks(execute=True):
            response = owner_of(refund.merchant).send(f"/v1/refunds/{refund.pk}/retry")

        shown = response.json()
        assert (shown["status"], shown["generation"], shown["failure_code"]) == ("pending", 2, "")
        hint.assert_called_once_with(str(refund.pk))

    def test_another_way_is_a_refund_of_its_own(
        self, hint: Mock, django_capture_on_commit_callbacks: Any
    ) -> None:
        old = BankTransferPayoutFactory.create(status=Status.FAILED)
        desk = owner_of(old.merchant)
        path = f"/v1/refunds/{old.pk}/pay-another-way"
        with django_capture_on_commit_callbacks(execute=True):
            made = desk.send(path, {"gateway": "manual"})
        again = desk.send(path, {"gateway": "manual"})
        retry = desk.send(f"/v1/refunds/{old.pk}/retry")

        assert made.status_code == 201
        assert (made.json()["replaces"], made.json()["gateway"]) == (str(old.pk), "manual")
        assert desk.get(f"/v1/refunds/{old.pk}").json()["replaced_by"] == made.json()["id"]
        for refused in (again, retry):
            assert (refused.status_code, refused.json()["code"]) == (409, "payment_not_owed")
        hint.assert_called_once_with(made.json()["id"])

    def test_credit_stays_credit(self) -> None:
        old = StoreCreditRefundFactory.create(status=Status.CANCELLED)
        path = f"/v1/refunds/{old.pk}/pay-another-way"

        response = owner_of(old.merchant).send(path, {"gateway": "bank_transfer"})

        assert (response.status_code, response.json()["code"]) == (409, "credit_stays_credit")

    def test_stripe_gives_back_only_what_it_took(self) -> None:
        old = BankTransferPayoutFactory.create(status=Status.FAILED)
        path = f"/v1/refunds/{old.pk}/pay-another-way"

        response = owner_of(old.merchant).send(path, {"gateway": "stripe"})

        assert (response.status_code, response.json()["code"]) == (409, "not_paid_by_stripe")

    def test_cancel_needs_a_reason_and_a_refund_not_sent(self) -> None:
        ret = owed_by_hand()
        desk = owner_of(ret.merchant)
        path = f"/v1/refunds/{Payment.objects.get(ret=ret).pk}/cancel"

        assert desk.send(path).status_code == 400
        assert desk.send(path, {"reason": "Paid in the shop"}).json()["status"] == "cancelled"
        assert desk.send(path, {"reason": "again"}).json()["code"] == "illegal_transition"

    def test_a_transfer_in_a_batch_is_not_cancelled(self) -> None:
        item = BankTransferItemFactory.create()
        path = f"/v1/refunds/{item.payment_id}/cancel"

        response = owner_of(item.merchant).send(path, {"reason": "Paid in the shop"})

        assert (response.status_code, response.json()["code"]) == (409, "transfer_in_batch")


class AccessTest:
    ACTS = ("confirm", "retry", "cancel", "pay-another-way")

    @pytest.mark.parametrize(
        ("role", "read", "act", "by_hand"),
        [
            ({"reader": True, "may_refund": True}, 200, 403, 403),
            ({"editor": True}, 200, 403, 403),
            ({"editor": True, "may_refund": True}, 200, 404, 404),
            ({"permissions": {"returns": "edit"}, "may_refund": True}, 403, 403, 404),
        ],
    )
    def test_the_role_decides(
        self, role: dict[str, Any], read: int, act: int, by_hand: int
    ) -> None:
        desk = seat_at(DebtorFactory.create(), **role)
        paths = [f"/v1/refunds/{uuid7()}/{each}" for each in self.ACTS]

        assert desk.get("/v1/refunds").status_code == read
        assert {desk.send(path).status_code for path in paths} == {act}
        assert desk.send(f"/v1/returns/{uuid7()}/manual-refund").status_code == by_hand

    def test_money_needs_a_second_factor_and_a_key(self) -> None:
        membership = MembershipFactory.create(role__owner=True)
        path = f"/v1/refunds/{uuid7()}/retry"

        bare = Desk(membership, second_factor=False).send(path)
        keyless = Desk(membership).post(path, {}, format="json")

        assert (bare.status_code, bare.json()["code"]) == (403, "second_factor_required")
        assert (keyless.status_code, keyless.json()["code"]) == (400, "idempotency_key_missing")

    def test_every_foreign_id_is_the_same_404(self) -> None:
        refund = ManualRefundFactory.create(ret=None)
        foreign = AcceptedReturnFactory.create()
        desk = owner_of(DebtorFactory.create())
        missing = desk.get(f"/v1/refunds/{uuid7()}").json() | {"request_id": ""}
        bodies = {"confirm": {"reference": "x"}, "cancel": {"reason": "x"}}
        answers = [desk.get(f"/v1/refunds/{refund.pk}"), by_hand(foreign, desk)]
        answers += [
            desk.send(f"/v1/refunds/{refund.pk}/{act}", bodies.get(act)) for act in self.ACTS
        ]

        assert [each.status_code for each in answers] == [404] * 6
        assert all(each.json() | {"request_id": ""} == missing for each in answers)


class ReadingTest:
    @pytest.fixture
    def merchant(self) -> Merchant:
        ret = owed_by_hand()
        order = OrderFactory.create(store=ret.store)
        BankTransferPayoutFactory.create(order=order, to_account=True)
        StoreCreditRefundFactory.create(order=order, status=Status.CANCELLED)
        StoreCreditRefundFactory.create()
        return ret.merchant

    def test_lists_all_gateways_newest_first(self, merchant: Merchant) -> None:
        desk = owner_of(merchant)
        first = desk.get("/v1/refunds", {"limit": 2}).json()
        rest = desk.get("/v1/refunds", {"limit": 2, "cursor": first["next_cursor"]}).json()
        shown = first["data"] + rest["data"]

        assert [each["gateway"] for each in shown] == ["store_credit", "bank_transfer", "manual"]
        assert [each["account_last_four"] for each in shown] == ["", "1332", ""]
        assert shown[1]["return"] is None
        assert shown[2]["return"]["number"] == Return.objects.get().number

    @pytest.mark.parametrize(
        ("query", "gateways"),
        [
            ({"status": "cancelled"}, ["store_credit"]),
            ({"gateway": "bank_transfer"}, ["bank_transfer"]),
            ({"purpose": "manual"}, []),
            ({"store": "nobodys"}, []),
        ],
    )
    def test_filters(self, merchant: Merchant, query: dict[str, str], gateways: list[str]) -> None:
        found = owner_of(merchant).get("/v1/refunds", query).json()["data"]

        assert [each["gateway"] for each in found] == gateways

    def test_filters_by_number(self, merchant: Merchant) -> None:
        desk = owner_of(merchant)
        ret = Return.objects.get()

        by_return = desk.get("/v1/refunds", {"return_number": ret.number}).json()["data"]
        by_order = desk.get("/v1/refunds", {"order_number": ret.order.number}).json()["data"]

        assert [each["return"]["number"] for each in by_return] == [ret.number]
        assert [each["order"]["number"] for each in by_order] == [ret.order.number]

    def test_list_is_one_query_and_detail_four(self, merchant: Merchant) -> None:
        desk = owner_of(merchant)
        refund = Payment.objects.for_merchant(merchant).latest("id")

        with at_most(1):
            desk.get("/v1/refunds")
        with at_most(4):
            desk.get(f"/v1/refunds/{refund.pk}")
