"""Routes of tests only, put in the place of a host's own by the fixture `test_routes`."""

from django.urls import path

from apps.api.common.problems import handler400, handler403, handler404, handler500
from apps.api.tests import views

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("v1/echo", views.EchoView.as_view()),
    path("v1/open-echo", views.OpenEchoView.as_view()),
    path("v1/customers", views.CustomersListView.as_view()),
    path("v1/customers/<uuid:pk>", views.CustomerView.as_view()),
    path("v1/local", views.LocalView.as_view()),
    path("v1/remote", views.RemoteView.as_view()),
    path("v1/optional", views.OptionalView.as_view()),
    path("v1/raise/<slug:kind>", views.RaiseView.as_view()),
]
