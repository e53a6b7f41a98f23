"""Whose account gives a payment back, and how one is connected."""

import io
import sys
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from apps.accounts.models import Merchant
from apps.accounts.tests.factories import MerchantFactory, StoreFactory
from apps.core import clock
from apps.orders.models import Return
from apps.payments import choices, services
from apps.payments.gateways.stripe.models import NotPaidByStripe, StripeAccount, StripeRefund
from apps.payments.gateways.stripe.tests.conftest import KEY
from apps.payments.services.stripe import KeyRefused, StripeConnection
from apps.payments.tests.factories import (
    AcceptedReturnFactory,
    ManualRefundFactory,
    StripeAccountFactory,
    StripeRefundFactory,
)
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db
AT = clock.now()


def paid_by_stripe(psp: Psp, **facts: object) -> Return:
    """100.00 EUR accepted, paid by a card that Stripe charged."""
    ret: Return = AcceptedReturnFactory.create(refund_method="original", **facts)
    tender = ret.order.tenders.get()
    tender.external_id = f"pi_{tender.pk.hex}"
    tender.save(update_fields=["external_id"])
    psp.capture(KEY, 10_000, id=tender.external_id)
    return ret


class OwnMerchantTest:
    def test_another_merchants_account_is_refused_by_sql(
        self, check_deferred: Callable[[], None]
    ) -> None:
        refund = StripeRefundFactory.create()
        check_deferred()
        refund.stripe_account = StripeAccountFactory.create()
        refund.save(update_fields=["stripe_account"])
        with pytest.raises(IntegrityError, match="its own merchant"):
            check_deferred()


class RoutingTest:
    def test_card_goes_back_to_its_charge(self, psp: Psp) -> None:
        ret = paid_by_stripe(psp)
        account = StripeAccountFactory.create(merchant=ret.merchant)

        (refund,) = services.refund_return(ret.pk, AT)

        assert isinstance(refund, StripeRefund)
        assert (refund.status, f"{refund.amount}") == ("succeeded", "100.00 EUR")
        assert (refund.stripe_account, refund.environment) == (account, "test")
        (effect,) = psp.effects(refund.idempotency_key)
        assert effect["metadata"] == {
            "reference": f"refund:{refund.pk}:1",
            "payment": str(refund.pk),
            "return": str(ret.pk),
            "store": str(ret.store_id),
        }

    def test_by_hand_without_an_account(self, psp: Psp) -> None:
        (refund,) = services.promise_refund(paid_by_stripe(psp).pk, AT)

        assert refund.gateway == choices.Payment.Gateway.MANUAL

    def test_by_hand_what_stripe_did_not_charge(self, psp: Psp) -> None:
        ret = AcceptedReturnFactory.create(refund_method="original")
        StripeAccountFactory.create(merchant=ret.merchant)

        (refund,) = services.promise_refund(ret.pk, AT)

        assert refund.gateway == choices.Payment.Gateway.MANUAL

    def test_account_of_the_store_goes_before_the_shared_one(self, psp: Psp) -> None:
        ret = paid_by_stripe(psp)
        StripeAccountFactory.create(merchant=ret.merchant)
        own = StripeAccountFactory.create(merchant=ret.merchant, store=ret.store)
        other = StoreFactory.create(merchant=ret.merchant)
        StripeAccountFactory.create(merchant=ret.merchant, store=other)

        (refund,) = services.promise_refund(ret.pk, AT)

        assert isinstance(refund, StripeRefund)
        assert refund.stripe_account == own

    def test_cannot_be_chosen_for_what_stripe_did_not_charge(self) -> None:
        refund = ManualRefundFactory.create(status="failed")

        with pytest.raises(NotPaidByStripe):
            services.pay_another_way(refund.pk, choices.Payment.Gateway.STRIPE, AT)


class RowTest:
    def test_one_active_account_for_a_store(self) -> None:
        account = StripeAccountFactory.create()
        with pytest.raises(IntegrityError), transaction.atomic():
            StripeAccountFactory.create(merchant=account.merchant)
        account.close()

        again = StripeAccountFactory.create(merchant=account.merchant)
        assert again.is_active
        assert str(again) == again.account_id

    def test_secrets_do_not_show(self) -> None:
        account = StripeAccountFactory.create()

        assert KEY not in repr(account.__dict__)
        assert account.secrets() == ["whsec_shop"]


class ConnectTest:
    def connect(self, key: str = KEY) -> StripeAccount:
        return services.connect_stripe(StripeConnection(MerchantFactory.create(), key))

    def test_tries_the_key(self, psp: Psp) -> None:
        account = self.connect()

        assert account.account_id.startswith("acct_")
        assert (account.environment, account.is_active) == ("test", True)
        assert account.client().account_id() == account.account_id

    def test_takes_the_place_of_the_one_before(self, psp: Psp) -> None:
        before = StripeAccountFactory.create()

        services.connect_stripe(StripeConnection(before.merchant, "rk_live_2"))

        rows = StripeAccount.objects.for_merchant(before.merchant).order_by("id")
        assert [(row.is_active, row.environment) for row in rows] == [
            (False, "test"),
            (True, "live"),
        ]

    @pytest.mark.parametrize("key", ["", "sk_test_", "pk_test_1", "sk_prod_1", " sk_test_1"])
    def test_is_no_secret_key(self, key: str) -> None:
        with pytest.raises(KeyRefused):
            self.connect(key)

    def test_is_refused_by_stripe(self, psp: Psp) -> None:
        psp.mode("refuse", status=401, match={"method": "GET"})

        with pytest.raises(KeyRefused):
            self.connect()


class CommandTest:
    def run(self, monkeypatch: pytest.MonkeyPatch, secrets: str, *args: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(secrets))
        out = io.StringIO()
        call_command("connect_stripe", *args, stdout=out)
        return out.getvalue()

    @pytest.fixture
    def merchant(self) -> Merchant:
        return MerchantFactory.create(slug="shoes")

    def test_connects_and_then_hears(
        self, psp: Psp, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = StoreFactory.create(merchant=merchant, slug="shoes-es")
        told = self.run(monkeypatch, f"{KEY}\n", "shoes", "--store", "shoes-es")
        account = StripeAccount.objects.get()
        again = self.run(monkeypatch, "whsec_1\nwhsec_2", "shoes", "--webhook", str(account.pk))

        account.refresh_from_db()
        assert f"/v1/gateways/stripe/{account.pk}" in told
        assert "heard" in again
        assert KEY not in told
        assert (account.store, account.secrets()) == (store, ["whsec_1", "whsec_2"])

    @pytest.mark.parametrize(
        ("secrets", "args"),
        [
            ("", ("shoes",)),
            (KEY, ("nobody",)),
            (KEY, ("shoes", "--store", "of-nobody")),
            ("whsec", ("shoes", "--webhook", "018f0000-0000-7000-8000-000000000000")),
            ("pk_test_1", ("shoes",)),
        ],
    )
    def test_refuses(
        self,
        merchant: Merchant,
        monkeypatch: pytest.MonkeyPatch,
        secrets: str,
        args: tuple[str, ...],
    ) -> None:
        with pytest.raises(CommandError):
            self.run(monkeypatch, secrets, *args)

        assert not StripeAccount.objects.exists()
