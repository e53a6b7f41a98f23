"""Stores that are connected from their platform's side: what a visit to us asks for.

A platform's `installing.py` has STEPS, by the last part of the address, and may have `begun`,
which sends a merchant from the dashboard to the platform. Finding it needs no list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from apps import integrations
from apps.accounts.models import Store
from apps.core.errors import DomainError
from apps.integrations.connecting import ConnectStore, PlatformDiffers
from apps.integrations.connectors import Declined


class InstallRefused(DomainError):
    code = "install_refused"
    title = "The shop was not connected"
    status = 403


class InstallNotOffered(DomainError):
    code = "install_not_offered"
    title = "This platform is not connected this way"
    status = 400


@dataclass(frozen=True, slots=True)
class Visit:
    """`query` as it came, and the `state` that this browser was given before; "" for none."""

    at: datetime
    query: Mapping[str, str] = field(repr=False)
    state: str = field(default="", repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """The browser keeps `state` and goes to the platform at `url`; `store` began it, if any."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    shop: str
    store: Store | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """The shop said yes to the merchant who began it."""

    store: Store
    wanted: ConnectStore


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """Installed at the platform by somebody who has not told which store of ours it is for.

    `account` is how the platform knows the shop.
    """

    platform: str
    account: str
    domain: str
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody of the shop looks at our app there."""

    platform: str
    account: str


@dataclass(frozen=True, slots=True)
class Left:
    """The shop took our app away."""

    platform: str
    account: str


@dataclass(frozen=True, slots=True)
class Returned:
    """The browser is back from a platform that has told us the rest by itself."""

    said_yes: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """Nothing of ours changes."""


type Outcome = Ask | Grant | Unclaimed | Opened | Left | Returned | Noted
type Step = Callable[[Visit], Outcome]
type Begun = Callable[[Store, str], str]


def outcome(platform: str, step: str, visit: Visit) -> Outcome | None:
    """None for an address that is none. Raises InstallRefused, HttpError."""
    module = _module(platform)
    act: Step | None = getattr(module, "STEPS", {}).get(step)
    if act is None:
        return None
    try:
        return act(visit)
    except Declined as declined:
        raise InstallRefused(reason=declined.code) from declined


def begin(store: Store, platform: str, domain: str) -> str:
    """Where the merchant's browser goes next. Raises InstallNotOffered, InstallRefused,
    PlatformDiffers."""
    begun: Begun | None = getattr(_module(platform), "begun", None)
    if begun is None:
        raise InstallNotOffered(platform=platform)
    if not store.may_be_at(platform):
        raise PlatformDiffers(store=store.platform)
    try:
        return begun(store, domain)
    except Declined as declined:
        raise InstallRefused(reason=declined.code) from declined


def address(platform: str, step: str, **query: str) -> str:
    """Of one step, as the internet reaches it."""
    asked = f"?{urlencode(query)}" if query else ""
    return f"{settings.PLATFORMS_URL}/v1/installs/{platform}/{step}{asked}"


@cache
def _module(platform: str) -> Any:
    """None for a name that is no folder with an installing.py; `platform` is a slug."""
    folder = f"{integrations.__name__}.{platform}"
    if not platform.isidentifier() or find_spec(folder) is None:
        return None
    name = f"{folder}.installing"
    return import_module(name) if find_spec(name) else None
