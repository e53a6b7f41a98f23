"""What the demo must know of a platform: its fake, and what a merchant types to connect to it."""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from fakes.shops.control import FakeShop
from fakes.shops.figures import Row
from scripts.demo import shops


def at_its_address(fake: FakeShop) -> str:
    return fake.address


def as_it_is(fake: FakeShop) -> None:
    """Most shops need nothing done before they are connected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`grant` and `domain` are typed into the dashboard; `prepare` raises SystemExit where the
    fake cannot run on this machine, `ready` makes a new shop what the story needs, `number` is the
    one that the shopper knows her order by. `tells_refunds` is False for a platform that knows of
    none: what was given back behind our back cannot be seen there. `shown` names what of the grant
    is no secret.
    """

    title: str
    fake: str
    grant: Callable[[FakeShop], Mapping[str, str]]
    domain: Callable[[FakeShop], str] = at_its_address
    prepare: Callable[[], None] = lambda: None
    ready: Callable[[FakeShop], None] = as_it_is
    shown: frozenset[str] = frozenset()
    tells_refunds: bool = True
    number: Callable[[Row], str] = lambda order: str(order["number"])


def platforms() -> list[str]:
    return sorted(each.name for each in pkgutil.iter_modules(shops.__path__))


def kind_of(platform: str) -> Kind:
    """Raises SystemExit with the names that there are."""
    if platform not in platforms():
        raise SystemExit(f"PLATFORM is one of {', '.join(platforms())}, not '{platform}'")
    kind: Kind = import_module(f"{shops.__name__}.{platform}").KIND
    return kind
