from dataclasses import replace
from datetime import UTC, datetime

import pytest

from apps.core import clock
from apps.core.http import OutcomeUnknown
from apps.integrations import asking
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.shopify import cards, store_credit
from apps.integrations.shopify.choices import CREDIT_SCOPES
from apps.integrations.shopify.connectors import Connector
from apps.integrations.shopify.journal import AT_WORK, Journal, Promise
from apps.integrations.shopify.tests.asked import euros
from fakes.shops.control import FakeShop

CREDIT = asking.CreditOrder(
    amount=euros("12"), customer_id="5", email="ana@example.com", reference="credit-1"
)
OTHER = replace(CREDIT, reference="credit-2")
SOON = datetime(2027, 5, 1, 12, 30, tzinfo=UTC)


@pytest.fixture
def fake(ready: FakeShop) -> FakeShop:
    """Customer 5 has ordered, and the app may give store credit."""
    ready.order(customer_id="5")
    ready.vendor("scope", granted=sorted(CREDIT_SCOPES))
    return ready


def given(fake: FakeShop) -> list[tuple[int, int]]:
    return [(row["amount"], row["balance"]) for row in fake.rows("credits")]


def journal_of(connector: Connector) -> Journal:
    told = connector.client.read("customer_journal", id="gid://shopify/Customer/5")
    return Journal.of(connector.client, told["customer"])


class GivenTest:
    def test_once_for_each_reference_on_one_account(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        first = connector.create_credit(replace(CREDIT, expires_at=SOON))
        again = connector.create_credit(replace(CREDIT, expires_at=SOON))
        other = connector.create_credit(OTHER)

        assert again == first == replace(other, id=first.id)
        assert (first.amount, first.code, other.id == first.id) == (euros("12"), "", False)
        assert given(fake) == [(1200, 1200), (1200, 1200)]
        assert {row["account"] for row in fake.rows("credits")} == {"5~EUR"}
        assert [row["expires"] for row in fake.rows("credits")] == ["2027-05-01T12:30:00Z", None]

    def test_a_lost_answer_is_found_again(self, fake: FakeShop, connector: Connector) -> None:
        connector.create_credit(OTHER)
        fake.mode("reset_after", effect="credit")
        with pytest.raises(OutcomeUnknown):
            connector.create_credit(CREDIT)
        made = connector.create_credit(CREDIT)

        assert len(fake.effects("credit")) == 2
        assert made.id.endswith(f"/{fake.rows('credits')[1]['id']}")
        assert connector.create_credit(CREDIT) == made

    def test_a_journal_that_was_not_settled_is_settled_by_the_next(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        """Whoever repeats the lost one takes it, though another of the same amount is asked for."""
        connector.create_credit(replace(CREDIT, reference="credit-0"))
        fake.mode("reset_after", effect="credit")
        with pytest.raises(OutcomeUnknown):
            connector.create_credit(CREDIT)
        other, made = connector.create_credit(OTHER), connector.create_credit(CREDIT)

        assert other.id != made.id
        assert len(fake.effects("credit")) == 3

    def test_one_that_may_be_under_way_is_waited_for(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        fake.mode("reset_before", effect="credit")
        for _ in range(2):
            with pytest.raises(OutcomeUnknown):
                connector.create_credit(CREDIT)
        assert given(fake) == []

        with clock.moved(AT_WORK):
            connector.create_credit(CREDIT)
        assert given(fake) == [(1200, 1200)]

    def test_a_refused_one_leaves_nothing_behind(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        fake.mode("refuse", effect="credit")
        with pytest.raises(Declined, match="credit_limit_exceeded"):
            connector.create_credit(CREDIT)
        past = datetime(2020, 1, 1, tzinfo=UTC)
        with pytest.raises(Declined, match="expires_at_in_past"):
            connector.create_credit(replace(CREDIT, expires_at=past))

        assert journal_of(connector).promises == {}
        connector.create_credit(CREDIT)
        assert given(fake) == [(1200, 1200)]

    def test_of_two_workers_one_is_refused(self, fake: FakeShop, connector: Connector) -> None:
        now = clock.now()
        one, other = journal_of(connector), journal_of(connector)
        one.keep("+credit-1", Promise(0, now))

        with pytest.raises(OutcomeUnknown):
            other.keep("+credit-1", Promise(0, now))
        fake.mode("refuse", operation="keep_journal")
        with pytest.raises(Declined):
            journal_of(connector).keep("+credit-2", Promise(0, now))


class CardInsteadTest:
    def test_without_the_scopes_or_a_customer(self, fake: FakeShop, connector: Connector) -> None:
        unknown = connector.create_credit(replace(CREDIT, customer_id="6"))
        guest = connector.create_credit(replace(OTHER, customer_id=""))
        fake.vendor("scope", granted=["write_store_credit_account_transactions"])
        third = connector.create_credit(replace(CREDIT, reference="credit-3"))

        assert [len(each.code) for each in (unknown, guest, third)] == [cards.LENGTH] * 3

    def test_what_began_as_one_stays_one(self, fake: FakeShop, connector: Connector) -> None:
        """Scopes come and go between a call and its repetition."""
        fake.vendor("scope", granted=[])
        card = connector.create_credit(CREDIT)
        fake.vendor("scope", granted=sorted(CREDIT_SCOPES))
        assert connector.create_credit(CREDIT) == card
        connector.create_credit(OTHER)
        fake.vendor("scope", granted=[])

        with pytest.raises(AccessLost):
            connector.create_credit(OTHER)
        assert len(fake.effects("credit")) == 2


class TakenBackTest:
    def test_once_while_it_is_whole(self, fake: FakeShop, connector: Connector) -> None:
        made, other = connector.create_credit(CREDIT), connector.create_credit(OTHER)
        for _ in range(2):
            connector.void_credit(made.id)

        assert given(fake) == [(1200, 0), (1200, 1200)]
        assert len(fake.effects("debited")) == 1
        connector.void_credit(other.id)
        assert given(fake) == [(1200, 0), (1200, 0)]

    def test_a_lost_answer_is_found_again(self, fake: FakeShop, connector: Connector) -> None:
        made = connector.create_credit(CREDIT)
        fake.mode("reset_after", effect="credit")
        with pytest.raises(OutcomeUnknown):
            connector.void_credit(made.id)
        connector.void_credit(made.id)

        assert len(fake.effects("debited")) == 1

    def test_a_spent_one_stays(self, fake: FakeShop, connector: Connector) -> None:
        made = connector.create_credit(CREDIT)
        connector.create_credit(OTHER)
        fake.spend(fake.rows("credits")[0]["id"], 100)

        for _ in range(2):
            with pytest.raises(Declined, match="credit_used"):
                connector.void_credit(made.id)
        assert given(fake) == [(1200, 1100), (1200, 1200)]

    def test_spent_between_the_look_and_the_debit(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        connector.create_credit(CREDIT)
        fake.spend(fake.rows("credits")[0]["id"], 100)
        wanted = store_credit.Wanted("-1", store_credit.DEBIT, euros("12"), "5~EUR", 0)

        with pytest.raises(Declined, match="credit_used"):
            store_credit._debit(connector.client, wanted, euros("12"))
        fake.mode("refuse", effect="credit")
        fewer = replace(wanted, amount=euros("1"))
        with pytest.raises(Declined, match="account_not_found"):
            store_credit._debit(connector.client, fewer, euros("1"))

    def test_what_is_none_of_ours(self, fake: FakeShop, connector: Connector) -> None:
        with pytest.raises(Declined, match="not_found"):
            connector.void_credit(f"gid://shopify/{store_credit.ENTRY}/404")
        by_staff = connector.client.change(
            "credit_account",
            id="gid://shopify/Customer/5",
            input={"creditAmount": {"amount": "3", "currencyCode": "EUR"}},
        )
        with pytest.raises(Declined, match="not_found"):
            connector.void_credit(by_staff["storeCreditAccountTransaction"]["id"])
