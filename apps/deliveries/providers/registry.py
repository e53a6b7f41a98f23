"""Finds the providers by walking the folders beside this file; nothing central to edit."""

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from apps.deliveries import providers
from apps.deliveries.providers.base import AbstractProvider

_NOT_A_CARRIER = "tests"


@cache
def all_providers() -> Mapping[str, type[AbstractProvider]]:
    """Provider classes by name; each folder's provider.py holds one class called `Provider`."""
    folders = [
        module.name
        for module in pkgutil.iter_modules(providers.__path__)
        if module.ispkg and module.name != _NOT_A_CARRIER
    ]
    return {name: _provider_in(name) for name in folders}


def _provider_in(folder: str) -> type[AbstractProvider]:
    module = import_module(f"{providers.__name__}.{folder}.provider")
    provider: type[AbstractProvider] = module.Provider
    return provider


def provider_class(name: str) -> type[AbstractProvider]:
    """Raises KeyError for a name that no folder has."""
    return all_providers()[name]
