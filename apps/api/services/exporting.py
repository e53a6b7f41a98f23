"""What is known of a shopper, in JSON, for the merchant to hand out."""

from typing import Any

from django.forms.models import model_to_dict

from apps.orders.models import Order, PrivacyRequest, Return
from apps.orders.services.privacy import orders_of
from apps.payments.models import Payment

PERSON = ("email", "name", "phone", "language", "tags", "orders_count", "returns_count")


def export(request: PrivacyRequest) -> dict[str, Any]:
    """Sums are in minor units of their currency; credentials, scores and staff's notes are not
    the shopper's data."""
    orders = orders_of(request).prefetch_related("lines", "returns__lines").order_by("placed_at")
    customer = request.customer
    return {
        "customer": model_to_dict(customer, PERSON) if customer is not None else {},
        "orders": [_order(each) for each in orders],
        "payments": [
            {
                "order": each.order.number,
                "purpose": each.purpose,
                "direction": each.direction,
                "gateway": each.gateway,
                "status": each.status,
                "amount_minor": each.amount_minor,
                "currency": each.currency,
                "at": each.created_at,
            }
            for each in Payment.objects.non_polymorphic()
            .filter(order__in=orders)
            .select_related("order")
            .order_by("id")
        ],
    }


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
