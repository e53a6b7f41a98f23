"""The staff's site: what is looked up most stands first."""

from typing import TYPE_CHECKING, Any, override

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite as Site
else:
    from unfold.sites import UnfoldAdminSite as Site

APPS = (
    "accounts",
    "orders",
    "payments",
    "billing",
    "deliveries",
    "integrations",
    "underwriting",
    "notifications",
    "events",
    "users",
    "api",
)
FIRST = ("Merchant", "Store", "Customer", "Order", "Return", "Payment", "Shipment", "Event", "User")


class StaffSite(Site):
    site_title = site_header = "Reveni"
    index_title = "Back office"

    @override
    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        listed: list[Any] = super().get_app_list(request, app_label)
        for app in listed:
            app["models"].sort(key=lambda model: _place(FIRST, model["object_name"]))
        return sorted(listed, key=lambda app: _place(APPS, app["app_label"]))


class StaffSiteConfig(AdminConfig):
    default_site = "config.admin_site.StaffSite"


def _place(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)
