"""New goods that ran out after the return was settled with them: their value is paid."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.verbs import lock
from apps.orders import choices as orders
from apps.orders.calculator.replacing import Replacement
from apps.orders.models import ExchangeLineItem, Return
from apps.payments.models import Payment
from apps.payments.modules.ledger import postings
from apps.payments.modules.ledger import services as ledger
from apps.payments.services.advances import is_waiting, post_withheld
from apps.payments.services.creating import write
from apps.payments.services.refunds import payment_of, plan_instead


@transaction.atomic
def promise_instead(exchange_id: UUID, at: datetime) -> list[Payment]:
    """The payments for the goods, made now or before; none where the settlement pays them, where
    nothing went out for them yet, or where the return was called off."""
    goods = ExchangeLineItem.objects.select_related("ret__order").get(pk=exchange_id)
    ret = goods.ret
    lock(ret.order)
    lock(ret)
    made = list(Payment.objects.for_return(ret).filter(instead_of=goods))
    over = ret.status == orders.Return.Status.CANCELLED
    if made or over or goods.replacement is None or is_waiting(ret):
        return made
    of_goods = _stands_in_books(ret, at)
    paid = Replacement.from_json(goods.replacement)
    payments = []
    for part in plan_instead(ret, paid):
        payment = payment_of(ret, part)
        payment.instead_of = goods
        write(payment)
        payment.post_instead(at, of_goods=of_goods)
        payments.append(payment)
    return payments


def promise_all_instead(ret: Return, at: datetime) -> list[Payment]:
    """For every goods of the return that ran out."""
    ran_out = ret.exchanges.filter(replacement__isnull=False).order_by("pk")
    goods = ran_out.values_list("pk", flat=True)
    return [payment for pk in goods for payment in promise_instead(pk, at)]


def _stands_in_books(ret: Return, at: datetime) -> bool:
    """Were the new goods posted as handed out? Not where nothing else was due to the shopper."""
    advance = ret.has_advance()
    if advance is not None:
        post_withheld(advance, at)
        return advance.method != postings.PLATFORM_PAYS_BY
    source = ledger.Source(ret.merchant_id, ret._meta.label_lower, ret.pk)
    return ledger.find(source, "promised") is not None
