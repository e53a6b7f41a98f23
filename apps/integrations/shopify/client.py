"""Admin GraphQL of one shop: token, points, patience; no word of returns or refunds."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apps.core.http import BadStatus, Call
from apps.integrations.payloads import Payload
from apps.integrations.shopify import answers, bucket
from apps.integrations.shopify.answers import Throttled, TokenRefused
from apps.integrations.shopify.bucket import Bucket
from apps.integrations.shopify.choices import VERSION
from apps.integrations.shopify.documents import document
from apps.integrations.shopify.tokens import Tokens
from apps.integrations.shopify.wire import http

logger = logging.getLogger(__name__)
# Milliseconds that one call may wait for points in all, and tries until it gives up.
PATIENCE = 20_000
TRIES = 8


@dataclass(frozen=True, slots=True)
class Client:
    domain: str
    tokens: Tokens
    sleep: Callable[[float], None] = field(default=time.sleep)

    def read(self, operation: str, **variables: Any) -> Payload:
        """`data` of a query, which is tried again like any safe call."""
        return self._patiently(operation, variables, is_safe=True)

    def change(self, operation: str, **variables: Any) -> Payload:
        """The field of a mutation, sent again only where Shopify surely did nothing. A `key` among
        the variables is what makes a second call of the caller's safe."""
        return answers.payload_of(self._patiently(operation, variables))

    def cancel(self, **variables: Any) -> Payload:
        """`cancel_order`, whose errors have a name of their own."""
        data = self._patiently("cancel_order", variables)
        return answers.payload_of(data, "orderCancelUserErrors")

    def _patiently(self, operation: str, variables: Payload, *, is_safe: bool = False) -> Payload:
        points = Bucket(self.domain)
        left = PATIENCE
        for _ in range(TRIES):
            pause = points.wait_for(operation)
            if not pause:
                try:
                    return self._with_token(operation, variables, is_safe)
                except Throttled as throttled:
                    pause = throttled.pause
            left -= max(pause, 1)
            if left < 0:
                break
            self.sleep(pause / 1000)
        raise Throttled(pause)

    def _with_token(self, operation: str, variables: Payload, is_safe: bool) -> Payload:
        """A token that is refused is renewed once; nothing was done under it."""
        body = {
            "query": document(operation),
            "variables": variables,
            "operationName": operation,
        }
        path = f"admin/api/{VERSION}/graphql.json"
        call = Call(method="POST", path=path, json=body, key=operation if is_safe else "")
        token = self.tokens.current()
        try:
            return self._once(call, operation, token)
        except TokenRefused:
            return self._once(call, operation, self.tokens.instead_of(token))

    def _once(self, call: Call, operation: str, token: str) -> Payload:
        peer = http(self.domain, {"X-Shopify-Access-Token": token}, self.sleep)
        try:
            answer = peer.send(call)
        except BadStatus as error:
            raise answers.refused(error) from error
        served = answer.headers.get("x-shopify-api-version", VERSION)
        if served != VERSION:
            logger.warning("Shopify answers with %s instead of %s", served, VERSION)
        told = answer.json()
        Bucket(self.domain).learn(operation, told if isinstance(told, dict) else {})
        return answers.data_of(answer, bucket.pause)
