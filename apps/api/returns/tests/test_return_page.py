"""The status page of a return and what a shopper may do there; a session sees its order only."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from rest_framework.test import APIClient

from apps.api.models import PortalSession
from apps.api.returns.tests.conftest import path_of
from apps.api.returns.tests.test_quotes import euros
from apps.api.tests.factories import TOKEN, PortalSessionFactory
from apps.core import clock
from apps.deliveries import services as deliveries
from apps.deliveries.models import Shipment
from apps.deliveries.tests.factories import (
    LabelFactory,
    ParcelFactory,
    ReturnMethodFactory,
    ShipmentFactory,
)
from apps.integrations.asking import PlatformCredit
from apps.orders.models import Return
from apps.orders.tests.factories import (
    OrderFactory,
    ReturnFactory,
    ReturnLineItemFactory,
    ReturnReasonFactory,
)
from apps.payments import services as payments
from apps.payments.dtos import Answer
from apps.payments.models import Payment
from apps.payments.tests.factories import (
    IBAN,
    AcceptedReturnFactory,
    ShopCreditRefundFactory,
)

pytestmark = pytest.mark.django_db


def visit(ret: Return, **session: Any) -> str:
    """The path of the return's page, for the session that TOKEN opens."""
    made = PortalSessionFactory.create(order=ret.order, **session)
    return path_of(made, f"returns/{ret.number}")


@pytest.fixture
def ret() -> Return:
    """Two units of 25.00 of one line, with a method of the product's own labels."""
    order = OrderFactory.create()
    method = ReturnMethodFactory.create(store=order.store, code="post")
    reason = ReturnReasonFactory.create(store=order.store, code="small")
    line = {"line_item": order.lines.first(), "quantity": 2, "reason": reason}
    return ReturnFactory.create(order=order, lines=[line], return_method_id=method.pk)


class PageTest:
    def test_tells_where_it_is(self, ret: Return, shopper: APIClient) -> None:
        with_label = deliveries.prepare_return(ret.pk, clock.now())
        assert with_label is not None
        path = visit(ret)
        ret.record("return.opened")
        ret.note("The staff's own words", clock.now())
        shown = shopper.get(path).json()

        assert shown["text"] == "Your return is open: send the goods back."
        assert shown["units"][0]["reason_text"] == "Too small"
        assert shown["units"][0]["amount"] == euros("50.00")
        assert shown["label"]["status"] == "ready"
        assert shown["label"]["expires_at"].endswith("Z")
        assert shown["label"]["url"] == f"http://returns-api.reveni.localhost{path}/label"
        assert shown["shipment"]["status"] == "label_ready"
        assert shown["qr"] == ret.number
        assert shown["refund"]["text"].startswith("You will be refunded once")
        assert shown["refund"]["amount"] == euros("50.00")
        assert [event["kind"] for event in shown["timeline"]] == ["label.ready", "return.opened"]
        assert shown["timeline"][1]["text"] == "Your return was opened."
        assert "staff's own words" not in str(shown)
        assert shown["words"][-1] == "To refund 50.00 EUR"
        assert shown["breakdown"] == ret.breakdown
        assert (shown["can_cancel"], shown["can_enter_tracking"]) == (True, True)

    def test_photos_of_other_hosts_have_no_link_here(self, ret: Return, shopper: APIClient) -> None:
        ret.lines.update(images=["photos/17.jpg"])

        assert shopper.get(visit(ret, proved=True)).json()["units"][0]["images"] == []

    def test_speaks_the_shoppers_language(self, ret: Return, shopper: APIClient) -> None:
        shown = shopper.get(visit(ret) + "?language=fr").json()

        assert shown["text"] == "Votre retour est ouvert : renvoyez les articles."
        assert shown["units"][0]["reason_text"] == "Trop petit"

    def test_a_portal_of_its_own_is_in_the_code(self, ret: Return, shopper: APIClient) -> None:
        path = visit(ret)
        preferences = ret.store.preferences
        preferences.branding = {"portal_url": "https://returns.shop.example/"}
        preferences.save()

        assert shopper.get(path).json()["qr"] == f"https://returns.shop.example/{ret.number}"

    @pytest.mark.parametrize("count", [1, 12])
    def test_four_queries_in_all_whatever_hangs_on_it(
        self, count: int, shopper: APIClient, django_assert_num_queries: Any
    ) -> None:
        order = OrderFactory.create(lines=[{"title": "T-shirt"}] * count)
        lines = [
            {"line_item": line, "quantity": 1, "exchange": {"variant_id": "L"}}
            for line in order.lines.all()
        ]
        ret = ReturnFactory.create(order=order, lines=lines)
        LabelFactory.create(parcel=ParcelFactory.create(shipment__ret=ret))
        for _ in range(count):
            ret.note("words", clock.now())
            ret.record("return.opened")
        path = visit(ret, proved=True)
        # The session; the return with all its rows; what happened; store credit.
        with django_assert_num_queries(4):
            shown = shopper.get(path).json()

        assert len(shown["units"]) == len(shown["exchanges"]) == count
        assert len(shown["timeline"]) == count

    def test_knows_what_has_not_changed(self, ret: Return, shopper: APIClient) -> None:
        path = visit(ret)
        tag = shopper.get(path)["ETag"]

        assert shopper.get(path, headers={"if-none-match": tag}).status_code == 304

    @pytest.mark.parametrize("of_the_store", [True, False])
    @pytest.mark.parametrize("suffix", ["", "/label", "/cancel", "/tracking"])
    def test_other_returns_are_the_same_404(
        self, suffix: str, of_the_store: bool, ret: Return, shopper: APIClient
    ) -> None:
        path = visit(ret, proved=True).removesuffix(ret.number)
        own = {"order": OrderFactory.create(store=ret.store)} if of_the_store else {}
        foreign = ReturnFactory.create(**own)

        def call(number: str) -> Any:
            if suffix in ("", "/label"):
                return shopper.get(path + number + suffix)
            return shopper.post(
                path + number + suffix, {"number": "1Z999"} if "t" in suffix else {}
            )

        there, missing = call(foreign.number), call("R-00000-00000")

        assert there.status_code == missing.status_code == 404
        assert there.json().keys() == missing.json().keys()
        assert there.json()["code"] == missing.json()["code"] == "not_found"
        foreign.refresh_from_db()
        assert foreign.status == "in_progress"

    def test_needs_a_session(self, ret: Return, visitor: APIClient) -> None:
        path = visit(ret)
        posts = [visitor.post(f"{path}/{name}", {}) for name in ("cancel", "tracking")]

        assert visitor.get(path).status_code == 401
        assert visitor.get(f"{path}/label").status_code == 401
        assert [each.status_code for each in posts] == [401, 401]

    def test_a_nul_is_no_number(self, ret: Return, shopper: APIClient) -> None:
        assert shopper.get(visit(ret) + "%00").status_code == 404


class LabelStateTest:
    @pytest.mark.parametrize(
        ("status", "shown", "url"),
        [
            ("asked", "waiting", False),
            ("failed", "failed", False),
            ("ready", "ready", True),
            ("used", "used", True),
            ("voided", "voided", False),
            ("expired", "expired", False),
        ],
    )
    def test_each_in_words(
        self, status: str, shown: str, url: bool, ret: Return, shopper: APIClient
    ) -> None:
        LabelFactory.create(parcel=ParcelFactory.create(shipment__ret=ret), status=status)
        label = shopper.get(visit(ret)).json()["label"]

        assert label["status"] == shown
        assert label["text"].endswith(".")
        assert (label["url"] is not None) is url

    def test_a_label_that_could_not_be_made(self, ret: Return, shopper: APIClient) -> None:
        ShipmentFactory.create(ret=ret, status="label_failed")

        assert shopper.get(visit(ret)).json()["label"]["status"] == "failed"

    def test_kept_goods_need_none(self, shopper: APIClient) -> None:
        order = OrderFactory.create()
        method = ReturnMethodFactory.create(store=order.store, keep=True)
        ret = ReturnFactory.create(order=order, return_method_id=method.pk)
        shown = shopper.get(visit(ret)).json()

        assert shown["label"]["status"] == "none"
        assert shown["next_steps"] == ["Keep the goods; nothing has to be sent back."]
        assert shown["can_enter_tracking"] is False

    @pytest.mark.parametrize(
        ("facts", "steps"),
        [
            ({"shipped": True}, ["Nothing to do: the store will check the goods."]),
            ({"received": True}, ["Nothing to do: the store will check the goods."]),
            ({"accepted": True}, []),
            (
                {"expires_at": None},
                ["Bring the goods to a drop-off point and show the code."],
            ),
            (
                {"return_method": {"kind": "own_label"}, "expires_at": None},
                ["Enter the tracking number if you ship it yourself."],
            ),
        ],
    )
    def test_what_to_do_next(
        self, facts: dict[str, Any], steps: list[str], shopper: APIClient
    ) -> None:
        ret = ReturnFactory.create(**facts)

        assert shopper.get(visit(ret)).json()["next_steps"] == steps

    def test_the_last_day_is_told(self, shopper: APIClient) -> None:
        ret = ReturnFactory.create(expires_at=clock.now().replace(year=2027, month=3, day=4))
        shown = shopper.get(visit(ret) + "?language=de").json()["next_steps"]

        assert shown[1] == "Sende das Paket vor dem 04.03.2027 ab."


class RefundStateTest:
    def refunded(self, method: str) -> Return:
        ret = AcceptedReturnFactory.create(refund_method=method)
        payments.refund_return(ret.pk, clock.now())
        return ret

    def test_a_credit_code_is_shown_to_a_proved_session_only(self, shopper: APIClient) -> None:
        ret = self.refunded("store_credit")
        path = visit(ret)
        searched = shopper.get(path).json()
        PortalSession.objects.update(level="proved")
        proved = shopper.get(path).json()

        assert searched["refund"]["status"] == "succeeded"
        assert searched["refund"]["text"] == "Your refund was paid."
        assert searched["refund"]["payments"][0]["method"] == "store_credit"
        assert searched["refund"]["payments"][0]["amount"] == euros("100.00")
        assert searched["refund"]["payments"][0]["paid_at"].endswith("Z")
        assert searched["credits"][0]["code"] is None
        assert searched["credits"][0]["balance"] == euros("100.00")
        assert len(proved["credits"][0]["code"]) == 19
        assert proved["timeline"][-1]["kind"] == "refund.succeeded"

    def test_credit_at_the_shop_has_its_code_and_no_balance(self, shopper: APIClient) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")
        refund = ShopCreditRefundFactory.create(order=ret.order, ret=ret)
        refund.post_promised(clock.now())
        refund.submit(clock.now())
        gift = PlatformCredit(id="7", amount=refund.amount, code="GIFT-7")
        refund.settle(Answer("succeeded", provider_ref="main:7", credit=gift), clock.now())
        path = visit(ret)
        searched = shopper.get(path).json()["credits"]
        PortalSession.objects.update(level="proved")
        proved = shopper.get(path).json()

        assert [(each["code"], each["balance"]) for each in searched] == [(None, None)]
        assert proved["credits"] == [
            {**searched[0], "is_at_shop": True, "code": "GIFT-7", "issued": euros("60.00")}
        ]
        assert proved["refund"]["payments"][0]["method"] == "shop_credit"

    def test_a_transfer_waits_for_its_batch(self, shopper: APIClient) -> None:
        ret = self.refunded("bank_transfer")
        payments.set_payout_account(ret, IBAN, "Ana López", clock.now())
        path = visit(ret)
        shown = shopper.get(path).json()

        assert shown["refund"]["status"] == "pending"
        assert shown["refund"]["account"] is None
        assert shown["refund"]["payments"][0]["paid_at"] is None
        assert shown["words"][-1] == "To refund 100.00 EUR"

    def test_a_replaced_payment_is_not_told(self, shopper: APIClient) -> None:
        ret = self.refunded("bank_transfer")
        payment = Payment.objects.get()
        payments.cancel_payment(payment.pk, "wrong account", clock.now())
        path = visit(ret)
        failed = shopper.get(path).json()["refund"]
        payments.pay_another_way(payment.pk, "store_credit", clock.now())
        replaced = shopper.get(path).json()["refund"]

        assert failed["status"] == "failed"
        assert replaced["status"] == "pending"
        assert [each["method"] for each in replaced["payments"]] == ["store_credit"]

    @pytest.mark.parametrize(
        ("facts", "status", "amount"),
        [
            ({}, "awaiting", "100.00"),
            ({"accepted": True}, "pending", "100.00"),
            ({"status": "rejected"}, "none", "0.00"),
            ({"status": "cancelled"}, "none", "0.00"),
        ],
    )
    def test_before_any_payment(
        self, facts: dict[str, Any], status: str, amount: str, shopper: APIClient
    ) -> None:
        refund = shopper.get(visit(ReturnFactory.create(**facts))).json()["refund"]

        assert (refund["status"], refund["amount"]) == (status, euros(amount))


class ListTest:
    def test_those_of_the_order_newest_first(
        self, ret: Return, shopper: APIClient, django_assert_num_queries: Any
    ) -> None:
        later = ReturnFactory.create(
            order=ret.order, requested_at=clock.now() + timedelta(minutes=1)
        )
        ReturnFactory.create(order=OrderFactory.create(store=ret.store))
        ReturnFactory.create()
        path = path_of(PortalSessionFactory.create(order=ret.order), "returns")
        # The session, the page.
        with django_assert_num_queries(2):
            first = shopper.get(f"{path}?limit=1").json()
        second = shopper.get(f"{path}?limit=1&cursor={first['next_cursor']}").json()

        assert [each["number"] for each in first["data"]] == [later.number]
        assert [each["number"] for each in second["data"]] == [ret.number]
        assert second["next_cursor"] is None
        assert second["data"][0]["units"] == [{"title": "T-shirt", "quantity": 2, "wish": "refund"}]

    @pytest.mark.parametrize("query", ["cursor=x", "limit=0", "ordering=-net", "status=x"])
    def test_bad_queries_are_refused(self, query: str, ret: Return, shopper: APIClient) -> None:
        path = path_of(PortalSessionFactory.create(order=ret.order), f"returns?{query}")

        assert shopper.get(path).status_code == 400


class LabelTest:
    def test_the_sheet_needs_proof(self, ret: Return, shopper: APIClient) -> None:
        deliveries.prepare_return(ret.pk, clock.now())
        path = visit(ret) + "/label"
        searched = shopper.get(path)
        PortalSession.objects.update(level="proved")
        proved = shopper.get(path)

        assert (searched.status_code, searched.json()["code"]) == (403, "proof_required")
        assert proved.status_code == 200
        assert proved["Content-Type"] == "application/pdf"
        assert proved["Content-Disposition"] == f"attachment; filename=label-{ret.number}.pdf"
        assert proved["Cache-Control"] == "no-store"
        assert proved.content.startswith(b"%PDF-")

    def test_a_picture_of_a_label(self, ret: Return, shopper: APIClient) -> None:
        label = LabelFactory.create(parcel=ParcelFactory.create(shipment__ret=ret), format="png")
        label.file.save("label.png", ContentFile(b"\x89PNG"))

        assert shopper.get(visit(ret, proved=True) + "/label")["Content-Type"] == "image/png"

    def test_none_yet(self, ret: Return, shopper: APIClient) -> None:
        response = shopper.get(visit(ret, proved=True) + "/label")

        assert (response.status_code, response.json()["code"]) == (404, "no_label")


class CancelTest:
    def test_frees_the_units(self, ret: Return, shopper: APIClient) -> None:
        path = visit(ret)
        response = shopper.post(f"{path}/cancel", {})
        line = ret.order.lines.first()

        assert response.status_code == 200
        assert response.json()["status"] == "cancelled"
        assert response.json()["can_cancel"] is False
        assert line is not None
        assert line.returned_quantity == 0
        assert ret.timeline.get().kind == "return.cancelled"
        assert ret.timeline.get().actor_kind == "shopper"

    def test_not_twice(self, ret: Return, shopper: APIClient) -> None:
        path = visit(ret)
        shopper.post(f"{path}/cancel", {})
        again = shopper.post(f"{path}/cancel", {})

        assert again.status_code == 409
        assert ret.timeline.count() == 1

    @pytest.mark.parametrize("state", ["received", "accepted"])
    def test_not_once_the_store_has_the_goods(self, state: str, shopper: APIClient) -> None:
        path = visit(ReturnFactory.create(**{state: True}))

        assert shopper.get(path).json()["can_cancel"] is False
        assert shopper.post(f"{path}/cancel", {}).status_code == 409

    def test_not_when_a_unit_was_accepted(self, ret: Return, shopper: APIClient) -> None:
        ReturnLineItemFactory.create(
            ret=ret, line_item=ret.order.lines.get(sku="TR-1"), decision="accepted"
        )
        path = visit(ret)
        response = shopper.post(f"{path}/cancel", {})

        assert shopper.get(path).json()["can_cancel"] is False
        assert (response.status_code, response.json()["code"]) == (409, "units_accepted")

    def test_takes_no_words(self, ret: Return, shopper: APIClient) -> None:
        assert shopper.post(f"{visit(ret)}/cancel", {"status": "accepted"}).status_code == 400


class TrackingTest:
    def test_the_parcel_is_on_its_way(self, ret: Return, shopper: APIClient) -> None:
        body = {"number": "1z 999-aa1", "carrier": "UPS"}
        shown = shopper.post(f"{visit(ret)}/tracking", body).json()

        assert shown["status"] == "shipped"
        assert shown["shipment"] == {
            "status": "in_transit",
            "carrier": "UPS",
            "tracking_number": "1Z999AA1",
        }
        assert Shipment.objects.get().ret == ret

    @pytest.mark.parametrize(
        ("state", "body", "status", "code"),
        [
            ({}, {"number": "!"}, 400, "not_a_tracking_number"),
            ({}, {"number": ""}, 400, "invalid_form"),
            ({}, {}, 400, "invalid_form"),
            ({"requested": True}, {"number": "1Z999AA1"}, 409, "return_not_travelling"),
            ({"accepted": True}, {"number": "1Z999AA1"}, 409, "return_not_travelling"),
        ],
    )
    def test_refusals(
        self,
        state: dict[str, bool],
        body: dict[str, str],
        status: int,
        code: str,
        shopper: APIClient,
    ) -> None:
        response = shopper.post(f"{visit(ReturnFactory.create(**state))}/tracking", body)

        assert (response.status_code, response.json()["code"]) == (status, code)


class TokenTest:
    def test_is_in_no_address(self, ret: Return, shopper: APIClient) -> None:
        deliveries.prepare_return(ret.pk, clock.now())

        assert TOKEN not in shopper.get(visit(ret, proved=True)).content.decode()
