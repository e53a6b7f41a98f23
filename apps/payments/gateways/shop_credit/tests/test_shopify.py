"""A return paid at a Shopify shop from end to end, and one at a shop that gives no credit."""

import os
from datetime import timedelta

import pytest
from pytest_django import Settings

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.core.money import Money
from apps.integrations.choices import Capability
from apps.integrations.conftest import StartShop
from apps.integrations.connecting import connector_of
from apps.integrations.shopify import bucket
from apps.integrations.shopify.choices import CREDIT_SCOPES
from apps.orders.models import Return
from apps.orders.tests import instant as at_once
from apps.orders.tests.instant import instant, instant_order
from apps.orders.tests.journeys import CREDIT
from apps.payments import choices, services
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.models import Payment
from apps.payments.modules.ledger import services as ledger
from apps.payments.services.unwinding import AdvanceSpent
from apps.payments.tests.factories import AcceptedReturnFactory
from apps.payments.tests.shops import read, standing
from fakes.shopify import schema
from fakes.shopify.oauth import CLIENT, SECRET, permanent
from fakes.shops.control import FakeShop

pytestmark = pytest.mark.django_db
Gateway, Status = choices.Payment.Gateway, choices.Payment.Status
DOMAIN = "main.myshopify.com"
LATE = timedelta(hours=3)


@pytest.fixture
def shop(settings: Settings, start_shop: StartShop, monkeypatch: pytest.MonkeyPatch) -> FakeShop:
    """Customer 5 has ordered there, and the app may give store credit."""
    try:
        schema.fetched()
    except schema.SchemaMissing as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no schema of Shopify: {missing}")
    monkeypatch.setattr("apps.core.http._pause", lambda error, attempt: 0)
    fake = start_shop("fakes.shopify")
    fake.vendor("points", level=1_000_000, most=1_000_000, rate=1_000_000)
    bucket.client(settings.LIMITER_URL).delete(f"{bucket.PREFIX}{DOMAIN}")
    settings.SHOPIFY_API_BASE = f"{fake.address}/{{shop}}"
    settings.SHOPIFY_CLIENT_ID = CLIENT
    settings.SHOPIFY_CLIENT_SECRETS = (SECRET,)
    fake.order(customer_id="5")
    fake.vendor("scope", granted=sorted(CREDIT_SCOPES))
    return fake


def advanced(shop: FakeShop) -> tuple[Return, Payment]:
    """65.05 are promised to customer 5."""
    at_once.steps(("pay_now", 100))
    order = instant_order(customer__external_id="5")
    order.store.connect("shopify", DOMAIN, {"access_token": permanent(shop.shop)})
    ret = instant(order, by=CREDIT)
    (part,) = at_once.advance_of(ret).parts.released()
    (payment,) = services.promise_advance(part.pk, clock.now())
    return ret, payment


class ShopifyCreditTest:
    def test_a_lost_answer_one_credit_on_the_account_and_back(self, shop: FakeShop) -> None:
        ret, payment = advanced(shop)
        shop.mode("reset_after", effect="credit")
        services.send_payment(payment.pk, clock.now())
        assert read(payment).status == Status.UNKNOWN

        services.resolve_payment(payment.pk, clock.now() + LATE)

        given = read(payment)
        (row,) = shop.rows("credits")
        assert (given.status, given.holder_id, given.reveal()) == (Status.SUCCEEDED, "5", "")
        assert given.credit_id.endswith(f"/{row['id']}")
        assert (row["account"], standing(shop)) == ("5~EUR", [(6505, 6505)])
        owed = ledger.balances(ret.merchant)["shop_credit_liability", "EUR"]
        assert owed == Money(standing(shop)[0][1], "EUR")

        services.unwind_return(ret, "Ordered twice", clock.now())

        assert (ret.status, standing(shop)[0][1]) == ("cancelled", 0)
        assert not ledger.balances(ret.merchant)["shop_credit_liability", "EUR"]
        assert len(shop.effects("credit")) == 1

    def test_spent_it_stays(self, shop: FakeShop) -> None:
        ret, payment = advanced(shop)
        services.send_payment(payment.pk, clock.now())
        shop.spend(shop.rows("credits")[0]["id"], 1)

        with pytest.raises(AdvanceSpent):
            services.unwind_return(ret, "", clock.now())

        assert (ret.status, standing(shop)) == ("in_progress", [(6505, 6504)])


class NoCreditThereTest:
    def test_it_stands_here_and_the_connection_says_why(self) -> None:
        store: Store = StoreFactory.create(platform="sfcc", domain="shop.example")
        store.seal_credentials({"short_code": "kv7kzm78", "organization_id": "f_ecom_zzte_053"})
        ret = AcceptedReturnFactory.create(order__store=store, refund_method="store_credit")

        (payment,) = services.refund_return(ret.pk, clock.now())

        assert payment.gateway == Gateway.STORE_CREDIT
        assert StoreCreditAccount.objects.get().balance == Money(10_000, "EUR")
        connector = connector_of(store)
        assert connector is not None
        assert "Gift certificates" in connector.why(Capability.CREDIT)
