"""Routes of the merchants host."""

from django.urls import URLPattern, URLResolver, path

from apps.api.merchants import desk_urls
from apps.api.merchants.views import schema

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/schema", schema.SchemaView.as_view(), name="schema"),
    *desk_urls.urlpatterns,
]
