"""URLs of the platforms host."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.api.common.urls")),
    path("", include("apps.api.platforms.urls")),
]
