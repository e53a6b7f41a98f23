"""Routes of the customers host."""

from django.urls import URLPattern, URLResolver, include, path

from apps.api.customers import privacy_views, views

STORE: list[URLPattern | URLResolver] = [
    path("codes", views.CodesView.as_view(), name="codes"),
    path("sessions", views.SessionsView.as_view(), name="sessions"),
    path("session", views.SessionView.as_view(), name="session"),
    path("me", views.ProfileView.as_view(), name="me"),
    path("privacy-requests", privacy_views.PrivacyRequestsView.as_view(), name="privacy-requests"),
    path(
        "privacy-requests/<uuid:pk>",
        privacy_views.PrivacyRequestView.as_view(),
        name="privacy-request",
    ),
    path(
        "privacy-requests/<uuid:pk>/export",
        privacy_views.OwnExportView.as_view(),
        name="privacy-request-export",
    ),
    path("orders", views.OrdersView.as_view(), name="orders"),
    path("orders/<uuid:pk>", views.OrderView.as_view(), name="order"),
    path("returns", views.ReturnsView.as_view(), name="returns"),
    path("returns/<uuid:pk>", views.ReturnView.as_view(), name="return"),
    path("returns/<uuid:pk>/tracking", views.TrackingView.as_view(), name="return-tracking"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/schema", views.SchemaView.as_view(), name="schema"),
    path("v1/stores/<slug:slug>/", include(STORE)),
]
