"""Start-up check C-03: no route of the API without credential, permission, throttle and shape."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver
from django_hosts.resolvers import get_host_patterns

from apps.api.common import docs, health
from apps.api.common.openapi import OpenApiView
from apps.api.common.operations import operation_of
from apps.api.common.permissions import Anyone, DenyAll
from apps.api.common.schema import UNSAFE
from apps.api.common.views import ApiView

METHODS = ("GET", *UNSAFE)
# Plain views on purpose: they show nothing that belongs to anybody.
PLAIN = frozenset({health.live, health.ready, docs.docs})


def routes(urlconf: str | None = None) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every (route, view) of a urlconf; without one, of every host."""
    names = [urlconf] if urlconf else [host.urlconf for host in get_host_patterns()]
    for name in names:
        yield from _walk(get_resolver(name).url_patterns, "")


def _walk(
    patterns: Sequence[URLPattern | URLResolver], prefix: str
) -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def view_class(callback: Callable[..., Any]) -> type[Any] | None:
    found = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    return found if isinstance(found, type) else None


def faults_of(view: type[Any] | None) -> list[str]:
    """What the view leaves unsaid, in words."""
    if view is None or not issubclass(view, ApiView):
        return ["is not an ApiView"]
    faults = []
    if not view.authentication_classes and Anyone not in view.permission_classes:
        faults.append("has no authentication_classes and does not name Anyone")
    if not view.permission_classes or DenyAll in view.permission_classes:
        faults.append("names no permission_classes")
    if not view.throttle_classes:
        faults.append("names no throttle_classes")
    if not issubclass(view, OpenApiView):
        faults += [
            f"has {method} without @operation"
            for method in METHODS
            if hasattr(view, method.lower()) and operation_of(getattr(view, method.lower())) is None
        ]
    return faults


@register()
def every_route_is_closed_until_opened(
    app_configs: Sequence[AppConfig] | None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    return [
        Error(f"/{route} ({callback.__module__}) {fault}", id="api.E001")
        for route, callback in routes()
        if callback not in PLAIN and _is_of_the_api(callback.__module__)
        for fault in faults_of(view_class(callback))
    ]


def _is_of_the_api(module: str) -> bool:
    """Pages of staff are closed by the admin site, which wraps each of them."""
    return module.startswith("apps.api.") and not module.startswith("apps.api.admin")
