"""`python -m benchmarks.product.refunds <count>`: returns opened, received, accepted and
promised as store credit; the hint of each refund waits at the broker."""

import sys

import django


def promise(count: int) -> None:
    from apps.core import clock
    from apps.orders import choices
    from apps.orders.dtos import MethodChoice, OpenReturn, QuoteRequest, UnitWish
    from apps.orders.models import Order
    from apps.orders.services import open_return, quote_return

    shopper = choices.Return.FiledBy.SHOPPER
    credit = choices.Return.RefundMethod.STORE_CREDIT
    orders = Order.objects.filter(external_id__startswith="e").order_by("placed_at")
    for order in orders.select_related("store", "merchant", "customer")[:count]:
        at = clock.now()
        line = order.lines.all()[0]
        wish = UnitWish(line.pk, 1, wish=choices.ReturnLineItem.Wish.REFUND)
        free = MethodChoice()
        quote = quote_return(order, QuoteRequest((wish,), free, shopper), at)
        ret = open_return(order, OpenReturn(quote.pk, credit, free, shopper), at).ret
        ret.ship(at)
        ret.receive(at)
        ret.accept_all(at)


if __name__ == "__main__":
    django.setup()
    import config.celery  # noqa: F401 - the application that tasks belong to

    promise(int(sys.argv[1]))
