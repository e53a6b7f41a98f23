from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common import limiter
from apps.api.common.limiter import Rule
from apps.api.common.open_views import OpenView
from apps.api.common.openapi import OpenApiView
from apps.api.common.operations import operation
from apps.api.platforms import vendors
from apps.api.platforms.base import PlatformsView
from apps.api.platforms.depth import InboxFull, depth
from apps.core import clock
from apps.core.errors import DomainError
from apps.events import services
from apps.events.dtos import Greeting

PER_ACCOUNT = 3_000


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

    @operation(
        "Take a webhook in", shows={202: ReceiptSerializer}, refusals=[SignatureRefused, InboxFull]
    )
    def post(self, request: Request, vendor: str, token: str) -> Response:
        """The signature is checked over the raw body; unsigned or wrong is a 401, nothing kept."""
        at = clock.now()
        accept = vendors.accept_of(self.family, vendor)
        if accept is None:
            raise NotFound
        headers = {name.lower(): value for name, value in request.headers.items()}
        delivery = accept(token, headers, request.body, at)
        if delivery is None:
            raise SignatureRefused
        if isinstance(delivery, Greeting):
            return Response(status=200)
        depth.check(at)
        account = f"hook:{delivery.source}:{delivery.account}"
        verdict = limiter.hit([Rule(account, PER_ACCOUNT, 60)], guarded=False)
        if verdict is not None and not verdict.allowed:
            self.throttled(request, verdict.reset)
        receipt = services.receive(delivery, at)
        return self.show({"id": receipt.message.pk}, status=202)


class CarrierWebhookView(WebhookView):
    family = "carriers"


class GatewayWebhookView(WebhookView):
    family = "gateways"
