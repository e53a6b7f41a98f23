"""Each connector here does one thing wrong; the contract has to find it."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.models import Store
from apps.integrations.conftest import Heard
from apps.integrations.connectors import AbstractConnector
from apps.integrations.custom.connectors import Connector
from apps.integrations.custom.tests import test_contract as honest
from apps.integrations.tests import sabotaged
from apps.integrations.tests.contract_base import Contract
from fakes.shops.control import FakeShop
from fakes.shops.figures import Row

# `pytest.raises` says that nothing was raised by an outcome of its own, which is no Exception.
FOUND = (AssertionError, pytest.fail.Exception)
STALE = "an_edited_order_is_newer_and_not_worked_out_from_its_stale_discounts"
CONTROLS: list[tuple[type[Connector], str]] = [
    (sabotaged.ForgetsReferences, "twice_under_one_reference_is_one"),
    (sabotaged.ForgetsReferences, "a_return_is_opened_once_and_closed"),
    (sabotaged.ForgetsReferences, "an_exchange_is_placed_once_and_takes_its_goods"),
    (sabotaged.ForgetsReferences, "goods_come_back_once_for_each_reference"),
    (sabotaged.ForgetsReferences, "credit_is_given_once_and_taken_away"),
    (sabotaged.OneReferenceForAll, "two_references_are_two"),
    (sabotaged.PaysWhatUnitsCost, "the_amount_counts_and_not_what_the_units_cost"),
    (sabotaged.DropsDiscounts, "an_order_comes_as_the_shop_keeps_it"),
    (sabotaged.WorksTotalsOut, STALE),
    (sabotaged.MissesRefunds, "what_the_shop_refunded_itself_is_seen"),
    (sabotaged.MissesRefunds, "the_most_is_what_was_paid_and_is_not_back_yet"),
    (sabotaged.TakesOutagesForNothing, "an_outage_is_not_taken_for_an_order_that_is_missing"),
    (sabotaged.TakesOutagesForNothing, "a_page_of_maintenance_is_no_order_and_not_none"),
    (sabotaged.TakesOutagesForNothing, "a_list_of_another_schema_is_not_an_empty_one"),
    (sabotaged.TakesOutagesForNothing, "credentials_that_open_nothing_any_more_are_told_apart"),
    (sabotaged.StopsAfterOnePage, "pages_are_whole_although_orders_change_meanwhile"),
    (sabotaged.StopsAfterOnePage, "variants_come_page_by_page_with_their_stock"),
    (sabotaged.LosesUnreadable, "an_order_that_cannot_be_read_is_named_and_the_others_come"),
    (sabotaged.SwallowsRefusals, "an_order_that_was_sent_is_not_cancelled"),
    (sabotaged.SwallowsRefusals, "credit_of_which_some_is_spent_stays"),
    (sabotaged.SwallowsRefusals, "goods_are_held_while_there_are_any"),
    (sabotaged.PromisesTooMuch, "what_it_cannot_do_is_not_offered_and_says_why"),
    (sabotaged.RegistersAgain, "one_that_was_switched_off_is_seen_and_switched_on"),
]  # fmt: skip


class ContractControlTest(Contract):
    """The tests of the contract, played with a wrong connector; the honest one passes them all."""

    __test__ = True
    fake_module = honest.CustomContractTest.fake_module
    grant = honest.CustomContractTest.grant
    connector_class = Connector

    def run(self, name: str, given: dict[str, Any]) -> None:
        test: Callable[..., None] = getattr(honest.CustomContractTest(), f"test_{name}")
        test(**{each: given[each] for each in inspect.signature(test).parameters})

    @pytest.mark.parametrize(("kind", "name"), CONTROLS)
    def test_a_connector_that_does_it_wrong_is_found(
        self,
        kind: type[Connector],
        name: str,
        fake: FakeShop,
        connector: AbstractConnector,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        wrong = kind(connector.shop)
        order = fake.order(shipping=[{"total": 500}])
        given = {"fake": fake, "connector": wrong, "order": order, "monkeypatch": monkeypatch}

        with pytest.raises(FOUND):
            self.run(name, given)

    def test_one_that_sends_again_blindly_is_found(
        self, fake: FakeShop, connector: AbstractConnector, order: Row
    ) -> None:
        wrong = sabotaged.SendsAgainBlindly(connector.shop)
        given = {"fake": fake, "connector": wrong, "order": order, "fault": "reset_after"}

        with pytest.raises(FOUND):
            self.run("made_and_not_heard_of_is_found_again", given)

    def test_a_check_of_webhooks_that_believes_everything_is_found(
        self, fake: FakeShop, hooks_heard: Heard, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("apps.integrations.signing.is_signed", lambda *given: True)
        fake.hooks_via(hooks_heard.address)
        store: Store = inspect.unwrap(honest.CustomContractTest.store)(
            honest.CustomContractTest(), fake, None
        )
        given = {"fake": fake, "heard": hooks_heard, "store": store}

        for name in (
            "one_that_somebody_else_signed_is_refused",
            "one_whose_body_was_changed_is_refused",
            "one_from_an_hour_ago_is_refused",
            "one_for_another_store_is_refused",
        ):
            with pytest.raises(FOUND):
                self.run(name, given)
