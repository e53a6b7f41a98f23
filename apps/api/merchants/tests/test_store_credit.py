from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta

import pytest

from apps.accounts.models import Merchant
from apps.accounts.tests.factories import StoreFactory
from apps.api.merchants.tests.desk import at_most, owner_of, seat_at
from apps.core import clock
from apps.core.ids import uuid7
from apps.payments import services
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.tests.factories import AcceptedReturnFactory, StoreCreditAccountFactory

pytestmark = pytest.mark.django_db
AT = clock.now()


def _accounts() -> Merchant:
    ret = AcceptedReturnFactory.create(refund_method="store_credit")
    services.refund_return(ret.pk, AT)
    others = {"store": ret.store, "issued_minor": 0, "movement": None}
    StoreCreditAccountFactory.create(code_hash="v", code_hint="VVVV", voided_at=AT, **others)
    past = AT - timedelta(days=1)
    StoreCreditAccountFactory.create(code_hash="e", code_hint="EEEE", expires_at=past, **others)
    StoreCreditAccountFactory.create(store=StoreFactory.create())
    merchant: Merchant = ret.merchant
    return merchant


@pytest.fixture(scope="class")
def accounts(built_once: Callable[[Callable[[], Merchant]], Merchant]) -> Merchant:
    return built_once(_accounts)


@pytest.fixture
def merchant(accounts: Merchant) -> Merchant:
    """One account that is open, one voided, one run out; and one of another merchant."""
    return deepcopy(accounts)


class StoreCreditTest:
    def test_codes_are_masked(self, merchant: Merchant) -> None:
        with at_most(1):
            shown = owner_of(merchant).get("/v1/store-credit").json()["data"]

        assert [(each["code"], each["state"]) for each in shown[:2]] == [
            ("****-****-****-EEEE", "expired"),
            ("****-****-****-VVVV", "voided"),
        ]
        account = StoreCreditAccount.objects.get(ret__isnull=False)
        assert shown[2]["code"] == f"****-****-****-{account.reveal()[-4:]}"
        assert shown[2]["balance"] == {"amount": "100.00", "currency": "EUR"}
        assert account.ret is not None
        assert shown[2]["return"] == {"id": str(account.ret_id), "number": account.ret.number}
        assert account.reveal() not in str(shown)

    @pytest.mark.parametrize("state", ["open", "voided", "expired"])
    def test_filters_by_state(self, merchant: Merchant, state: str) -> None:
        shown = owner_of(merchant).get("/v1/store-credit", {"state": state}).json()["data"]

        assert [each["state"] for each in shown] == [state]

    def test_filters_by_store_and_return(self, merchant: Merchant) -> None:
        desk = owner_of(merchant)
        account = StoreCreditAccount.objects.get(ret__isnull=False)
        assert account.ret is not None
        of_return = desk.get("/v1/store-credit", {"return_number": account.ret.number}).json()
        of_store = desk.get("/v1/store-credit", {"store": account.store.slug}).json()

        assert [each["id"] for each in of_return["data"]] == [str(account.pk)]
        assert len(of_store["data"]) == 3

    def test_detail_tells_its_movements(self, merchant: Merchant) -> None:
        account = StoreCreditAccount.objects.get(ret__isnull=False)
        # The door, the account with what it is about, the movements.
        with at_most(3):
            shown = owner_of(merchant).get(f"/v1/store-credit/{account.pk}").json()

        assert [(each["kind"], each["amount"]["amount"]) for each in shown["movements"]] == [
            ("issue", "100.00")
        ]

    def test_foreign_and_missing_are_the_same_404(self, merchant: Merchant) -> None:
        desk = owner_of(merchant)
        foreign = StoreCreditAccount.objects.exclude(merchant=merchant).get()

        answers = [desk.get(f"/v1/store-credit/{pk}") for pk in (foreign.pk, uuid7())]

        assert [each.status_code for each in answers] == [404, 404]
        bodies = [each.json() | {"request_id": ""} for each in answers]
        assert bodies[0] == bodies[1]

    def test_is_for_who_may_read_money(self, merchant: Merchant) -> None:
        assert seat_at(merchant, editor=True).get("/v1/store-credit").status_code == 200
        assert seat_at(merchant).get("/v1/store-credit").status_code == 403
