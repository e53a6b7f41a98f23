"""The base of every view of the platforms host, which hears webhooks."""

from collections.abc import Iterable
from typing import Any, override

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from apps.api.common.open_views import OpenView
from apps.events import choices as events
from apps.events.actors import Actor


class AlwaysJson(BaseContentNegotiation):
    """A platform reads the status only; what it says to accept is never a reason to refuse it."""

    @override
    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        return next(iter(parsers))

    @override
    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type or ""


class PlatformsView(OpenView):
    """Verified by the signature over the raw body, in the vendor's own webhooks.py."""

    host = "platforms"
    content_negotiation_class = AlwaysJson

    @property
    @override
    def actor(self) -> Actor:
        return Actor(events.Event.Actor.PLATFORM)
