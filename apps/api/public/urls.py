"""Routes of the public host."""

from django.urls import URLPattern, URLResolver, path

from apps.api.common.docs import docs
from apps.api.public.views import orders, returns, schema

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/schema", schema.SchemaView.as_view(), name="schema"),
    path("v1/docs", docs, name="docs"),
    path("v1/orders", orders.OrdersView.as_view(), name="orders"),
    path("v1/orders/bulk", orders.BulkOrdersView.as_view(), name="orders-bulk"),
    path("v1/orders/<uuid:id>", orders.OrderView.as_view(), name="order"),
    path("v1/returns", returns.ReturnsView.as_view(), name="returns"),
    path("v1/returns/<uuid:id>", returns.ReturnView.as_view(), name="return"),
    path("v1/returns/<uuid:id>/approve", returns.ApproveView.as_view(), name="return-approve"),
    path("v1/returns/<uuid:id>/reject", returns.RejectView.as_view(), name="return-reject"),
    path("v1/returns/<uuid:id>/receive", returns.ReceiveView.as_view(), name="return-receive"),
    path("v1/returns/<uuid:id>/decisions", returns.DecideView.as_view(), name="return-decide"),
]
