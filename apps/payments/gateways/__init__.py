"""One folder a gateway; its models are found by walking the folders."""

import pkgutil
from importlib import import_module


def names() -> tuple[str, ...]:
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))


def load_models() -> None:
    for name in names():
        import_module(f"{__name__}.{name}.models")
