"""URLs of every unknown host: health checks, nothing else."""

from django.urls import include, path

urlpatterns = [path("", include("apps.api.common.urls"))]
