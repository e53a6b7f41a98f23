"""URLs of the platforms host."""

from django.urls import include, path

from apps.api.common.problems import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", include("apps.api.platforms.urls")),
    path("", include("apps.api.common.urls")),
]
