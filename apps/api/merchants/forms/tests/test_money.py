"""What the desk's money forms take and what they refuse; no row is read."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from apps.api.common.forms import Form
from apps.api.merchants.forms.ledger import AccountsPage, EntriesPage, StatementForm
from apps.api.merchants.forms.payouts import BankWordForm, NewBatchForm, PayoutsPage
from apps.api.merchants.forms.refunds import (
    ByHand,
    ByHandForm,
    CallOffForm,
    ConfirmationForm,
    CreditsPage,
    OtherWayForm,
    RefundsPage,
)
from apps.core.money import Money

ID = "01a2144e-efb0-75ed-8f35-36db49f308df"
JULY = "from=2026-07-01T00:00:00Z&to=2026-08-01T00:00:00Z"


def refused(form: type[Form[Any]], data: Any) -> set[str]:
    """The names of the fields that were refused."""
    with pytest.raises(ValidationError) as error:
        form(data=data).judged()
    assert isinstance(error.value.detail, dict)
    return set(error.value.detail)


class NewBatchFormTest:
    def test_without_anything_takes_all(self) -> None:
        batch = NewBatchForm(data={}).judged()

        assert (batch.currency, batch.payments) == ("EUR", None)

    def test_takes_ids(self) -> None:
        assert NewBatchForm(data={"payments": [ID]}).judged().payments == (UUID(ID),)

    @pytest.mark.parametrize(
        ("data", "names"),
        [
            ({"currency": "USD"}, {"currency"}),
            ({"payments": []}, {"payments"}),
            ({"payments": [ID] * 1001}, {"payments"}),
            ({"payments": ["1"]}, {"payments"}),
            ({"total": "1.00", "status": "approved"}, {"total", "status"}),
        ],
    )
    def test_refuses(self, data: Any, names: set[str]) -> None:
        assert refused(NewBatchForm, data) == names


class BankWordFormTest:
    @pytest.mark.parametrize("data", [{}, {"code": ""}, {"code": 4}, {"code": "x" * 61}])
    def test_needs_a_code(self, data: Any) -> None:
        assert refused(BankWordForm, data) == {"code"}


class PeriodTest:
    def test_first_moment_and_last(self) -> None:
        period = StatementForm(data=QueryDict(JULY)).judged()

        assert period.since == datetime(2026, 7, 1, tzinfo=UTC)
        assert period.until == datetime(2026, 8, 1, tzinfo=UTC)

    @pytest.mark.parametrize("form", [StatementForm, EntriesPage])
    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("", {"from", "to"}),
            ("from=2026-07-01&to=2026-08-01", {"from", "to"}),
            ("from=2026-08-01T00:00:00Z&to=2026-07-01T00:00:00Z", {"to"}),
            ("from=2026-07-01T00:00:00Z&to=2026-07-01T00:00:00Z", {"to"}),
            ("from=2025-07-01T00:00:00Z&to=2026-07-02T00:00:01Z", {"to"}),
            (f"{JULY}&from=2026-07-02T00:00:00Z", {"from"}),
            (f"{JULY}&merchant={ID}", {"merchant"}),
        ],
    )
    def test_refuses(self, form: type[Form[Any]], query: str, names: set[str]) -> None:
        assert refused(form, QueryDict(query)) == names

    def test_366_days_are_taken(self) -> None:
        query = QueryDict("from=2025-07-01T00:00:00Z&to=2026-07-02T00:00:00Z")

        assert StatementForm(data=query).judged().until.day == 2

    def test_entries_are_filtered_by_names_that_exist(self) -> None:
        filters = EntriesPage(data=QueryDict(f"{JULY}&account=bank&currency=EUR")).judged()

        assert (filters.account, filters.currency) == ("bank", "EUR")
        wrong = QueryDict(f"{JULY}&account=till&currency=EURO")
        assert refused(EntriesPage, wrong) == {"account", "currency"}


class PagesTest:
    @pytest.mark.parametrize(
        ("form", "query", "names"),
        [
            (PayoutsPage, "status=sent", {"status"}),
            (AccountsPage, "ordering=balance", {"ordering"}),
            (RefundsPage, "gateway=cheque&purpose=x", {"gateway", "purpose"}),
            (RefundsPage, f"return_number={'R' * 21}", {"return_number"}),
            (CreditsPage, "state=spent", {"state"}),
            (CreditsPage, "limit=101&code=ABCD", {"limit", "code"}),
        ],
    )
    def test_refuse(self, form: type[Form[Any]], query: str, names: set[str]) -> None:
        assert refused(form, QueryDict(query)) == names


class ByHandFormTest:
    def test_amount_is_optional(self) -> None:
        assert ByHandForm(data={"reference": "TPV-881"}).judged() == ByHand("TPV-881")

    def test_amount_is_exact(self) -> None:
        amount = {"amount": "12.50", "currency": "EUR"}
        judged = ByHandForm(
            data={"reference": "TPV-881", "amount": amount, "payment": ID, "note": "a\nb"}
        ).judged()

        assert judged == ByHand("TPV-881", "a\nb", Money(1250, "EUR"), UUID(ID))

    @pytest.mark.parametrize(
        ("data", "names"),
        [
            ({}, {"reference"}),
            ({"reference": ""}, {"reference"}),
            ({"reference": "a\nb"}, {"reference"}),
            ({"reference": "x", "amount": {"amount": "0.00", "currency": "EUR"}}, {"amount"}),
            ({"reference": "x", "amount": {"amount": "1.5", "currency": "EUR"}}, {"amount"}),
            ({"reference": "x", "amount": 1}, {"amount"}),
            ({"reference": "x", "needs_second_person": False}, {"needs_second_person"}),
        ],
    )
    def test_refuses(self, data: Any, names: set[str]) -> None:
        assert refused(ByHandForm, data) == names


class NextStepFormsTest:
    @pytest.mark.parametrize(
        ("form", "data", "names"),
        [
            (ConfirmationForm, {"reference": "x" * 101}, {"reference"}),
            (ConfirmationForm, {"reference": "x", "amount": "1.00"}, {"amount"}),
            (CallOffForm, {"reason": "x" * 201}, {"reason"}),
            (OtherWayForm, {}, {"gateway"}),
            (OtherWayForm, {"gateway": "cash"}, {"gateway"}),
        ],
    )
    def test_refuse(self, form: type[Form[Any]], data: Any, names: set[str]) -> None:
        assert refused(form, data) == names
