"""Routes of the merchants host; login and sessions are allauth's (apps.users.urls)."""

from typing import Any

from django.urls import URLPattern, URLResolver, path

from apps.api.merchants import desk_urls
from apps.api.merchants.views import (
    addresses,
    connections,
    decisions,
    filing,
    imports,
    installs,
    me,
    orders,
    places,
    returns,
    schema,
    settings,
    store_rules,
)


def route(address: str, view: Any, name: str) -> URLPattern:
    pattern: URLPattern = path(f"v1/{address}", view.as_view(), name=name)
    return pattern


RETURN = "returns/<uuid:id>"
STORE = "stores/<slug:slug>"

urlpatterns: list[URLPattern | URLResolver] = [
    route("schema", schema.SchemaView, "schema"),
    route("me", me.MeView, "me"),
    route("stores", places.StoresView, "stores"),
    route("locations", places.LocationsView, "locations"),
    route("orders", orders.OrdersView, "orders"),
    route("orders/<uuid:id>", orders.OrderView, "order"),
    route("orders/<uuid:id>/quotes", filing.QuotesView, "order-quotes"),
    route("orders/<uuid:id>/returns", filing.OrderReturnsView, "order-returns"),
    route("imports", imports.ImportsView, "imports"),
    route("imports/<uuid:id>", imports.ImportView, "import"),
    route("imports/<uuid:id>/issues", imports.ImportIssuesView, "import-issues"),
    route("returns", returns.ReturnsView, "returns"),
    route("returns/bulk", decisions.BulkView, "returns-bulk"),
    route(RETURN, returns.ReturnView, "return"),
    route(f"{RETURN}/approve", decisions.ApproveView, "return-approve"),
    route(f"{RETURN}/reject", decisions.RejectView, "return-reject"),
    route(f"{RETURN}/receive", decisions.ReceiveView, "return-receive"),
    route(f"{RETURN}/cancel", decisions.CancelView, "return-cancel"),
    route(f"{RETURN}/notes", decisions.NotesView, "return-notes"),
    route(f"{RETURN}/refund-method", decisions.RefundMethodView, "return-refund-method"),
    route(f"{RETURN}/decisions", decisions.DecisionsView, "return-decisions"),
    route(f"{RETURN}/restock", decisions.RestockView, "return-restock"),
    route("settings", settings.SettingsView, "settings"),
    route("settings/sync", settings.SyncView, "settings-sync"),
    route(f"{STORE}/address-suggestions", addresses.AddressSuggestionsView, "address-suggestions"),
    route(f"{STORE}/connection", connections.ConnectionView, "store-connection"),
    route(f"{STORE}/connection/install", installs.InstallView, "store-install"),
    route(f"{STORE}/connection/claim", installs.ClaimView, "store-claim"),
    route(f"{STORE}/settings", settings.StoreSettingsView, "store-settings"),
    route(f"{STORE}/settings/follow", settings.FollowView, "store-settings-follow"),
    route(f"{STORE}/reasons", store_rules.ReasonsView, "reasons"),
    route("reasons/<uuid:id>", store_rules.ReasonView, "reason"),
    route(f"{STORE}/policies", store_rules.PoliciesView, "policies"),
    route("policies/<uuid:id>", store_rules.PolicyView, "policy"),
    route("policies/<uuid:id>/publish", store_rules.PublishView, "policy-publish"),
    route("policies/<uuid:id>/simulate", store_rules.SimulateView, "policy-simulate"),
    route(f"{STORE}/return-methods", store_rules.MethodsView, "return-methods"),
    route("return-methods/<uuid:id>", store_rules.MethodView, "return-method"),
    *desk_urls.urlpatterns,
]
