"""Routes of the returns host."""

from django.urls import URLPattern, URLResolver, path

from apps.api.returns import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/schema", views.SchemaView.as_view(), name="schema"),
]
