"""URLs of the merchants host."""

from django.urls import include, path

from apps.api.common.problems import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", include("apps.api.common.urls")),
    path("", include("apps.users.urls")),
    path("", include("apps.api.merchants.urls")),
]
