"""What is known of a shopper, in JSON, to be handed out to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Model, Q, QuerySet
from django.forms.models import model_to_dict

from apps.deliveries.models import Shipment
from apps.orders.models import AdvanceConsent, Order, PrivacyRequest, Recovery, Return
from apps.orders.modules.privacy import choices
from apps.orders.services.privacy import PrivacyRequestRefused, orders_of
from apps.payments.gateways.bank_transfer.models import PayoutDestination
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.gateways.stripe.models import PaymentMethodToken
from apps.payments.models import Payment

PERSON = ("email", "name", "phone", "language", "tags", "orders_count", "returns_count")
PAYMENT = ("purpose", "direction", "gateway", "status", "amount_minor", "currency")
SHIPMENT = ("direction", "status", "sender", "recipient", "carrier", "tracking_number")
CONSENT = ("version", "language", "text", "currency", "cap_minor", "accepted_at", "charge_until")
CARD = ("status", "brand", "last4", "expires", "consent_text", "consented_at", "charge_until")
RECOVERY = ("cause", "status", "due_minor", "collected_minor", "currency", "contests", "opened_at")
CREDIT = ("code_hint", "currency", "issued_minor", "expires_at")
ACCOUNT = ("country", "last_four", "set_at")


def hand_out(request: PrivacyRequest, at: datetime) -> dict[str, Any]:
    """Made anew at each call, and kept nowhere; the first one ends the request. Raises
    PrivacyRequestRefused."""
    if request.status == choices.PrivacyRequest.Status.REFUSED:
        raise PrivacyRequestRefused
    told = export(request)
    request.finish({"orders": len(told["orders"])}, at)
    return told


def export(request: PrivacyRequest) -> dict[str, Any]:
    """Sums are in minor units of their currency; credentials, scores and staff's notes are not
    the shopper's data."""
    orders = orders_of(request).prefetch_related("lines", "returns__lines").order_by("placed_at")
    customer = request.customer
    of_returns = Q(ret__order__in=orders)
    paid = Payment.objects.non_polymorphic().filter(order__in=orders).order_by("id")
    return {
        "customer": model_to_dict(customer, PERSON) if customer is not None else {},
        "orders": [_order(each) for each in orders],
        "payments": [
            {"order": each.pop("order__number"), **each}
            for each in paid.values(*PAYMENT, "order__number", at=F("created_at"))
        ],
        "shipments": _rows(Shipment.objects.filter(of_returns), SHIPMENT),
        "consents": _rows(AdvanceConsent.objects.filter(of_returns), CONSENT),
        "cards": _rows(PaymentMethodToken.objects.of_orders(orders), CARD),
        "recoveries": _rows(Recovery.objects.filter(of_returns), RECOVERY),
        "store_credit": _rows(StoreCreditAccount.objects.filter(of_returns), CREDIT),
        "bank_accounts": _rows(PayoutDestination.objects.filter(of_returns), ACCOUNT),
    }


def _rows[M: Model](rows: QuerySet[M, M], columns: Sequence[str]) -> list[dict[str, Any]]:
    return list(rows.order_by("id").values(*columns))


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "email": order.email,
        "placed_at": order.placed_at,
        "currency": order.currency,
        "total_minor": order.total_minor,
        "refunded_minor": order.refunded_minor,
        "shipping_address": order.shipping_address,
        "lines": [
            {"title": line.title, "sku": line.sku, "quantity": line.quantity}
            for line in order.lines.all()
        ],
        "returns": [_return(each) for each in order.returns.all()],
    }


def _return(ret: Return) -> dict[str, Any]:
    return {
        "number": ret.number,
        "status": ret.status,
        "requested_at": ret.requested_at,
        "refund_method": ret.refund_method,
        "net_minor": ret.net_minor,
        "lines": [
            {
                "quantity": line.quantity,
                "comment": line.comment,
                "photos": len(line.images),
                "decision": line.decision,
                "reject_reason": line.reject_reason,
            }
            for line in ret.lines.all()
        ],
    }
