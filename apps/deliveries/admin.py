"""Methods, prices and shops are set up here; what travels is only looked at."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, TenantAdmin
from apps.deliveries.models import (
    CarrierAccount,
    DropOffPoint,
    Label,
    Parcel,
    ReturnMethod,
    ReturnMethodPrice,
    Shipment,
    TrackingEvent,
)

if TYPE_CHECKING:
    from django.contrib.admin import TabularInline
else:
    from unfold.admin import TabularInline


class ReturnMethodPriceInline(TabularInline[ReturnMethodPrice, ReturnMethod]):
    model = ReturnMethodPrice
    fields = ("regions", "outcome", "currency", "price_minor")
    extra = 0


@admin.register(ReturnMethod)
class ReturnMethodAdmin(TenantAdmin[ReturnMethod]):
    list_display = ("code", "type", "store", "is_active", "position")
    list_select_related = ("store",)
    list_filter = ("type", "is_active")
    search_fields = ("code", "store__name")
    exclude = ("deleted", "deleted_by_cascade")
    inlines = (ReturnMethodPriceInline,)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A price belongs to the merchant of its method, whoever typed it in."""
        for price in formset.save(commit=False):
            price.merchant_id = form.instance.merchant_id
            price.save()
        for price in formset.deleted_objects:
            price.delete()


@admin.register(DropOffPoint)
class DropOffPointAdmin(TenantAdmin[DropOffPoint]):
    list_display = ("name", "store", "is_active")
    list_select_related = ("store",)
    list_filter = ("is_active",)
    search_fields = ("name", "store__name")
    exclude = ("deleted", "deleted_by_cascade")


@admin.register(CarrierAccount)
class CarrierAccountAdmin(TenantAdmin[CarrierAccount]):
    """Credentials are never shown and never typed in here: they come sealed from the settings."""

    list_display = ("name", "provider", "store", "is_test", "is_active")
    list_select_related = ("store",)
    list_filter = ("provider", "is_test", "is_active")
    search_fields = ("name", "store__name")
    exclude = ("credentials", "deleted", "deleted_by_cascade")


class ParcelInline(ReadOnlyInline[Parcel, Shipment]):
    model = Parcel
    fields = ("number", "weight_grams", "delivered_at")


class LabelInline(ReadOnlyInline[Label, Shipment]):
    model = Label
    fields = ("number", "reference", "status", "pdf", "tracking_number", "made_at", "expires_at")

    @admin.display(description="label")
    def pdf(self, label: Label) -> str:
        if not label.file:
            return "-"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:deliveries_label", args=(label.pk,)), label.format
        )


class TrackingEventInline(ReadOnlyInline[TrackingEvent, Shipment]):
    model = TrackingEvent
    fields = ("at", "kind", "place", "description", "raw_code")


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin[Shipment]):
    list_display = ("number", "store", "status", "provider", "tracking_number", "created_at")
    list_filter = ("status", "provider")
    list_select_related = ("ret", "store")
    search_fields = ("ret__number", "tracking_number", "labels__tracking_number")
    inlines = (ParcelInline, LabelInline, TrackingEventInline)

    @admin.display(description="return", ordering="ret__number")
    def number(self, shipment: Shipment) -> str:
        return shipment.ret.number

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.label)
        return [path("labels/<uuid:pk>/", view, name="deliveries_label"), *super().get_urls()]

    def label(self, request: HttpRequest, pk: UUID) -> FileResponse:
        """Labels lie in private storage: they are handed out here, never by their address."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        label = get_object_or_404(Label.objects.exclude(file=""), pk=pk)
        name = f"{label.reference}.{label.format}"
        return FileResponse(label.file.open("rb"), as_attachment=True, filename=name)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Shipment]:
        return super().get_queryset(request).select_related("method")
