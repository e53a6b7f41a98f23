from typing import Any

import pytest

from apps.api.merchants.forms.filing import QuoteForm
from apps.api.merchants.forms.orders import OrdersPage
from apps.api.merchants.forms.returns import BulkForm, DecisionsForm, ReturnsPage
from apps.api.merchants.forms.settings import MethodForm, ReasonForm, SettingsForm
from apps.core.ids import uuid7
from apps.core.money import Money

LINE = str(uuid7())


class FilingFormsTest:
    def test_units_with_what_is_left_out(self) -> None:
        judged = QuoteForm(data={"units": [{"line": LINE, "quantity": 1}]}).judged()

        assert (judged.method, judged.parcels) == ("", 1)
        assert (judged.units[0].wish, judged.units[0].fallback) == ("refund", "refund")

    @pytest.mark.parametrize(
        "unit",
        [
            {"quantity": 0},
            {"quantity": "1"},
            {"wish": "exchange"},
            {"variant_id": "v"},
            {"wish": "gift"},
            {"comment": "x" * 1001},
            {"price": "1.00"},
        ],
    )
    def test_bad_units(self, unit: dict[str, Any]) -> None:
        assert not QuoteForm(data={"units": [{"line": LINE, "quantity": 1, **unit}]}).is_valid()

    @pytest.mark.parametrize("parcels", [0, 21, "1"])
    def test_parcels(self, parcels: Any) -> None:
        form = QuoteForm(data={"units": [{"line": LINE, "quantity": 1}], "parcels": parcels})

        assert not form.is_valid()
        assert set(form.errors) == {"parcels"}


class DecisionFormsTest:
    def test_a_rejection_needs_a_reason(self) -> None:
        body = {"units": [{"line": LINE, "outcome": "rejected"}]}
        form = DecisionsForm(data=body)

        assert not form.is_valid()
        assert form.errors["units"][0]["reason"][0].code == "reason_required"

    def test_a_bulk_names_each_return_once(self) -> None:
        assert BulkForm(data={"action": "accept", "returns": [LINE]}).is_valid()
        assert not BulkForm(data={"action": "accept", "returns": [LINE, LINE]}).is_valid()
        assert not BulkForm(data={"action": "delete", "returns": [LINE]}).is_valid()


class SettingsFormsTest:
    def test_sums_become_minor_units_of_one_currency(self) -> None:
        body = {"bonus_flat": {"amount": "3.00", "currency": "EUR"}, "auto_approve": False}
        judged = SettingsForm(data=body).judged()

        assert judged.values == {"bonus_flat_minor": 300, "auto_approve": False}
        assert judged.currencies == {"EUR"}

    def test_a_parent_is_apart_from_the_columns(self) -> None:
        body = {"code": "broken", "labels": {"en": "Broken"}, "parent": "damaged"}
        judged = ReasonForm(data=body).judged()

        assert judged.parent == "damaged"
        assert judged.values == {"code": "broken", "labels": {"en": "Broken"}}

    def test_prices_left_out_are_none_and_an_empty_list_is_empty(self) -> None:
        body = {"code": "post", "type": "own_label"}

        assert MethodForm(data=body).judged().prices is None
        assert MethodForm(data={**body, "prices": []}).judged().prices == ()

    def test_prices_are_money(self) -> None:
        price = {"regions": ["ES-07"], "price": {"amount": "2.95", "currency": "EUR"}}
        body = {"code": "post", "type": "own_label", "prices": [price]}
        (judged,) = MethodForm(data=body).judged().prices or ()

        assert (judged.price, judged.regions) == (Money.of("2.95", "EUR"), ("ES-07",))


class ListFormsTest:
    @pytest.mark.parametrize("query", [{"is_open": "maybe"}, {"order": "x"}, {"status": "lost"}])
    def test_filters_of_returns(self, query: dict[str, str]) -> None:
        assert not ReturnsPage(data=query).is_valid()

    def test_filters_of_orders(self) -> None:
        assert OrdersPage(data={"q": "#1001", "country": "ES"}).judged().country == "ES"
        assert not OrdersPage(data={"placed_from": "2026-03-02"}).is_valid()
