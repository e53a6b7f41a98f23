"""A return with all that hangs on it in one query, whatever the number of its rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from apps.deliveries.models import Label, ReturnMethod, Shipment
from apps.events.models import Event
from apps.orders.models import AdvancePart, ExchangeLineItem, Return, ReturnLineItem
from apps.payments.gateways.stripe.models import StripeCheckoutPayment
from apps.payments.models import Payment

type Row = Mapping[str, Any]

MOST_EVENTS = 200
SUMMARY_COLUMNS = (
    "id",
    "number",
    "type",
    "status",
    "refund_method",
    "currency",
    "net_minor",
    "pay_until",
    "requested_at",
    "updated_at",
)
COLUMNS = (
    *SUMMARY_COLUMNS,
    "mode",
    "return_method",
    "breakdown",
    "settlement",
    "reject_reason",
    "opened_at",
    "shipped_at",
    "received_at",
    "decided_at",
    "expires_at",
    "cover_ends_at",
    "due_minor",
    "merchant_id",
    "advance__amount_minor",
    "advance__short_minor",
    "payout_destination__country",
    "payout_destination__last_four",
)


def _array(rows: QuerySet[Any, Any], order: tuple[str, ...], **columns: str) -> ArraySubquery:
    shown = JSONObject(**{name: F(column) for name, column in columns.items()})
    return ArraySubquery(rows.order_by(*order).values(data=shown))


def _lines() -> ArraySubquery:
    return _array(
        ReturnLineItem.objects.filter(ret_id=OuterRef("pk")),
        ("id",),
        id="id",
        line="line_item_id",
        title="line_item__title",
        variant_title="line_item__variant_title",
        image_url="line_item__image_url",
        quantity="quantity",
        wish="wish",
        labels="reason__labels",
        reason="reason__code",
        comment="comment",
        images="images",
        reception="reception",
        decision="decision",
        reject_reason="reject_reason",
        amount_minor="amount_minor",
    )


def _exchanges() -> ArraySubquery:
    return _array(
        ExchangeLineItem.objects.filter(ret_id=OuterRef("pk")),
        ("id",),
        id="id",
        line="return_line_id",
        title="title",
        quantity="quantity",
        price_minor="price_minor",
        status="status",
        replacement="replacement",
    )


def _shipments() -> ArraySubquery:
    return _array(
        Shipment.objects.filter(ret_id=OuterRef("pk")),
        ("-id",),
        id="id",
        status="status",
        carrier="carrier",
        tracking_number="tracking_number",
    )


def _labels() -> ArraySubquery:
    return _array(
        Label.objects.filter(shipment__ret_id=OuterRef("pk")),
        ("-shipment_id", "parcel__number", "-number"),
        status="status",
        tracking_number="tracking_number",
        tracking_url="tracking_url",
        expires_at="expires_at",
    )


def _payments() -> ArraySubquery:
    return _array(
        Payment.objects.refunds().non_polymorphic().filter(ret_id=OuterRef("pk")),
        ("id",),
        id="id",
        replaces="replaces_id",
        instead_of="instead_of_id",
        gateway="gateway",
        status="status",
        amount_minor="amount_minor",
        settled_at="settled_at",
    )


def _parts() -> ArraySubquery:
    return _array(
        AdvancePart.objects.filter(advance__ret_id=OuterRef("pk")),
        ("id",),
        rung="rung",
        status="status",
        amount_minor="amount_minor",
        released_at="released_at",
    )


def _pages() -> ArraySubquery:
    """On which the shopper pays for the return to open; recoveries have links of their own."""
    pages = StripeCheckoutPayment.objects.non_polymorphic().filter(recovery_id=None)
    return _array(
        pages.filter(ret_id=OuterRef("pk")),
        ("id",),
        status="status",
        url="url",
        link_until="link_until",
    )


def detail_row(returns: QuerySet[Return, Return], number: str) -> Row | None:
    keeps = ReturnMethod.objects.filter(pk=OuterRef("return_method_id"), keeps_goods=True)
    found: Row | None = (
        returns.filter(number=number)
        .annotate(
            unit_rows=_lines(),
            exchange_rows=_exchanges(),
            shipment_rows=_shipments(),
            label_rows=_labels(),
            payment_rows=_payments(),
            part_rows=_parts(),
            page_rows=_pages(),
            keeps_goods=Exists(keeps),
        )
        .values(
            *COLUMNS,
            "unit_rows",
            "exchange_rows",
            "shipment_rows",
            "label_rows",
            "payment_rows",
            "part_rows",
            "page_rows",
            "keeps_goods",
        )
        .first()
    )
    return found


def summary_rows(returns: QuerySet[Return, Return]) -> QuerySet[Return, Any]:
    rows: QuerySet[Return, Any] = returns.annotate(unit_rows=_lines()).values(
        *SUMMARY_COLUMNS, "unit_rows"
    )
    return rows


def events_of(row: Row) -> list[tuple[datetime, str]]:
    """Times and kinds of what happened to the return, its parcels and its payments; one query."""
    subjects = [row["id"]]
    subjects += [UUID(each["id"]) for each in (*row["shipment_rows"], *row["payment_rows"])]
    kinds = [Payment, *Payment.__subclasses__(), Shipment, Return]
    events = Event.objects.filter(
        merchant_id=row["merchant_id"],
        subject_type__in=[model._meta.label_lower for model in kinds],
        subject_id__in=subjects,
    )
    return list(events.order_by("at", "id").values_list("at", "kind")[:MOST_EVENTS])
