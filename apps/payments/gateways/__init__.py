"""One folder a gateway; its models are found by walking the folders."""

import pkgutil
from importlib import import_module


def names() -> tuple[str, ...]:
    folders = (found for found in pkgutil.iter_modules(__path__) if found.ispkg)
    return tuple(sorted(folder.name for folder in folders))


def load_models() -> None:
    for name in names():
        import_module(f"{__name__}.{name}.models")
