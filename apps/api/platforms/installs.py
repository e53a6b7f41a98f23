"""Stores that are connected from their platform's side; what a person sees of it is a page."""

from collections.abc import Mapping
from datetime import datetime
from functools import singledispatch
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.types import OpenApiTypes
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.throttles import NetworkThrottle
from apps.api.platforms.base import PlatformsView
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.http import HttpError
from apps.integrations import claiming, installing
from apps.integrations.connecting import (
    ConnectionRefused,
    CurrencyDiffers,
    PlatformDiffers,
    ShopUnreachable,
    connect_store,
)
from apps.orders.services.hearing_shops import forget_shop

COOKIE = "reveni_install"
COOKIE_PATH = "/v1/installs/"
COOKIE_SECONDS = 600
# Links leave to the platform and to the dashboard; nothing is loaded, nothing is sent.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)
REFUSALS = (
    installing.InstallRefused,
    ConnectionRefused,
    CurrencyDiffers,
    PlatformDiffers,
    ShopUnreachable,
)
type Page = Mapping[str, Any]


class InstallView(PlatformsView):
    throttle_classes = [NetworkThrottle]

    @operation(
        "Come back from a platform, or be sent there",
        shows={(200, "text/html"): OpenApiTypes.STR},
        refusals=REFUSALS,
    )
    def get(self, request: Request, platform: str, step: str) -> HttpResponse:
        """A page for a person; what is refused is one too, with its code and its status."""
        at = clock.now()
        state = request.COOKIES.get(COOKIE, "")
        visit = installing.Visit(at, request.query_params.dict(), state)
        try:
            outcome = self._outcome(platform, step, visit)
            page, status = shown(outcome, at), 200
        except DomainError as error:
            outcome, page, status = None, _refused(error), error.status
        answer = render(request._request, "api/install.html", {**page}, status=status)
        answer["Content-Security-Policy"] = POLICY
        if isinstance(outcome, installing.Ask):
            _set(answer, outcome.state)
        elif isinstance(outcome, installing.Grant | installing.Unclaimed):
            answer.delete_cookie(COOKIE, path=COOKIE_PATH)
        return answer

    @operation("Take what a shop granted", shows={200: None}, refusals=REFUSALS)
    def post(self, request: Request, platform: str, step: str) -> Response:
        """From the shop itself; anything but 200 has it take its keys back."""
        at = clock.now()
        shown(self._outcome(platform, step, installing.Visit(at, {}, "", request.body)), at)
        return Response(status=200)

    def _outcome(self, platform: str, step: str, visit: installing.Visit) -> installing.Outcome:
        try:
            found = installing.outcome(platform, step, visit)
        except HttpError as error:
            raise ShopUnreachable(platform=platform) from error
        if found is None:
            raise NotFound
        return found


@singledispatch
def shown(outcome: object, at: datetime) -> Page:
    """Does what the visit asks for, and says so."""
    return {"title": "Noted", "text": "There is nothing more to do."}


@shown.register
def _(outcome: installing.Ask, at: datetime) -> Page:
    if outcome.store is None:
        text = f"Reveni asks {outcome.shop} for access to its orders, returns and stock."
    else:
        text = (
            f"{outcome.shop} is connected with the store {outcome.store.name} of "
            f"{outcome.store.merchant.name}, who will see its orders and its shoppers. Go on only "
            "if that is you."
        )
    return {"title": "Connect your shop", "text": text, "url": outcome.url, "link": "Go on"}


@shown.register
def _(outcome: installing.Grant, at: datetime) -> Page:
    connect_store(outcome.store, outcome.wanted)
    return {
        "title": "Your shop is connected",
        "text": f"{outcome.wanted.domain} is connected with the store {outcome.store.name}.",
        **_to_dashboard(""),
    }


@shown.register
def _(outcome: installing.Unclaimed, at: datetime) -> Page:
    kept = claiming.keep(outcome, at)
    shop = outcome.domain or outcome.account
    if not kept.claim:
        return {"title": "Your shop is connected", "text": shop, **_to_dashboard("")}
    return {
        "title": "One more step",
        "text": f"Sign in at Reveni within 30 minutes and say which store {shop} is for.",
        # After the #, so that it stands in no log of a server.
        **_to_dashboard(f"/claim#{kept.claim}"),
    }


@shown.register
def _(outcome: installing.Opened, at: datetime) -> Page:
    return {
        "title": "Reveni Returns",
        "text": "Orders, returns and refunds of your shop are at the dashboard.",
        **_to_dashboard(""),
    }


@shown.register
def _(outcome: installing.Left, at: datetime) -> Page:
    installation = claiming.connected(outcome.platform, outcome.account)
    if installation is not None and installation.store is not None:
        forget_shop(installation.store, at)
    return {"title": "Your shop is disconnected", "text": "Its access is gone."}


@shown.register
def _(outcome: installing.Returned, at: datetime) -> Page:
    if not outcome.said_yes:
        return {"title": "Your shop is not connected", "text": "It was not allowed at the shop."}
    text = "The shop has answered. The dashboard shows whether the store is connected."
    return {"title": "Thank you", "text": text, **_to_dashboard("")}


def _to_dashboard(path: str) -> Page:
    return {"url": f"{settings.DASHBOARD_URL}{path}", "link": "To the dashboard"}


def _refused(error: DomainError) -> Page:
    reason = error.details.get("reason", "")
    return {
        "title": error.title,
        "text": "Nothing was changed. Begin again at the dashboard, or at the shop.",
        "code": f"{error.code}: {reason}" if reason else error.code,
    }


def _set(answer: HttpResponse, state: str) -> None:
    """Lax, since the platform sends the browser back from its own site."""
    answer.set_cookie(
        COOKIE,
        state,
        max_age=COOKIE_SECONDS,
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
