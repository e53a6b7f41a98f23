"""Routes of the public host."""

from django.urls import URLPattern, URLResolver, path

from apps.api.common.docs import docs
from apps.api.public import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/schema", views.SchemaView.as_view(), name="schema"),
    path("v1/docs", docs, name="docs"),
]
