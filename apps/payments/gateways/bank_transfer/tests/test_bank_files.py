"""What the bank says of a batch, by file: each word counted once, and nothing lost."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from apps.core import clock
from apps.events.models import Event
from apps.orders.models import Return
from apps.payments import choices, services
from apps.payments.gateways.bank_transfer.models import BankTransferBatch, BankTransferPayout
from apps.payments.gateways.bank_transfer.received import BankEntry, BankFile
from apps.payments.gateways.bank_transfer.statements import UnreadableBankFile
from apps.payments.gateways.bank_transfer.tests.bank_words import (
    block,
    camt054,
    entry,
    group,
    pain002,
    row,
    transfer,
)
from apps.payments.gateways.bank_transfer.tests.test_batches import approver, exported, standing
from apps.payments.services.bank_files import BankFileRequest
from apps.payments.services.payouts import BatchRequest

pytestmark = pytest.mark.django_db
AT = clock.now()
Status = choices.Payment.Status
type Sent = tuple[Return, BankTransferPayout, BankTransferBatch]


@pytest.fixture(scope="class")
def exported_once(built_once: Callable[[Callable[[], Sent]], Sent]) -> Sent:
    return built_once(exported)


@pytest.fixture
def sent(exported_once: Sent) -> Sent:
    """The first batch that a test needs; `exported()` makes another."""
    return deepcopy(exported_once)


def read(ret: Return, xml: bytes) -> BankFile:
    return services.read_bank_file(BankFileRequest(ret.merchant, xml), AT)


def status_of(payout: BankTransferPayout) -> tuple[str, str]:
    found = BankTransferPayout.objects.get(pk=payout.pk)
    return found.status, found.failure_code


def words(file: BankFile) -> list[tuple[str, str]]:
    return [(each.word, each.outcome) for each in file.entries.order_by("position")]


class StatusReportTest:
    def test_executed_transfer_settles_it_and_its_batch(self, sent: Sent) -> None:
        ret, payout, batch = sent
        told = block(batch.message_id, transfer(payout.reference, "ACSC", amount="100.00"))
        file = read(ret, pain002(told))

        assert status_of(payout) == ("succeeded", "")
        assert file.counts == {"settled": 1}
        assert BankTransferBatch.objects.get(pk=batch.pk).status == "settled"
        assert standing(ret)["bank"] == "-100.00"

    def test_rejected_transfer_leaves_the_debt(self, sent: Sent) -> None:
        ret, payout, _ = sent
        file = read(ret, pain002(block("1", transfer(payout.reference, "RJCT", "AC04"))))

        assert status_of(payout) == ("failed", "AC04")
        assert file.counts == {"failed": 1}
        assert standing(ret)["refunds_payable"] == "100.00"

    @pytest.mark.parametrize("status", ["ACCP", "ACTC", "ACSP", "PDNG", "ACWC"])
    def test_under_way_changes_nothing(self, status: str, sent: Sent) -> None:
        ret, payout, batch = sent
        file = read(
            ret,
            pain002(
                group(batch.message_id, status), block("1", transfer(payout.reference, status))
            ),
        )

        assert status_of(payout) == ("processing", "")
        assert file.counts == {"known": 2}

    def test_whole_group_refused(self, sent: Sent) -> None:
        ret, payout, batch = sent
        file = read(ret, pain002(group(batch.message_id, "RJCT", "AM04")))

        assert status_of(payout) == ("failed", "AM04")
        assert words(file) == [("rejected", "failed")]
        assert file.entries.get().payment_id == payout.pk

    def test_a_transfers_own_word_goes_before_the_one_of_its_batch(self, sent: Sent) -> None:
        ret, payout, batch = sent
        told = block(
            f"{batch.message_id}-1", transfer(payout.reference, "RJCT", "AC01"), status="ACSC"
        )
        file = read(ret, pain002(told))

        assert status_of(payout) == ("failed", "AC01")
        assert words(file) == [("executed", "known"), ("rejected", "failed")]

    def test_refused_after_it_was_held_for_settled_comes_back(self, sent: Sent) -> None:
        ret, payout, batch = sent
        services.settle_batch(batch, AT)
        file = read(ret, pain002(block("1", transfer(payout.reference, "RJCT", "MS03"))))

        assert status_of(payout) == ("returned", "MS03")
        assert file.counts == {"returned": 1}
        assert services.reconcile(ret.merchant) == []


class BookingTest:
    def test_booked_transfer_is_settled(self, sent: Sent) -> None:
        ret, payout, _ = sent
        file = read(ret, camt054(entry("100.00", row(payout.reference))))

        assert status_of(payout) == ("succeeded", "")
        assert words(file) == [("executed", "settled")]

    def test_batch_booked_as_one(self, sent: Sent) -> None:
        ret, payout, batch = sent
        file = read(ret, camt054(entry("100.00", batch=f"{batch.message_id}-1")))

        assert status_of(payout) == ("succeeded", "")
        assert words(file) == [("executed", "settled")]

    def test_batch_booked_by_another_sum_is_a_conflict(self, sent: Sent) -> None:
        ret, payout, batch = sent
        file = read(ret, camt054(entry("99.00", batch=batch.message_id)))

        assert status_of(payout) == ("processing", "")
        assert file.counts == {"conflict": 1}

    def test_return_after_success_opens_the_debt(self, sent: Sent) -> None:
        ret, payout, batch = sent
        services.settle_batch(batch, AT)
        file = read(ret, camt054(entry("100.00", row(payout.reference, "AC04"), credit=True)))

        assert status_of(payout) == ("returned", "AC04")
        assert words(file) == [("returned", "returned")]
        assert standing(ret)["refunds_payable"] == "100.00"

    def test_return_of_what_was_not_yet_told_as_booked(self, sent: Sent) -> None:
        ret, payout, _ = sent
        read(ret, camt054(entry("100.00", row(payout.reference, "AC04"), credit=True)))

        assert status_of(payout) == ("returned", "AC04")
        assert standing(ret)["refunds_payable"] == "100.00"
        assert "bank" not in standing(ret)

    def test_not_booked_yet_changes_nothing(self, sent: Sent) -> None:
        ret, payout, _ = sent
        file = read(ret, camt054(entry("100.00", row(payout.reference), sts="PDNG")))

        assert status_of(payout) == ("processing", "")
        assert words(file) == [("pending", "known")]

    def test_another_amount_is_a_conflict_and_moves_nothing(self, sent: Sent) -> None:
        ret, payout, _ = sent
        file = read(ret, camt054(entry("99.99", row(payout.reference))))

        assert status_of(payout) == ("processing", "")
        assert words(file) == [("executed", "conflict")]
        found = [each for each in services.reconcile(ret.merchant) if each.invariant == "I-33"]
        assert [each.subject for each in found] == [str(file.entries.get().pk)]

    def test_each_transfer_of_a_split_entry_has_its_own_amount(self, sent: Sent) -> None:
        ret, payout, _ = sent
        rows = (row(payout.reference, amount="100.00"), row("of-somebody-else", amount="5.00"))
        file = read(ret, camt054(entry("105.00", *rows)))

        assert status_of(payout) == ("succeeded", "")
        assert file.counts == {"settled": 1, "unmatched": 1}

    @pytest.mark.parametrize(
        "told",
        [
            entry("12.00", row("NOTPROVIDED"), credit=True),
            entry("12.00", row("somebody-elses")),
            entry("12.00", batch="somebody-elses"),
            entry("12.00", batch="0" * 32),
            entry("12.00"),
        ],
    )
    def test_what_is_not_ours_is_kept_to_be_looked_at(self, told: str, sent: Sent) -> None:
        ret, payout, _ = sent
        file = read(ret, camt054(told))

        assert status_of(payout) == ("processing", "")
        assert file.counts == {"unmatched": 1}
        kept = BankEntry.objects.for_merchant(ret.merchant).get()
        assert (str(kept.amount), kept.payment_id) == ("12.00 EUR", None)

    def test_credit_that_names_our_transfer_without_a_reason_is_a_conflict(
        self, sent: Sent
    ) -> None:
        ret, payout, batch = sent
        services.settle_batch(batch, AT)
        file = read(ret, camt054(entry("100.00", row(payout.reference), credit=True)))

        assert status_of(payout) == ("succeeded", "")
        assert words(file) == [("other", "conflict")]


class AgainTest:
    def test_same_file_twice_changes_nothing(self, sent: Sent) -> None:
        ret, payout, _ = sent
        xml = camt054(entry("100.00", row(payout.reference)))
        first = read(ret, xml)
        told = Event.objects.count()
        second = read(ret, xml)

        assert first == second
        assert BankFile.objects.count() == 1
        assert Event.objects.count() == told
        assert first.content() == xml

    def test_same_word_in_another_file_is_known(self, sent: Sent) -> None:
        ret, payout, _ = sent
        executed = entry("100.00", row(payout.reference))
        back = entry("100.00", row(payout.reference, "AC04"), credit=True)
        read(ret, camt054(executed))
        again = read(ret, camt054(executed, message="BANK-3"))
        read(ret, camt054(back))
        more = read(ret, camt054(back, executed, message="BANK-4"))

        assert again.counts == {"known": 1}
        assert more.counts == {"known": 2}
        assert status_of(payout) == ("returned", "AC04")

    def test_word_about_an_earlier_attempt_moves_nothing_of_the_next(self, sent: Sent) -> None:
        ret, payout, _ = sent
        old = payout.reference
        read(ret, pain002(block("1", transfer(old, "RJCT", "AC04"))))
        services.retry_payment(payout.pk, AT)
        refused = read(ret, pain002(block("1", transfer(old, "RJCT", "AC04")), message="B"))
        booked = read(ret, camt054(entry("100.00", row(old))))

        assert (refused.counts, booked.counts) == ({"known": 1}, {"conflict": 1})
        assert status_of(payout) == ("pending", "")

    def test_paid_after_it_had_failed_and_failed_after_that(self, sent: Sent) -> None:
        ret, payout, _ = sent
        read(ret, pain002(block("1", transfer(payout.reference, "RJCT", "AC04"))))
        booked = read(ret, camt054(entry("100.00", row(payout.reference))))
        back = read(ret, camt054(entry("100.00", row(payout.reference, "AC04"), credit=True)))
        again = read(ret, pain002(block("2", transfer(payout.reference, "RJCT", "AC04"))))

        assert (booked.counts, back.counts) == ({"conflict": 1}, {"conflict": 1})
        assert again.counts == {"known": 1}

    def test_of_another_merchant_is_not_matched(self, sent: Sent) -> None:
        _, payout, batch = sent
        other, _, _ = exported()
        file = read(
            other,
            pain002(
                group(batch.message_id, "RJCT"), block("1", transfer(payout.reference, "RJCT"))
            ),
        )

        assert file.counts == {"unmatched": 2}
        assert status_of(payout) == ("processing", "")

    def test_before_the_export_nothing_can_be_executed(self, sent: Sent) -> None:
        ret, payout, _ = sent
        read(ret, pain002(block("1", transfer(payout.reference, "RJCT", "AC04"))))
        services.retry_payment(payout.pk, AT)
        again = BankTransferPayout.objects.get(pk=payout.pk)
        by = approver(ret)
        services.open_batch(BatchRequest(ret.merchant, by), AT)
        file = read(ret, camt054(entry("100.00", row(again.reference))))
        early = read(ret, pain002(block("2", transfer(again.reference, "RJCT", "AC04"))))

        assert (file.counts, early.counts) == ({"conflict": 1}, {"conflict": 1})
        assert status_of(payout) == ("pending", "")


BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
<Document><CstmrPmtStsRpt><GrpHdr><MsgId>&b;</MsgId></GrpHdr></CstmrPmtStsRpt></Document>"""
OUTSIDE = BOMB.replace(b'<!ENTITY a "aaaa">', b'<!ENTITY a SYSTEM "file:///etc/hostname">')


class HostileFileTest:
    @pytest.mark.parametrize(
        ("xml", "reason"),
        [
            (b"", "xml"),
            (b"<Document>", "xml"),
            (b"\x00\x01", "xml"),
            (b"<Document/>", "kind"),
            (b"<Document><!-- c --><Other/></Document>", "kind"),
            (b"<Document><CstmrCdtTrfInitn/></Document>", "kind"),
            (BOMB, "doctype"),
            (OUTSIDE, "doctype"),
            (b'<!DOCTYPE d SYSTEM "http://127.0.0.1/d.dtd"><Document/>', "doctype"),
            (BOMB.decode().encode("utf-16"), "doctype"),
            (camt054(entry("12.345", row("x"))), "amount"),
            (camt054(entry("NaN", row("x"))), "amount"),
            (camt054(entry("1.00", row("x"))).replace(b'"EUR"', b'"XXX"'), "amount"),
            (b" " * 5_000_001, "too_large"),
        ],
        ids=range(14),
    )
    def test_is_refused_whole(self, xml: bytes, reason: str, sent: Sent) -> None:
        ret, _, _ = sent

        with pytest.raises(UnreadableBankFile) as refusal:
            read(ret, xml)

        assert refusal.value.details["reason"] == reason
        assert not BankFile.objects.exists()

    def test_too_many_entries(self, monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
        from apps.payments.gateways.bank_transfer import statements

        monkeypatch.setattr(statements, "MAX_WORDS", 1)
        ret, _, _ = sent

        with pytest.raises(UnreadableBankFile):
            read(ret, camt054(entry("1.00"), entry("2.00")))

    def test_another_encoding_is_kept_and_read(self, sent: Sent) -> None:
        ret, payout, _ = sent
        told = pain002(block("Núñez", transfer(payout.reference, "ACSC"))).decode()
        xml = told.replace("UTF-8", "ISO-8859-1").encode("latin-1")
        file = read(ret, xml)

        assert status_of(payout) == ("succeeded", "")
        assert file.entries.get().batch_reference == "Núñez"
