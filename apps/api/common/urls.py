"""Routes that every host has."""

from django.urls import path

from apps.api.common import health

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]
