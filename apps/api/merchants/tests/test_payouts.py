"""A batch from draft to the bank's word, by the people who may."""

from typing import Any

import pytest
from django.utils.crypto import get_random_string

from apps.accounts.models import Merchant
from apps.accounts.tests.factories import MerchantFactory
from apps.api.merchants.tests.desk import Desk, at_most, owner_of, seat_at
from apps.core import clock
from apps.core.ids import uuid7
from apps.orders.models import Return
from apps.orders.tests.factories import OrderFactory
from apps.payments import choices, services
from apps.payments.gateways.bank_transfer.models import BankTransferBatch, BankTransferPayout
from apps.payments.models import Payment
from apps.payments.tests.factories import (
    AcceptedReturnFactory,
    BankTransferBatchFactory,
    BankTransferItemFactory,
    BankTransferPayoutFactory,
    DebtorFactory,
    PayoutDestinationFactory,
)
from apps.users.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
AT = clock.now()
Status = choices.BankTransferBatch.Status


def waiting() -> BankTransferPayout:
    """100.00 EUR owed to a known account, in no batch yet."""
    ret = AcceptedReturnFactory.create(refund_method="bank_transfer")
    PayoutDestinationFactory.create(ret=ret)
    (payment,) = services.promise_refund(ret.pk, AT)
    assert isinstance(payment, BankTransferPayout)
    return payment


def drafted(desk: Desk) -> dict[str, Any]:
    shown: dict[str, Any] = desk.send("/v1/payouts").json()
    return shown


def exported(desk: Desk) -> dict[str, Any]:
    batch = drafted(desk)
    assert desk.send(f"/v1/payouts/{batch['id']}/approve").status_code == 200
    assert desk.get(f"/v1/payouts/{batch['id']}/file").status_code == 200
    return batch


def transfer_of(batch: dict[str, Any], act: str) -> str:
    return f"/v1/payouts/{batch['id']}/transfers/{batch['transfers'][0]['id']}/{act}"


class PlatformTest:
    def test_the_platforms_batches_are_not_the_merchants_to_touch(self) -> None:
        payout = BankTransferPayoutFactory.create(to_account=True, purpose="advance")
        item = BankTransferItemFactory.create(payment=payout)
        desk = owner_of(payout.merchant)

        assert desk.get("/v1/payouts").json()["data"] == []
        assert desk.get(f"/v1/payouts/{item.batch_id}").status_code == 404
        assert desk.send(f"/v1/payouts/{item.batch_id}/approve").status_code == 404


class LifeTest:
    def test_from_draft_to_settled(self) -> None:
        payout = waiting()
        desk = owner_of(payout.merchant)

        opened = desk.send("/v1/payouts", {"currency": "EUR"})
        batch = opened.json()
        assert opened.status_code == 201
        assert (batch["status"], batch["transfers_count"]) == ("draft", 1)
        assert batch["total"] == {"amount": "100.00", "currency": "EUR"}
        assert batch["requested_by"] == {
            "id": str(desk.membership.user_id),
            "name": desk.membership.user.name,
        }
        assert (batch["needs_second_person"], batch["approved_by"]) == (False, None)
        assert batch["transfers"] == [
            {
                "id": batch["transfers"][0]["id"],
                "refund": str(payout.pk),
                "end_to_end_id": f"{payout.pk.hex}-1",
                "amount": {"amount": "100.00", "currency": "EUR"},
                "status": "pending",
                "failure_code": "",
                "account_last_four": "1332",
                "return": {"id": str(payout.ret_id), "number": Return.objects.get().number},
                "order": {"id": str(payout.order_id), "number": payout.order.number},
            }
        ]

        approved = desk.send(f"/v1/payouts/{batch['id']}/approve").json()
        assert (approved["status"], approved["approved_by"]["id"]) == (
            "approved",
            str(desk.membership.user_id),
        )

        file = desk.get(f"/v1/payouts/{batch['id']}/file")
        assert file.status_code == 200
        assert file["Content-Type"] == "application/xml"
        name = f"payout-{BankTransferBatch.objects.get().message_id}.xml"
        assert file["Content-Disposition"] == f'attachment; filename="{name}"'
        assert b"pain.001.001.09" in file.content
        assert b"<IBAN>ES9121000418450200051332</IBAN>" in file.content
        assert desk.get(f"/v1/payouts/{batch['id']}/file").content == file.content

        settled = desk.send(f"/v1/payouts/{batch['id']}/settle").json()
        assert settled["status"] == "settled"
        assert settled["transfers"][0]["status"] == "succeeded"
        assert Payment.objects.get(pk=payout.pk).status == choices.Payment.Status.SUCCEEDED

    def test_the_file_is_given_to_whoever_accepts_xml(self) -> None:
        payout = waiting()
        desk = owner_of(payout.merchant)
        batch = drafted(desk)
        path = f"/v1/payouts/{batch['id']}/file"

        early = desk.get(path, headers={"accept": "application/xml"})
        assert early.status_code == 409
        assert early["Content-Type"] == "application/problem+json"
        assert early.json()["code"] == "illegal_transition"

        desk.send(f"/v1/payouts/{batch['id']}/approve")
        assert desk.get(path, headers={"accept": "application/xml"}).status_code == 200

    def test_a_look_at_the_head_exports_nothing(self) -> None:
        payout = waiting()
        desk = owner_of(payout.merchant)
        batch = drafted(desk)
        desk.send(f"/v1/payouts/{batch['id']}/approve")

        assert desk.head(f"/v1/payouts/{batch['id']}/file").status_code == 405
        assert BankTransferBatch.objects.get().status == Status.APPROVED

    def test_cancelled_frees_its_transfers(self) -> None:
        payout = waiting()
        desk = owner_of(payout.merchant)
        first = drafted(desk)

        cancelled = desk.send(f"/v1/payouts/{first['id']}/cancel").json()

        assert (cancelled["status"], cancelled["transfers"]) == ("cancelled", [])
        assert drafted(desk)["transfers"][0]["refund"] == str(payout.pk)

    def test_a_repeat_with_the_key_opens_one_batch(self) -> None:
        payout = waiting()
        desk = owner_of(payout.merchant)
        key = get_random_string(12)

        first = desk.send("/v1/payouts", key=key)
        second = desk.send("/v1/payouts", key=key)

        assert second.json()["id"] == first.json()["id"]
        assert second["Idempotent-Replayed"] == "true"
        assert BankTransferBatch.objects.count() == 1

    def test_only_the_payments_that_were_chosen(self) -> None:
        payout = waiting()
        other = BankTransferPayoutFactory.create(
            order=OrderFactory.create(store=payout.store), to_account=True
        )
        desk = owner_of(payout.merchant)

        batch = desk.send("/v1/payouts", {"payments": [str(other.pk)]}).json()

        assert [each["refund"] for each in batch["transfers"]] == [str(other.pk)]
        assert batch["transfers"][0]["return"] is None

    def test_nothing_waits(self) -> None:
        desk = owner_of(DebtorFactory.create())

        response = desk.send("/v1/payouts")

        assert (response.status_code, response.json()["code"]) == (409, "nothing_to_transfer")

    def test_a_merchant_without_an_account(self) -> None:
        desk = owner_of(MerchantFactory.create())

        response = desk.send("/v1/payouts")

        assert (response.status_code, response.json()["code"]) == (409, "merchant_has_no_account")


class TransferTest:
    def test_rejected_opens_the_debt_again(self) -> None:
        payout = waiting()
        desk = owner_of(payout.merchant)
        batch = exported(desk)

        response = desk.send(transfer_of(batch, "reject"), {"code": "AC04"})

        transfer = response.json()["transfers"][0]
        assert (transfer["status"], transfer["failure_code"]) == ("failed", "AC04")
        again = desk.send(transfer_of(batch, "reject"), {"code": "AC04"})
        assert again.status_code == 200

    def test_returned_after_it_was_settled(self) -> None:
        payout = waiting()
        desk = owner_of(payout.merchant)
        batch = exported(desk)
        early = desk.send(transfer_of(batch, "return"), {"code": "MS03"})
        desk.send(f"/v1/payouts/{batch['id']}/settle")

        response = desk.send(transfer_of(batch, "return"), {"code": "MS03"})

        assert (early.status_code, early.json()["code"]) == (409, "illegal_transition")
        assert response.json()["transfers"][0]["status"] == "returned"

    def test_what_has_not_left_is_not_rejected(self) -> None:
        payout = waiting()
        desk = owner_of(payout.merchant)
        batch = drafted(desk)

        response = desk.send(transfer_of(batch, "reject"), {"code": "AC04"})

        assert (response.status_code, response.json()["code"]) == (409, "transfer_not_under_way")
        assert Payment.objects.get(pk=payout.pk).status == choices.Payment.Status.PENDING

    def test_word_of_an_older_batch_does_not_reach_the_next_try(self) -> None:
        payout = waiting()
        desk = owner_of(payout.merchant)
        first = exported(desk)
        desk.send(transfer_of(first, "reject"), {"code": "AC04"})
        services.retry_payment(payout.pk, AT)
        exported(desk)

        response = desk.send(transfer_of(first, "reject"), {"code": "AC04"})
        desk.send(f"/v1/payouts/{first['id']}/settle")

        assert response.json()["code"] == "transfer_not_under_way"
        assert Payment.objects.get(pk=payout.pk).status == choices.Payment.Status.PROCESSING


class PeopleTest:
    def test_one_person_does_not_do_both_above_the_limit(self) -> None:
        payout = BankTransferPayoutFactory.create(amount_minor=20001, to_account=True)
        first, second = (
            owner_of(payout.merchant),
            seat_at(payout.merchant, may_approve_payouts=True),
        )
        batch = drafted(first)

        alone = first.send(f"/v1/payouts/{batch['id']}/approve")
        together = second.send(f"/v1/payouts/{batch['id']}/approve")

        assert batch["needs_second_person"] is True
        assert (alone.status_code, alone.json()["code"]) == (403, "second_person_needed")
        assert alone.json()["details"] == {"total": {"amount": "200.01", "currency": "EUR"}}
        assert together.json()["status"] == "approved"

    @pytest.mark.parametrize(
        ("role", "read", "edit", "approve"),
        [
            ({"reader": True}, 200, 403, 403),
            ({"editor": True}, 200, 409, 403),
            ({"may_approve_payouts": True}, 403, 403, 404),
            ({"permissions": {"returns": "edit"}}, 403, 403, 403),
        ],
    )
    def test_the_role_decides(
        self, role: dict[str, Any], read: int, edit: int, approve: int
    ) -> None:
        desk = seat_at(DebtorFactory.create(), **role)
        nowhere = f"/v1/payouts/{uuid7()}"

        assert desk.get("/v1/payouts").status_code == read
        assert desk.send("/v1/payouts").status_code == edit
        assert desk.send(f"{nowhere}/approve").status_code == approve
        assert desk.get(f"{nowhere}/file").status_code == (404 if edit == 409 else 403)

    def test_change_needs_a_second_factor_and_reading_does_not(self) -> None:
        merchant = DebtorFactory.create()
        membership = MembershipFactory.create(merchant=merchant, role__owner=True)
        desk = Desk(membership, second_factor=False)

        assert desk.get("/v1/payouts").status_code == 200
        assert desk.send("/v1/payouts").json()["code"] == "second_factor_required"

    def test_a_key_is_required(self) -> None:
        desk = owner_of(DebtorFactory.create())

        response = desk.post("/v1/payouts", {}, format="json")

        assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_missing")


class ForeignTest:
    def test_every_foreign_id_is_the_same_404(self) -> None:
        item = BankTransferItemFactory.create()
        desk = owner_of(DebtorFactory.create())
        missing = desk.get(f"/v1/payouts/{uuid7()}").json() | {"request_id": ""}
        batch = f"/v1/payouts/{item.batch_id}"
        answers = [desk.get(batch), desk.get(f"{batch}/file")]
        answers += [desk.send(f"{batch}/{act}") for act in ("approve", "settle", "cancel")]
        answers += [
            desk.send(f"{batch}/transfers/{item.pk}/{act}", {"code": "AC04"})
            for act in ("reject", "return")
        ]
        answers.append(desk.send("/v1/payouts", {"payments": [str(item.payment_id)]}))

        assert [each.status_code for each in answers] == [404] * 8
        assert all(each.json() | {"request_id": ""} == missing for each in answers)

    def test_a_transfer_of_another_batch_is_missing(self) -> None:
        payout = waiting()
        desk = owner_of(payout.merchant)
        batch = exported(desk)
        other = BankTransferBatchFactory.create(merchant=payout.merchant)
        path = f"/v1/payouts/{other.pk}/transfers/{batch['transfers'][0]['id']}/reject"

        assert desk.send(path, {"code": "AC04"}).status_code == 404


class ReadingTest:
    @pytest.fixture
    def merchant(self) -> Merchant:
        merchant = DebtorFactory.create()
        BankTransferBatchFactory.create_batch(3, merchant=merchant)
        BankTransferBatchFactory.create(merchant=merchant, status=Status.CANCELLED)
        BankTransferBatchFactory.create()
        return merchant

    def test_lists_page_by_page_newest_first(self, merchant: Merchant) -> None:
        desk = owner_of(merchant)
        first = desk.get("/v1/payouts", {"limit": 3}).json()
        rest = desk.get("/v1/payouts", {"limit": 3, "cursor": first["next_cursor"]}).json()
        ids = [each["id"] for each in first["data"] + rest["data"]]

        ours = BankTransferBatch.objects.for_merchant(merchant).order_by("-id")
        assert ids == [str(batch.pk) for batch in ours]
        assert (len(ids), rest["next_cursor"]) == (4, None)

    def test_filters_by_status(self, merchant: Merchant) -> None:
        found = owner_of(merchant).get("/v1/payouts", {"status": "cancelled"}).json()["data"]

        assert [each["status"] for each in found] == ["cancelled"]

    def test_list_is_one_query_and_detail_three(self, merchant: Merchant) -> None:
        desk = owner_of(merchant)
        batch = BankTransferBatch.objects.for_merchant(merchant).latest("id")

        with at_most(1):
            desk.get("/v1/payouts")
        with at_most(3):
            desk.get(f"/v1/payouts/{batch.pk}")

    def test_detail_has_an_etag(self, merchant: Merchant) -> None:
        desk = owner_of(merchant)
        path = f"/v1/payouts/{BankTransferBatch.objects.for_merchant(merchant).latest('id').pk}"
        tag = desk.get(path)["ETag"]

        assert desk.get(path, headers={"if-none-match": tag}).status_code == 304
