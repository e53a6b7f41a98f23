from collections.abc import Callable
from datetime import datetime
from typing import Any, override

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from apps.api.common.client_ip import client_ip, network_of
from apps.api.common.open_views import OpenView
from apps.api.common.openapi import OpenApiView
from apps.api.common.operations import operation
from apps.api.common.problems import problem_of
from apps.api.common.renderers import as_json
from apps.api.platforms import gate, vendors
from apps.api.platforms.base import PlatformsView
from apps.api.platforms.depth import InboxFull, depth
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.postgres.base import asked_first
from apps.core.remembered import recently
from apps.events import services
from apps.events.dtos import Delivery, Greeting

type Heard = Delivery | Greeting | None


class SchemaView(OpenApiView, OpenView):
    host = "platforms"


class SignatureRefused(DomainError):
    code = "signature_refused"
    title = "The signature does not hold"
    status = 401


class ReceiptSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()


class WebhookView(PlatformsView):
    """Verify on raw bytes, store, answer; `process_inbox` does the rest within seconds."""

    family = "platform"

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nothing of what DRF prepares is asked for here: no credential, no parser, no renderer."""
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)
        try:
            return self.post(request, **kwargs)
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            return problem.response()

    @operation(
        "Take a webhook in", shows={202: ReceiptSerializer}, refusals=[SignatureRefused, InboxFull]
    )
    def post(self, request: HttpRequest, vendor: str, token: str) -> HttpResponse:
        """The signature is checked over the raw body; unsigned or wrong is a 401, nothing kept."""
        at = clock.now()
        network = network_of(client_ip(request))
        gate.gate.check(network)
        accept = vendors.accept_of(self.family, vendor)
        headers = headers_of(request)
        body = request.body
        delivery = heard(lambda: accept(token, headers, body, at)) if accept else None
        if not isinstance(delivery, Delivery):
            gate.gate.count_refused(network)
        if accept is None:
            raise NotFound
        if delivery is None:
            raise SignatureRefused
        if isinstance(delivery, Greeting):
            return HttpResponse(status=200)
        depth.check(at)
        gate.gate.count(network, f"{delivery.source}:{delivery.account}")
        receipt = kept(delivery, at)
        shown = as_json({"id": str(receipt.id)})
        return HttpResponse(shown, "application/json", status=202)


def heard(look: Callable[[], Heard]) -> Heard:
    """What an account of a moment ago does not accept is asked of the account as it is now: its
    secret may be new. Nobody has asked the database yet, and a vendor's `accept` only reads."""

    def anew() -> Heard:
        return asked_first(look, connection)

    return recently(look, anew)


def kept(delivery: Delivery, at: datetime) -> services.Receipt:
    """Where its answer was lost it is stored again, and found there; a hint without an id of its
    own would be another one."""
    if delivery.is_thin and not delivery.event_id:
        return services.receive(delivery, at)
    return asked_first(lambda: services.receive(delivery, at), connection)


def headers_of(request: HttpRequest) -> dict[str, str]:
    """By their names in lower case, as vendors write them; `request.headers` makes two of each."""
    named = {
        name[5:].replace("_", "-").lower(): value
        for name, value in request.META.items()
        if name.startswith("HTTP_")
    }
    return {**named, "content-type": request.META.get("CONTENT_TYPE", "")}


class CarrierWebhookView(WebhookView):
    family = "carriers"


class GatewayWebhookView(WebhookView):
    family = "gateways"
