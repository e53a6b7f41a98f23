"""URLs of the api host, for third parties."""

from django.urls import include, path

urlpatterns = [path("", include("apps.api.common.urls")), path("", include("apps.api.public.urls"))]
