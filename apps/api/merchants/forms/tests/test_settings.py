"""What the desk's forms of settings and rules take and what they refuse."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from apps.api.common.forms import Form
from apps.api.merchants.forms.settings import (
    DraftForm,
    MethodChangeForm,
    MethodForm,
    NamesForm,
    ReasonForm,
    ReplayForm,
    SettingsForm,
)
from apps.core import clock

EUR = {"amount": "2.95", "currency": "EUR"}
RULE = {"code": "a", "action": "block"}


def refused(form: type[Form[Any]], data: Any) -> set[str]:
    with pytest.raises(ValidationError) as error:
        form(data=data).judged()
    assert isinstance(error.value.detail, dict)
    return set(error.value.detail)


class SettingsFormTest:
    def test_sums_become_minor_units_with_their_currency(self) -> None:
        judged = SettingsForm(data={"bonus_flat": EUR, "lookup": "postcode"}).judged()

        assert judged.values == {"lookup": "postcode", "bonus_flat_minor": 295}
        assert judged.currencies == {"EUR"}

    def test_what_is_left_out_is_not_there(self) -> None:
        assert SettingsForm(data={}).judged().values == {}

    @pytest.mark.parametrize(
        "data",
        [
            {"return_window_days": -1},
            {"return_window_days": 3651},
            {"return_window_days": True},
            {"auto_approve": 1},
            {"bonus_percent": "100.01"},
            {"bonus_percent": 5},
            {"refund_methods": ["cash"]},
            {"refund_methods": ["original"] * 4},
            {"restocking_fixed": {"amount": "-1.00", "currency": "EUR"}},
            {"restocking_fixed_minor": 295},
            {"branding": {"logo": {"url": "x"}}},
            {"policy_url": "x" * 201},
        ],
    )
    def test_refuses(self, data: dict[str, Any]) -> None:
        assert refused(SettingsForm, data) == set(data)


class RulesFormsTest:
    @pytest.mark.parametrize(
        ("form", "data", "names"),
        [
            (NamesForm, {}, {"settings"}),
            (NamesForm, {"settings": ["x" * 61]}, {"settings"}),
            (ReasonForm, {"code": "a b", "labels": {}}, {"code"}),
            (ReasonForm, {"code": "a"}, {"labels"}),
            (DraftForm, {"rules": [RULE] * 101}, {"rules"}),
            (DraftForm, {"rules": [{**RULE, "action": "explode"}]}, {"rules"}),
            (DraftForm, {"rules": [], "status": "published"}, {"status"}),
            (MethodForm, {"code": "post"}, {"type"}),
            (MethodChangeForm, {"type": "carrier", "code": "x"}, {"type", "code"}),
            (MethodChangeForm, {"label_days": 0}, {"label_days"}),
            (ReplayForm, {"since": "yesterday"}, {"since"}),
        ],
    )
    def test_refuse(self, form: type[Form[Any]], data: Any, names: set[str]) -> None:
        assert refused(form, data) == names

    def test_a_replay_looks_back_ninety_days(self) -> None:
        since = clock.now() - timedelta(days=89)

        assert ReplayForm(data={"since": since.isoformat()}).judged().since == since
        assert refused(ReplayForm, {"since": (clock.now() - timedelta(days=91)).isoformat()}) == {
            "since"
        }
