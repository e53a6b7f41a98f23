"""URLs of the merchants host."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.api.common.urls")),
    path("", include("apps.api.merchants.urls")),
]
