"""Routes of the platforms host."""

from django.urls import URLPattern, URLResolver, path

from apps.api.platforms import installs, views

# Addresses are tried in this order, and nearly all that is called is the first.
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/<slug:vendor>/<slug:token>", views.WebhookView.as_view(), name="platform-webhook"),
    path("v1/schema", views.SchemaView.as_view(), name="schema"),
    path(
        "v1/carriers/<slug:vendor>/<slug:token>",
        views.CarrierWebhookView.as_view(),
        name="carrier-webhook",
    ),
    path(
        "v1/gateways/<slug:vendor>/<slug:token>",
        views.GatewayWebhookView.as_view(),
        name="gateway-webhook",
    ),
    path(
        "v1/installs/<slug:platform>/<slug:step>",
        installs.InstallView.as_view(),
        name="install",
    ),
]
