"""Finds the connectors by walking the folders beside this file; nothing central to edit."""

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from apps import integrations
from apps.integrations.connectors import AbstractConnector


@cache
def all_connectors() -> Mapping[str, type[AbstractConnector]]:
    """Connector classes by platform: of each folder whose connectors.py has one so called."""
    folders = (
        module.name for module in pkgutil.iter_modules(integrations.__path__) if module.ispkg
    )
    found = {
        name: import_module(f"{integrations.__name__}.{name}.connectors")
        for name in folders
        if find_spec(f"{integrations.__name__}.{name}.connectors")
    }
    return {
        name: module.Connector for name, module in found.items() if hasattr(module, "Connector")
    }


def connector_class(platform: str) -> type[AbstractConnector] | None:
    """None for a platform that nobody can be connected to, such as our own API."""
    return all_connectors().get(platform)
