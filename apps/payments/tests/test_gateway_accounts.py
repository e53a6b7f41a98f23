"""How accounts at vendors are connected, and which one gives a payment back."""

import io
import json
import sys
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from apps.accounts.tests.factories import MerchantFactory, StoreFactory
from apps.orders.models import Return
from apps.payments import choices, services
from apps.payments.gateways.base import VendorRefund
from apps.payments.helpers import vendor_of
from apps.payments.models import GatewayAccount
from apps.payments.refusals import NotPaidThere
from apps.payments.services.vendors import CredentialsRefused, GatewayConnection
from apps.payments.tests.contract import AT
from apps.payments.tests.factories import (
    AcceptedReturnFactory,
    GatewayAccountFactory,
    ManualRefundFactory,
    MollieRefundFactory,
    credentials_of,
)
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db


def paid_there(gateway: str, external_id: str = "tr_7UhSN1zuXS") -> Return:
    ret: Return = AcceptedReturnFactory.create(refund_method="original")
    tender = ret.order.tenders.get()
    tender.gateway, tender.external_id = gateway, external_id
    tender.save(update_fields=["gateway", "external_id"])
    return ret


class RoutingTest:
    @pytest.mark.parametrize("gateway", ["paypal", "adyen", "mollie"])
    def test_goes_back_to_where_it_was_paid(self, gateway: str) -> None:
        ret = paid_there(gateway.title())
        account = GatewayAccountFactory.create(merchant=ret.merchant, gateway=gateway)

        (refund,) = services.promise_refund(ret.pk, AT)

        assert isinstance(refund, VendorRefund)
        assert (refund.gateway, refund.environment) == (gateway, "test")
        assert (refund.gateway_account, refund.paid_by) == (account, "tr_7UhSN1zuXS")

    def test_by_hand_without_an_account_there(self) -> None:
        ret = paid_there("paypal")
        GatewayAccountFactory.create(merchant=ret.merchant, gateway="mollie")

        (refund,) = services.promise_refund(ret.pk, AT)

        assert refund.gateway == choices.Payment.Gateway.MANUAL

    def test_account_of_the_store_goes_before_the_shared_one(self) -> None:
        ret = paid_there("adyen")
        facts = {"merchant": ret.merchant, "gateway": "adyen"}
        GatewayAccountFactory.create(**facts)
        own = GatewayAccountFactory.create(store=ret.store, **facts)
        GatewayAccountFactory.create(store=StoreFactory.create(merchant=ret.merchant), **facts)

        (refund,) = services.promise_refund(ret.pk, AT)

        assert isinstance(refund, VendorRefund)
        assert refund.gateway_account == own

    def test_cannot_be_chosen_for_what_was_not_paid_there(self) -> None:
        refund = ManualRefundFactory.create(status="failed")

        with pytest.raises(NotPaidThere):
            services.pay_another_way(refund.pk, choices.Payment.Gateway.PAYPAL, AT)

    @pytest.mark.parametrize(
        ("gateway", "id_", "vendor"),
        [
            ("Stripe", "pi_1", "stripe"),
            ("stripe", "payment-1", ""),
            ("PayPal", "3C679366HH908993F", "paypal"),
            ("mollie", "tr_1", "mollie"),
            ("mollie", "ord_1", ""),
            ("adyen", "", ""),
            ("bogus", "pi_1", ""),
        ],
    )
    def test_vendor_of_a_payment(self, gateway: str, id_: str, vendor: str) -> None:
        assert vendor_of(gateway, id_) == vendor


class OwnMerchantTest:
    def test_another_merchants_account_is_refused_by_sql(
        self, check_deferred: Callable[[], None]
    ) -> None:
        refund = MollieRefundFactory.create()
        check_deferred()
        refund.gateway_account = GatewayAccountFactory.create(gateway="mollie")
        refund.save(update_fields=["gateway_account"])
        with pytest.raises(IntegrityError, match="its own merchant"):
            check_deferred()

    def test_one_account_in_use_for_each_store_and_gateway(self) -> None:
        account = GatewayAccountFactory.create()
        GatewayAccountFactory.create(merchant=account.merchant, gateway="adyen")

        with pytest.raises(IntegrityError, match="one_active"), transaction.atomic():
            GatewayAccountFactory.create(merchant=account.merchant)


class ConnectTest:
    @pytest.mark.parametrize("gateway", ["paypal", "adyen", "mollie"])
    def test_takes_the_place_of_the_one_before(
        self, fake_of: Callable[[str], Psp], gateway: str
    ) -> None:
        fake_of(gateway)
        before = GatewayAccountFactory.create(gateway=gateway)
        asked = GatewayConnection(
            merchant=before.merchant,
            gateway=gateway,
            environment="test",
            credentials=credentials_of(gateway, "shop"),
        )
        account = services.connect_gateway(asked)

        before.refresh_from_db()
        assert (before.is_active, account.is_active) == (False, True)
        assert account.opened() == credentials_of(gateway, "shop")
        known = {"paypal": "shop", "adyen": "ShopECOM", "mollie": "pfl_fake"}
        assert account.account_id == known[gateway]

    @pytest.mark.parametrize(
        "credentials", [{}, {"api_key": "nothing"}, {"client_id": "x", "secret": "y"}]
    )
    @pytest.mark.parametrize("gateway", ["paypal", "mollie"])
    def test_credentials_that_do_not_open_it_are_refused(
        self, fake_of: Callable[[str], Psp], gateway: str, credentials: dict[str, str]
    ) -> None:
        fake_of(gateway)
        asked = GatewayConnection(
            merchant=MerchantFactory.create(),
            gateway=gateway,
            environment="live",
            credentials=credentials,
        )
        with pytest.raises(CredentialsRefused):
            services.connect_gateway(asked)
        assert not GatewayAccount.objects.exists()


class CommandTest:
    def call(self, monkeypatch: pytest.MonkeyPatch, given: str, *arguments: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        out = io.StringIO()
        call_command("connect_gateway", *arguments, stdout=out)
        return out.getvalue()

    def test_connects_and_lets_speak(
        self, monkeypatch: pytest.MonkeyPatch, fake_of: Callable[[str], Psp]
    ) -> None:
        fake_of("mollie")
        store = StoreFactory.create()
        slug = store.merchant.slug
        given = json.dumps(credentials_of("mollie", "shop"))
        said = self.call(monkeypatch, given, "mollie", slug, "--store", store.slug, "--test")
        account = GatewayAccount.objects.get()
        self.call(monkeypatch, "one\ntwo\nthree", "mollie", slug, "--webhook", str(account.pk))

        account.refresh_from_db()
        assert f"/v1/gateways/mollie/{account.pk}" in said
        assert (account.store, account.environment) == (store, "test")
        assert account.secrets() == ["one", "two"]

    @pytest.mark.parametrize("given", ["", "[]", "{}"])
    def test_refuses(
        self, monkeypatch: pytest.MonkeyPatch, fake_of: Callable[[str], Psp], given: str
    ) -> None:
        fake_of("mollie")
        slug = MerchantFactory.create().slug
        with pytest.raises(CommandError):
            self.call(monkeypatch, given, "mollie", slug)
        with pytest.raises(CommandError):
            self.call(monkeypatch, given, "mollie", "nobody")

    def test_catches_up_to_a_time(self) -> None:
        account = GatewayAccountFactory.create()
        account.catch_up_to(AT)

        assert (str(account), account.caught_up_to) == ("paypal ShopECOM", AT)
