"""Calls to one Stripe account. The SDK is loaded with the first of them: it takes a while."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings

from apps.core import http
from apps.payments.gateways.stripe import mappers
from apps.payments.gateways.stripe.facts import Asked, RefundFacts

if TYPE_CHECKING:
    import stripe

API_VERSION = "2026-10-28.endive"
PAGE = 100


class Client:
    """Every call raises Refused, AccessRefused or NoAnswer; none is repeated by itself."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def refund(self, asked: Asked) -> RefundFacts:
        source = "charge" if asked.source.startswith(("ch_", "py_")) else "payment_intent"
        params: Any = {source: asked.source, "amount": asked.amount, "metadata": asked.metadata}
        return mappers.facts_of(
            _told(lambda sdk: sdk.v1.refunds.create(params, {"idempotency_key": asked.key}), self)
        )

    def refund_by_id(self, refund: str) -> RefundFacts:
        return mappers.facts_of(_told(lambda sdk: sdk.v1.refunds.retrieve(refund), self))

    def refunds_of(self, source: str) -> Iterator[RefundFacts]:
        """Of one payment intent or charge, newest first."""
        name = "charge" if source.startswith(("ch_", "py_")) else "payment_intent"
        after: dict[str, str] = {}
        while True:
            params: Any = {name: source, "limit": PAGE, **after}
            page = _told(lambda sdk, asked=params: sdk.v1.refunds.list(asked), self)
            rows = [mappers.facts_of(row) for row in page.get("data", ())]
            yield from rows
            if not rows or not page.get("has_more"):
                return
            after = {"starting_after": rows[-1].id}

    def account_id(self) -> str:
        found: str = _told(lambda sdk: sdk.v1.accounts.retrieve_current(), self)["id"]
        return found

    def open(self) -> "stripe.StripeClient":
        import stripe

        from apps.payments.gateways.stripe.wire import Wire

        limits = http.Limits(read=settings.STRIPE_READ_SECONDS, attempts=1)
        return stripe.StripeClient(
            self._secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": settings.STRIPE_API_BASE},
            http_client=Wire(settings.STRIPE_API_BASE, limits),
            max_network_retries=0,
        )


def _told(step: "Callable[[stripe.StripeClient], Any]", client: Client) -> dict[str, Any]:
    """The object as a dict."""
    sdk = client.open()
    import stripe

    try:
        answer: dict[str, Any] = step(sdk).to_dict()
    except stripe.StripeError as error:
        told = error.error
        kind = str(getattr(told, "type", "") or "")
        raise mappers.verdict(error.http_status, kind, error.code or "") from error
    return answer
