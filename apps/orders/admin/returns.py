from collections.abc import Mapping
from typing import Any, ClassVar, override

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, table, words
from apps.events.models import Event
from apps.orders import choices
from apps.orders.admin.timeline import timeline
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.models import ExchangeLineItem, Order, Return, ReturnLineItem


class ReturnLineInline(ReadOnlyInline[ReturnLineItem, Return]):
    model = ReturnLineItem
    verbose_name_plural = "Lines"
    related = ("line_item", "reason", "sub_reason")
    fields = (
        "title",
        "sku",
        "quantity",
        "wish",
        "why",
        "reception",
        "decision",
        "reject_reason",
        "grade",
        "disposition",
        "amount",
    )

    @admin.display(description="Title")
    def title(self, line: ReturnLineItem) -> str:
        return line.line_item.title

    @admin.display(description="SKU")
    def sku(self, line: ReturnLineItem) -> str:
        return line.line_item.sku

    @admin.display(description="Why")
    def why(self, line: ReturnLineItem) -> str:
        reasons = (each.label("en") for each in (line.reason, line.sub_reason) if each)
        return " · ".join((*reasons, *filter(None, (line.comment,))))


class ExchangeInline(ReadOnlyInline[ExchangeLineItem, Return]):
    model = ExchangeLineItem
    verbose_name_plural = "Exchanged for"
    fields = ("title", "sku", "variant_id", "quantity", "price", "status", "platform_order_id")


@admin.register(Return)
class ReturnAdmin(ReadOnlyAdmin[Return]):
    """Apps of the floors above extend it with what they know of a return."""

    words: ClassVar[Mapping[str, str]] = dict(choices.Event.choices)
    list_display = ("number", "order", "store", "type", "status", "net", "requested_at")
    list_filter = ("status", "type", "mode")
    list_select_related = ("order", "store")
    search_fields = ("number",)
    search_help_text = "Return number, order number or e-mail of the customer, whole"
    inlines: ClassVar[tuple[type[ReadOnlyInline[Any, Return]], ...]] = (
        ReturnLineInline,
        ExchangeInline,
    )
    fieldsets: ClassVar[tuple[tuple[str | None, Any], ...]] = (
        (
            None,
            {
                "fields": (
                    ("number", "external_id"),
                    ("merchant", "store"),
                    ("order", "customer"),
                    ("status", "type", "mode"),
                    ("filed_by", "refund_method", "way_back"),
                    "reject_reason",
                    "said",
                )
            },
        ),
        (
            "Dates",
            {
                "fields": (
                    ("requested_at", "opened_at", "shipped_at"),
                    ("received_at", "decided_at", "reminded_at"),
                    ("expires_at", "cover_ends_at"),
                )
            },
        ),
        ("Sums", {"fields": ("net", "as_quoted", "as_settled")}),
        ("What happened", {"fields": ("timeline",)}),
    )

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Return]:
        rows = super().get_queryset(request)
        return rows.select_related("merchant", "store", "order", "customer")

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Return], search_term: str
    ) -> tuple[QuerySet[Return], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        ordered = Order.objects.numbered(term).values("pk")
        emailed = Q(order__email__iexact=term) | Q(customer__email__iexact=term)
        return queryset.filter(Q(number__iexact=term) | Q(order__in=ordered) | emailed), False

    def happened(self, ret: Return) -> Q:
        """Which events are told on the page."""
        return Q(subject_type=ret._meta.label_lower, subject_id=ret.pk)

    @admin.display(description="Timeline")
    def timeline(self, ret: Return) -> SafeString:
        return timeline(Event.objects.filter(self.happened(ret)), self.words)

    @admin.display(description="As quoted")
    def as_quoted(self, ret: Return) -> str:
        return _in_words(Breakdown.from_json(ret.breakdown)) if ret.breakdown else ""

    @admin.display(description="As settled")
    def as_settled(self, ret: Return) -> str:
        return _in_words(ret.settled) if ret.settled else ""

    @admin.display(description="Return method")
    def way_back(self, ret: Return) -> str:
        return str(ret.return_method.get("name") or ret.return_method.get("code") or "")

    @admin.display(description="Notes")
    def said(self, ret: Return) -> SafeString:
        rows = ((note.get("at"), note.get("author"), note.get("text")) for note in ret.notes)
        return table(("When", "Who", "Note"), rows)


def _in_words(breakdown: Breakdown) -> SafeString:
    return words("\n".join(breakdown.in_words()))
