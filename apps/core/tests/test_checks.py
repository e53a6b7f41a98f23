from typing import Any

import pytest
from cacheops import conf
from django.apps import apps
from django.core.checks import Error
from pytest_django import Settings

from apps.core.checks import cacheops_never_on_several_tables, nobody_deploys_a_sandbox


class CacheopsCheckTest:
    def test_the_settings_of_the_product_pass(self) -> None:
        assert cacheops_never_on_several_tables(None) == []

    @pytest.mark.parametrize("label", ["payments.Payment", "payments.ManualRefund"])
    def test_fires_on_a_parent_and_on_a_child(
        self, monkeypatch: pytest.MonkeyPatch, label: str
    ) -> None:
        def profile(model: Any) -> dict[str, str] | None:
            return {"ops": "all"} if model._meta.label == label else None

        assert apps.get_model(label)
        monkeypatch.setattr(conf, "model_profile", profile)
        (error,) = cacheops_never_on_several_tables(None)
        assert isinstance(error, Error)
        assert error.id == "core.E001"
        assert error.msg == f"{label} uses multi-table inheritance: take it out of CACHEOPS"

    def test_a_plain_model_may_be_cached(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            conf,
            "model_profile",
            lambda model: {"ops": "all"} if model._meta.label == "accounts.Store" else None,
        )
        assert cacheops_never_on_several_tables(None) == []


class SandboxCheckTest:
    def test_a_machine_of_developers_is_no_deployment(self, settings: Settings) -> None:
        assert [error.id for error in nobody_deploys_a_sandbox(None)] == ["core.E003"]

        settings.SANDBOX = False
        assert nobody_deploys_a_sandbox(None) == []
