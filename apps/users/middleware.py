"""What staff do in the admin is recorded under their name."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from apps.events import choices
from apps.events.actors import Actor, acting

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
type GetResponse = Callable[[HttpRequest], HttpResponseBase]


def staff_actor(get_response: GetResponse) -> GetResponse:
    """Behind AuthenticationMiddleware; requests without a session cookie cost nothing."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        named = settings.SESSION_COOKIE_NAME in request.COOKIES
        if request.method in SAFE or not named or not request.user.is_staff:
            return get_response(request)
        with acting(Actor(choices.Event.Actor.STAFF, str(request.user.pk)), url=request.path):
            return get_response(request)

    return middleware
