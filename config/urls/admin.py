"""URLs of the admin host, for staff."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("", include("apps.api.common.urls")), path("", admin.site.urls)]
