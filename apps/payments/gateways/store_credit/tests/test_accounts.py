from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.tests.factories import MerchantFactory
from apps.core import clock
from apps.core.money import Money
from apps.payments import choices, services
from apps.payments.gateways.store_credit.account import (
    CreditClosed,
    CreditTooSmall,
    SameReferenceOtherAmount,
)
from apps.payments.gateways.store_credit.codes import ALPHABET, code_hash, new_code
from apps.payments.gateways.store_credit.models import StoreCreditAccount, StoreCreditMovement
from apps.payments.modules.ledger import services as ledger
from apps.payments.tests.factories import (
    CODE,
    AcceptedReturnFactory,
    StoreCreditAccountFactory,
    StoreCreditRefundFactory,
)

pytestmark = pytest.mark.django_db
AT = clock.now()


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def issued() -> StoreCreditAccount:
    """100.00 EUR from a return, in the books."""
    ret = AcceptedReturnFactory.create(refund_method="store_credit")
    services.refund_return(ret.pk, AT)
    return StoreCreditAccount.objects.get(ret=ret)


def standing(credit: StoreCreditAccount, kind: str) -> str:
    return str(ledger.balances(credit.merchant)[kind, "EUR"])


class CodeTest:
    def test_is_long_random_and_without_doubles(self) -> None:
        codes = {new_code() for _ in range(200)}

        assert len(codes) == 200
        assert all(len(code) == 19 for code in codes)
        assert set("".join(codes)) <= {*ALPHABET, "-"}
        assert not set("ILOU") & set(ALPHABET)

    def test_is_found_however_it_is_typed(self) -> None:
        credit = StoreCreditAccountFactory.create(code_hash=code_hash("10AB-CD34-EF56-GH78"))

        for typed in ("10ab cd34 ef56 gh78", "IOABCD34EF56GH78", " l0AB-CD34-EF56-GH78 "):
            assert services.find_credit(credit.merchant, typed) == credit
        assert services.find_credit(credit.merchant, "10AB-CD34-EF56-GH79") is None
        assert services.find_credit(MerchantFactory.create(), "10AB-CD34-EF56-GH78") is None

    def test_is_readable_by_the_shopper_and_not_in_the_row(self) -> None:
        credit = StoreCreditAccountFactory.create()

        assert credit.reveal() == CODE
        assert CODE not in repr(vars(credit))
        assert StoreCreditAccountFactory.build(code=None).reveal() == ""


class SpendTest:
    def test_in_parts_until_nothing_is_left(self) -> None:
        credit = issued()

        credit.spend(eur("30.00"), "order-1", AT)
        credit.spend(eur("70.00"), "order-2", AT)

        assert (credit.balance, credit.spent) == (eur("0.00"), eur("100.00"))
        assert standing(credit, "store_credit_liability") == "0.00 EUR"
        assert standing(credit, "credit_redeemed") == "100.00 EUR"
        assert services.reconcile() == []

    def test_repeat_spends_once_and_another_amount_is_refused(self) -> None:
        credit = issued()
        credit.spend(eur("30.00"), "order-1", AT)

        credit.spend(eur("30.00"), "order-1", AT)
        with pytest.raises(SameReferenceOtherAmount):
            credit.spend(eur("30.01"), "order-1", AT)

        credit.refresh_from_db()
        assert credit.balance == eur("70.00")

    @pytest.mark.parametrize("amount", ["100.01", "0.00", "-1.00"])
    def test_never_more_than_it_holds_nor_nothing(self, amount: str) -> None:
        credit = issued()

        with pytest.raises(CreditTooSmall):
            credit.spend(eur(amount), "order-1", AT)

        credit.refresh_from_db()
        assert credit.balance == eur("100.00")

    def test_not_after_its_time(self) -> None:
        credit = issued()

        with pytest.raises(CreditClosed):
            credit.spend(eur("1.00"), "order-1", credit.expires_at)

        assert credit.movements.count() == 1


class RaiseTest:
    def test_once_for_each_payment(self) -> None:
        credit = issued()
        payment_id = credit.movements.get().payment_id
        assert payment_id is not None

        credit.raise_by(eur("100.00"), payment_id, AT)

        assert (credit.issued, credit.movements.count()) == (eur("100.00"), 1)


class CloseTest:
    def test_void_takes_what_is_left_once(self) -> None:
        credit = issued()
        credit.spend(eur("40.00"), "order-1", AT)

        assert credit.void("unwound", AT) == eur("60.00")
        assert credit.void("unwound", AT) == eur("0.00")

        assert (credit.voided, credit.balance) == (eur("60.00"), eur("0.00"))
        assert standing(credit, "credit_forfeited") == "60.00 EUR"
        assert not credit.is_open(AT)
        assert services.reconcile() == []

    def test_expires_when_its_time_is_over(self) -> None:
        credit, over = issued(), AT + timedelta(days=730)

        assert services.expire_credits(over - timedelta(seconds=1)) == 0
        assert services.expire_credits(over) == 1
        assert services.expire_credits(over) == 0

        credit.refresh_from_db()
        assert (credit.expired, credit.balance) == (eur("100.00"), eur("0.00"))
        assert not credit.expire(over)

    def test_empty_one_expires_without_a_posting(self) -> None:
        credit = issued()
        credit.spend(eur("100.00"), "order-1", AT)

        assert credit.expire(AT + timedelta(days=730))

        assert credit.movements.count() == 2

    def test_run_out_credit_is_not_raised_but_followed_by_another(self) -> None:
        credit = issued()
        ret, late = credit.ret, credit.expires_at
        assert ret is not None
        payment = StoreCreditRefundFactory.create(
            order=ret.order, ret=ret, purpose=choices.Payment.Purpose.ADJUSTMENT
        )
        payment.post_promised(late)

        services.send_payment(payment.pk, late)

        credit.refresh_from_db()
        assert credit.expired == eur("100.00")
        fresh = StoreCreditAccount.objects.open_at(late).get(ret=ret)
        assert fresh.balance == eur("60.00")
        assert services.reconcile() == []


class DatabaseTest:
    def test_parts_are_the_whole(self) -> None:
        credit = StoreCreditAccountFactory.create()
        rows = StoreCreditAccount.objects.filter(pk=credit.pk)

        for change in ({"balance_minor": 5999}, {"spent_minor": 1}, {"issued_minor": 6001}):
            with pytest.raises(IntegrityError, match="parts"), transaction.atomic():
                rows.update(**change)

        assert str(rows.get()) == "store credit ending in GH78"

    def test_movements_are_never_changed(self) -> None:
        movement = StoreCreditAccountFactory.create().movements.get()

        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            StoreCreditMovement.objects.filter(pk=movement.pk).update(amount_minor=1)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            movement.delete()

        assert str(StoreCreditMovement.objects.get()) == "issue 60.00 EUR"
