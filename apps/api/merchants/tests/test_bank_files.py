"""Files of the bank from upload to what became of each entry."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.api.merchants.tests.desk import Desk, seat_at
from apps.core import clock
from apps.payments.gateways.bank_transfer.models import BankTransferPayout
from apps.payments.gateways.bank_transfer.received import BankFile
from apps.payments.gateways.bank_transfer.tests.bank_words import camt054, entry, row
from apps.payments.gateways.bank_transfer.tests.test_batches import exported
from apps.payments.tests.factories import BankFileFactory

pytestmark = pytest.mark.django_db
AT = clock.now()


def upload(desk: Desk, xml: bytes, key: str = "k") -> Any:
    body = {"file": SimpleUploadedFile("bank.xml", xml)}
    headers = {"idempotency-key": key}
    return desk.post("/v1/bank-files", body, format="multipart", headers=headers)


class BankFilesTest:
    def test_from_upload_to_every_entry(self) -> None:
        ret, payout, _ = exported()
        desk = seat_at(ret.merchant, editor=True)
        xml = camt054(entry("100.00", row(payout.reference)), entry("7.00", row("theirs")))

        taken, again = upload(desk, xml), upload(desk, xml, key="another")
        listed = desk.get("/v1/bank-files?kind=camt.054").json()["data"]
        entries = desk.get(f"{taken['Location']}/entries").json()["data"]
        unmatched = desk.get(f"{taken['Location']}/entries?outcome=unmatched").json()["data"]

        assert (taken.status_code, again.status_code) == (201, 201)
        assert taken.json() == again.json() == desk.get(taken["Location"]).json()
        assert taken.json()["counts"] == {"settled": 1, "unmatched": 1}
        assert [each["id"] for each in listed] == [taken.json()["id"]]
        assert {each["outcome"]: each["refund"] for each in entries} == {
            "settled": str(payout.pk),
            "unmatched": None,
        }
        assert [each["amount"] for each in unmatched] == [{"amount": "7.00", "currency": "EUR"}]
        assert BankTransferPayout.objects.get(pk=payout.pk).status == "succeeded"

    @pytest.mark.parametrize("xml", [b"", b"<a/>", b" " * 5_000_001], ids=["empty", "a", "large"])
    def test_what_cannot_be_read_is_refused(self, xml: bytes) -> None:
        desk = seat_at(BankFileFactory.create().merchant, editor=True)

        refused = upload(desk, xml)

        assert (refused.status_code, refused.json()["code"]) == (400, "unreadable_bank_file")
        assert BankFile.objects.count() == 1

    def test_readers_read_and_hand_nothing_in(self) -> None:
        desk = seat_at(BankFileFactory.create().merchant, reader=True)

        assert upload(desk, b"<a/>").status_code == 403
        assert len(desk.get("/v1/bank-files").json()["data"]) == 1
