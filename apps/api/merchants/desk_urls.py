"""Routes of the merchants host for money, settings and rules."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
