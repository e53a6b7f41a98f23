"""What a shop's answers are taken for; the shop is a fake that is told what to say."""

import pytest

from apps.core.http import BadStatus, HttpError, OutcomeUnknown
from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.conftest import StartShop
from apps.integrations.connectors import Declined, NotOffered
from apps.integrations.custom.client import Client, Missing
from apps.integrations.custom.connectors import Connector
from apps.integrations.dtos import RefundOrder
from apps.integrations.payloads import MalformedPayload
from fakes.custom.vendor import CAPABILITIES, PATH, SECRET
from fakes.shops.control import FakeShop

WANTED = RefundOrder(order_id="1", payment_id="p", amount=Money(100, "EUR"), reference="refund:1:0")


@pytest.fixture
def fake(start_shop: StartShop) -> FakeShop:
    return start_shop("fakes.custom")


@pytest.fixture
def client(fake: FakeShop) -> Client:
    return Client(fake.address + PATH, SECRET)


@pytest.fixture
def connector(fake: FakeShop) -> Connector:
    secrets = {
        "url": fake.address + PATH,
        "secret": SECRET,
        "webhook_secret": SECRET,
        "capabilities": ",".join(CAPABILITIES),
    }
    return Connector(
        asking.Shop(store_id="1", domain="shop.example", currency="EUR", secrets=secrets)
    )


class VerdictTest:
    @pytest.mark.parametrize(
        ("status", "code", "expected"),
        [
            (422, "above_maximum", Declined),
            (409, "above_maximum", Declined),
            (404, "not_found", Missing),
            (422, "not_offered", NotOffered),
            (501, "not_offered", NotOffered),
            (404, "", BadStatus),
            (500, "above_maximum", BadStatus),
        ],
    )
    def test_a_no_is_one_only_in_the_words_of_the_contract(
        self, fake: FakeShop, client: Client, status: int, code: str, expected: type[Exception]
    ) -> None:
        fake.mode("refuse", status=status, code=code)

        with pytest.raises(expected) as said:
            client.ask("refund.create", {"order_id": "1"}, "refund:1:0")
        assert type(said.value) is expected

    def test_a_write_is_never_sent_again_by_itself_and_a_read_is(
        self, fake: FakeShop, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("apps.core.http._pause", lambda error, attempt: 0)
        fake.mode("reset_before", times=2)
        assert client.ask("shop.get", {})["name"] == "Casa Ana"
        reads = len(fake.calls())
        fake.mode("reset_before")
        with pytest.raises(OutcomeUnknown):
            client.ask("order.note", {"order_id": "1", "text": "", "tags": []})

        assert (reads, len(fake.calls())) == (3, 4)

    def test_a_page_that_is_no_contract_at_all_is_no_answer(
        self, fake: FakeShop, client: Client
    ) -> None:
        elsewhere = Client(fake.address + "/nowhere", SECRET)
        with pytest.raises(BadStatus):
            elsewhere.ask("order.get", {"order_id": "1"})


class ShapeTest:
    """Each has an answer from which what everybody relies on is missing."""

    @pytest.fixture(autouse=True)
    def _broken(self, fake: FakeShop) -> None:
        fake.order(id="1", tenders=[{"id": "p", "captured": 5000}])
        fake.variant()
        fake.fulfil("1")
        fake.mode("schema_break", times=None)

    def test_of_a_read_is_malformed(self, connector: Connector) -> None:
        question = asking.RefundQuestion(order_id="1", lines=(), currency="EUR")
        for ask in (
            lambda: connector.max_refundable("1", "p"),
            lambda: connector.calculate_refund(question),
            connector.list_variants,
            lambda: connector.fulfilments("1"),
            connector.verify_credentials,
            lambda: connector.register_webhooks("https://x.example"),
        ):
            with pytest.raises(MalformedPayload):
                ask()

    def test_after_an_effect_is_doubt(self, fake: FakeShop, connector: Connector) -> None:
        credit = asking.CreditOrder(
            amount=Money(100, "EUR"), customer_id="", email="", reference="credit:1"
        )
        ret = asking.ReturnOrder(order_id="1", lines=(), reference="return:1")
        for ask in (
            lambda: connector.create_refund(WANTED),
            lambda: connector.create_credit(credit),
            lambda: connector.open_return(ret),
        ):
            with pytest.raises(HttpError):
                ask()
        done = [each["effect"] for each in fake.effects()][-3:]
        assert done == ["refund", "credit", "return"]
