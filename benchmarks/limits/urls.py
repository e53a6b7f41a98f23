from django.urls import path

from benchmarks.limits import bare, minimal, raw

urlpatterns = [
    path("health/live", bare.live),
    path("bare/orders/<uuid:id>", bare.order),
    path("bare/hooks", bare.hook),
    path("raw/orders", raw.orders),
    path("raw/quotes", raw.quote),
    path("raw/returns", raw.open_return),
    path("minimal/orders", minimal.OrdersView.as_view()),
    path("minimal/orders/<uuid:id>", minimal.OrderView.as_view()),
    path("minimal/hooks", minimal.HookView.as_view()),
    path("minimal/quotes", minimal.QuotesView.as_view()),
    path("minimal/returns", minimal.ReturnsView.as_view()),
]
