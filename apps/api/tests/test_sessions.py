from datetime import datetime, timedelta

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import CustomerFactory, StoreFactory
from apps.api.models import CustomerSession, LoginCode
from apps.api.models.sessions import digest
from apps.api.tests.factories import CustomerSessionFactory
from apps.core import clock


def drawn(store: Store, at: datetime) -> tuple[LoginCode, str]:
    row = LoginCode.ask(store, "ana@shopper.example", at)
    return row, row.redraw()


@pytest.mark.django_db
class LoginCodeTest:
    def test_before_the_mail_nothing_opens(self) -> None:
        row = LoginCode.ask(StoreFactory.create(), "ana@shopper.example", clock.now())

        assert row.try_code("", clock.now()) is False
        assert row.try_code("000000", clock.now()) is False

    def test_the_right_code_opens_once(self) -> None:
        at = clock.now()
        row, code = drawn(StoreFactory.create(), at)

        assert len(code) == 6
        assert code.isdigit()
        assert row.try_code(code, at) is True
        assert row.try_code(code, at) is False
        assert str(row) == f"code {row.pk}"

    def test_five_tries(self) -> None:
        at = clock.now()
        row, code = drawn(StoreFactory.create(), at)
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        tries = [row.try_code(wrong, at) for _ in range(5)]

        assert tries == [False] * 5
        assert row.try_code(code, at) is False
        assert row.tries == 5

    def test_ten_minutes(self) -> None:
        at = clock.now()
        store = StoreFactory.create()
        late, late_code = drawn(store, at)
        early, early_code = drawn(store, at)

        assert late.try_code(late_code, at + timedelta(minutes=10)) is False
        assert early.try_code(early_code, at + timedelta(minutes=9, seconds=59)) is True

    def test_the_hash_is_bound_to_its_row(self) -> None:
        at = clock.now()
        store = StoreFactory.create()
        first, code = drawn(store, at)
        second, _ = drawn(store, at)

        assert first._digest(code) != second._digest(code)
        assert code not in first.code_hash


@pytest.mark.django_db
class CustomerSessionTest:
    def test_opens_with_a_token_of_which_only_the_hash_is_kept(self) -> None:
        store = StoreFactory.create()
        customer = CustomerFactory.create(merchant=store.merchant)
        session, token = CustomerSession.open(store, customer, clock.now())

        assert session.token_hash == digest(token)
        assert session.merchant == store.merchant
        assert str(session) == f"session of {customer.pk}"

    def test_ends_once(self) -> None:
        at = clock.now()
        session = CustomerSessionFactory.create()
        session.end(at)
        session.end(at + timedelta(hours=1))

        assert session.ended_at == at
        assert session.is_open(at) is False
