"""Calls to one Stripe account. The SDK is loaded with the first of them: it takes a while."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings

from apps.core import http
from apps.payments.dtos import BalanceReport
from apps.payments.gateways.base import read_report
from apps.payments.gateways.stripe import balance, mappers, takings
from apps.payments.gateways.stripe.facts import (
    Asked,
    CardFacts,
    ChargeAsked,
    DisputeFacts,
    IntentFacts,
    PageAsked,
    RefundFacts,
    Refused,
    SessionFacts,
)

if TYPE_CHECKING:
    import stripe

API_VERSION = "2026-10-28.endive"
PAGE = 100
REFUND_EVENTS = ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"]


class Client:
    """Every call raises Refused, AccessRefused or NoAnswer; none is repeated by itself."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def refund(self, asked: Asked) -> RefundFacts:
        source = "charge" if asked.source.startswith(("ch_", "py_")) else "payment_intent"
        params: Any = {source: asked.source, "amount": asked.amount, "metadata": asked.metadata}
        options: Any = {"idempotency_key": asked.key}
        made = _told(lambda sdk: sdk.v1.refunds.create(params, options), self)
        return mappers.facts_of(made.to_dict())

    def refund_by_id(self, refund: str) -> RefundFacts:
        return mappers.facts_of(_told(lambda sdk: sdk.v1.refunds.retrieve(refund), self).to_dict())

    def refunds_of(self, source: str) -> Iterator[RefundFacts]:
        """Of one payment intent or charge, newest first."""
        name = "charge" if source.startswith(("ch_", "py_")) else "payment_intent"
        after: dict[str, str] = {}
        while True:
            params: Any = {name: source, "limit": PAGE, **after}
            page = _told(partial(_listed, params), self)
            rows = [mappers.facts_of(row.to_dict()) for row in page.data]
            yield from rows
            if not rows or not page.has_more:
                return
            after = {"starting_after": rows[-1].id}

    def refunds_told_of(self, since: datetime) -> list[str]:
        """Ids of the refunds that events since then are about, each once."""
        return _told(partial(_heard, int(since.timestamp())), self)

    def customer(self, metadata: dict[str, str], key: str) -> str:
        params: Any = {"metadata": metadata}
        options: Any = {"idempotency_key": key}
        return _told(lambda sdk: sdk.v1.customers.create(params, options), self).id

    def open_page(self, asked: PageAsked) -> SessionFacts:
        params: Any = takings.page_params(asked)
        options: Any = {"idempotency_key": asked.key}
        made = _told(lambda sdk: sdk.v1.checkout.sessions.create(params, options), self)
        return takings.session_of(made.to_dict())

    def page(self, session: str) -> SessionFacts:
        found = _told(lambda sdk: sdk.v1.checkout.sessions.retrieve(session), self)
        return takings.session_of(found.to_dict())

    def close_page(self, session: str) -> SessionFacts:
        """Raises Refused when the shopper was faster."""
        closed = _told(lambda sdk: sdk.v1.checkout.sessions.expire(session), self)
        return takings.session_of(closed.to_dict())

    def charge(self, asked: ChargeAsked) -> IntentFacts:
        params: Any = takings.charge_params(asked)
        options: Any = {"idempotency_key": asked.key}
        made = _told(lambda sdk: sdk.v1.payment_intents.create(params, options), self)
        return takings.intent_of(made.to_dict())

    def intent(self, intent: str) -> IntentFacts:
        found = _told(lambda sdk: sdk.v1.payment_intents.retrieve(intent), self)
        return takings.intent_of(found.to_dict())

    def intents_of(self, customer: str) -> list[IntentFacts]:
        """The latest hundred: attempts at one shopper are few."""
        params: Any = {"customer": customer, "limit": PAGE}
        page = _told(lambda sdk: sdk.v1.payment_intents.list(params), self)
        return [takings.intent_of(row.to_dict()) for row in page.data]

    def card_set_up(self, setup: str) -> CardFacts:
        """Raises Refused while the set-up has no card."""
        made = _told(lambda sdk: sdk.v1.setup_intents.retrieve(setup), self).to_dict()
        if made.get("status") != "succeeded":
            raise Refused("card_not_set_up")
        method = str(made["payment_method"])
        card = _told(lambda sdk: sdk.v1.payment_methods.retrieve(method), self)
        return takings.card_of(made, card.to_dict())

    def detach(self, method: str) -> None:
        """The card can never be charged again; Refused when it is not attached any more."""
        _told(lambda sdk: sdk.v1.payment_methods.detach(method), self)

    def dispute(self, dispute: str) -> DisputeFacts:
        found = _told(lambda sdk: sdk.v1.disputes.retrieve(dispute), self)
        return takings.dispute_of(found.to_dict())

    def report(self, since: datetime, until: datetime) -> BalanceReport:
        """What refunds moved in the balance, `since` included and `until` not."""
        rows = _told(partial(_moved, int(since.timestamp()), int(until.timestamp())), self)
        return read_report(until, rows, balance.movements_of)

    def account_id(self) -> str:
        return _told(lambda sdk: sdk.v1.accounts.retrieve_current(), self).id

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


def _listed(params: Any, sdk: "stripe.StripeClient") -> "stripe.ListObject[stripe.Refund]":
    return sdk.v1.refunds.list(params)


def _heard(since: int, sdk: "stripe.StripeClient") -> list[str]:
    params: Any = {"types": REFUND_EVENTS, "created": {"gte": since}, "limit": PAGE}
    events = sdk.v1.events.list(params).auto_paging_iter()
    return list(dict.fromkeys(str(event.data.object["id"]) for event in events))


def _moved(since: int, until: int, sdk: "stripe.StripeClient") -> list[tuple[str, dict[str, Any]]]:
    params: Any = {"created": {"gte": since, "lt": until}, "limit": PAGE}
    rows = sdk.v1.balance_transactions.list(params).auto_paging_iter()
    return [(str(row.id), row.to_dict()) for row in rows if row.type not in balance.OTHERS]


def _told[R](step: "Callable[[stripe.StripeClient], R]", client: Client) -> R:
    sdk = client.open()
    import stripe

    try:
        return step(sdk)
    except stripe.StripeError as error:
        told = error.error
        kind = str(getattr(told, "type", "") or "")
        # The bank's own word, where the card was declined.
        code = str(getattr(told, "decline_code", "") or error.code or "")
        made = str(getattr(getattr(told, "payment_intent", None), "id", "") or "")
        raise mappers.verdict(error.http_status, kind, code, made) from error
