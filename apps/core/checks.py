"""Start-up checks that Django's own do not make."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import models

from apps.core import faults


def has_several_tables(model: type[models.Model]) -> bool:
    others = apps.get_models()
    return bool(model._meta.get_parent_list()) or any(
        issubclass(other, model) and other is not model and not other._meta.proxy
        for other in others
    )


@register()
def cacheops_never_on_several_tables(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """cacheops serves stale rows of multi-table models (Suor/django-cacheops#31)."""
    from cacheops.conf import model_profile

    return [
        Error(
            f"{model._meta.label} uses multi-table inheritance: take it out of CACHEOPS",
            id="core.E001",
        )
        for model in apps.get_models()
        if model_profile(model) and has_several_tables(model)
    ]


@register(Tags.security, deploy=True)
def nobody_acts_on_fault_points(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A deployment where tests can kill processes must not start."""
    if not faults.is_installed():
        return []
    return [Error("Fault points are live: use the settings of production", id="core.E002")]


@register(Tags.security, deploy=True)
def nobody_deploys_a_sandbox(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """There, addresses that tenants name may be the machine's own, and clocks can be moved."""
    if not settings.SANDBOX:
        return []
    return [Error("SANDBOX is for machines of developers only", id="core.E003")]
