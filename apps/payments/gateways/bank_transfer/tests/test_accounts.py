import pytest

from apps.payments.gateways.bank_transfer.accounts import (
    HolderRequired,
    InvalidAccount,
    OutsideSepa,
    account_hash,
    check_account,
)
from apps.payments.gateways.bank_transfer.sealing import NoPayoutAccount, open_account
from apps.payments.tests.factories import IBAN, BankTransferPayoutFactory


class CheckAccountTest:
    def test_finds_the_bank_and_drops_blanks(self) -> None:
        account = check_account("es91 2100 0418 4502 0005 1332", "  Ana   López ")

        assert (account.iban, account.bic, account.holder) == (IBAN, "CAIXESBB", "Ana López")
        assert account.last_four == "1332"

    def test_bank_that_is_not_listed_has_no_bic(self) -> None:
        account = check_account("GI75 NWBK 0000 0000 7099 453", "Ana")

        assert account.bic in {"", "NWBKGIGI"}

    @pytest.mark.parametrize(
        "iban",
        [
            "ES9121000418450200051333",  # one figure off
            "ES912100041845020005133",  # one figure short
            "ES7921000813610123456780",  # a right check sum of nothing
            "XX9121000418450200051332",
            "",
            "ES91\x0021000418450200051332",
            "9121000418450200051332",
        ],
    )
    def test_refuses_what_is_no_account(self, iban: str) -> None:
        with pytest.raises(InvalidAccount):
            check_account(iban, "Ana")

    def test_refuses_a_country_that_no_transfer_reaches(self) -> None:
        with pytest.raises(OutsideSepa):
            check_account("TR330006100519786457841326", "Ana")

    @pytest.mark.parametrize("holder", ["", "   ", "A" * 71, "Ana\x00"])
    def test_needs_a_holder(self, holder: str) -> None:
        with pytest.raises(HolderRequired):
            check_account(IBAN, holder)

    def test_another_holder_is_another_destination(self) -> None:
        one, other = check_account(IBAN, "Ana"), check_account(IBAN, "Eva")

        assert account_hash(one) != account_hash(other)


class SealedAccountTest:
    @pytest.mark.django_db
    def test_is_never_readable_in_the_row(self) -> None:
        payout = BankTransferPayoutFactory.create(to_account=True)

        payout.refresh_from_db()

        assert IBAN not in repr(vars(payout))
        assert payout.destination().iban == IBAN

    @pytest.mark.django_db
    def test_missing_one_is_a_refusal(self) -> None:
        payout = BankTransferPayoutFactory.create()

        with pytest.raises(NoPayoutAccount):
            open_account(payout.account, payout)
