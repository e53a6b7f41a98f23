"""`python -m benchmarks.product.cursor`: the cursor that leads to the last page of 50 orders."""

import django


def last_page() -> str:
    from apps.api.common.pages import encode
    from apps.api.public.forms.orders import OrdersPage
    from apps.orders.models import Order

    ordering = OrdersPage.orderings[0]
    rows = Order.objects.order_by("placed_at", "id").values_list(*ordering.columns)
    return encode(OrdersPage.__qualname__, ordering.name, rows[50])


if __name__ == "__main__":
    django.setup()
    print(last_page())
