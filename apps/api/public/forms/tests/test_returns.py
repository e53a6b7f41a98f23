from typing import Any

import pytest

from apps.api.public.forms.returns import (
    DecisionsForm,
    NothingForm,
    ReceptionForm,
    RejectionForm,
    ReturnsPage,
)
from apps.core.ids import uuid7
from apps.orders.dtos import UnitDecision

LINE = uuid7()


def unit(**named: Any) -> dict[str, Any]:
    return {"line": str(LINE), "outcome": "accepted", **named}


class DecisionsFormTest:
    def test_all_that_can_be_said(self) -> None:
        said = unit(
            outcome="rejected",
            quantity=2,
            reason="Worn",
            images=["photo"],
            grade="C",
            disposition="not_restocked",
        )

        assert DecisionsForm(data={"units": [said]}).judged().units == (
            UnitDecision(LINE, "rejected", 2, "Worn", ("photo",), "C", "not_restocked"),
        )

    @pytest.mark.parametrize(
        "bad",
        [
            {"outcome": "rejected"},
            {"outcome": "pending"},
            {"quantity": 0},
            {"quantity": -1},
            {"quantity": 1.5},
            {"quantity": "1"},
            {"line": "x"},
            {"line": 5},
            {"line": str(LINE).replace("-", "")},
            {"grade": "E"},
            {"disposition": "burnt"},
            {"images": ["x"] * 6},
            {"colour": "red"},
            {"reason": "x" * 1001},
        ],
    )
    def test_what_is_refused(self, bad: dict[str, Any]) -> None:
        form = DecisionsForm(data={"units": [unit(**bad)]})

        assert not form.is_valid()
        assert set(form.errors) == {"units"}

    @pytest.mark.parametrize("units", [[], [unit()] * 101, unit(), None])
    def test_one_to_a_hundred_units(self, units: Any) -> None:
        assert not DecisionsForm(data={"units": units}).is_valid()


class SmallFormsTest:
    def test_a_rejection_says_why(self) -> None:
        assert RejectionForm(data={"reason": "Late\nand worn"}).judged().reason == "Late\nand worn"
        assert not RejectionForm(data={}).is_valid()
        assert not RejectionForm(data={"reason": ""}).is_valid()

    def test_a_reception_may_say_when(self) -> None:
        assert ReceptionForm(data={}).judged().received_at is None
        assert not ReceptionForm(data={"received_at": "2026-03-02"}).is_valid()

    def test_nothing_is_nothing(self) -> None:
        assert NothingForm(data={}).is_valid()
        assert not NothingForm(data={"x": 1}).is_valid()

    def test_filters_of_the_list(self) -> None:
        form = ReturnsPage(data={"status": "received", "store": "casa"})

        assert (form.judged().status, form.judged().store) == ("received", "casa")
        assert not ReturnsPage(data={"status": "lost"}).is_valid()
