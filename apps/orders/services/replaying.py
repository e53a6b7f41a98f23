"""A return that happened elsewhere, written down: units gone, accepted, refunded by the shop."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from apps.core.verbs import lock
from apps.orders import choices
from apps.orders.calculator.calculate import calculate
from apps.orders.dtos import MethodChoice, OpenReturn, UnitWish
from apps.orders.models import Return
from apps.orders.modules.discounts.terms import FrozenTerms
from apps.orders.services.opening import file_return
from apps.orders.services.picking import pick
from apps.orders.services.quoting import Priced

if TYPE_CHECKING:
    from apps.orders.models import Order

ELSEWHERE = choices.Return.RefundMethod.ELSEWHERE


def replay_return(
    order: "Order", units: Mapping[UUID, int], external_id: str, at: datetime
) -> tuple[Return, bool]:
    """The return and whether it is new; `external_id` makes a repeat find the first one."""
    with transaction.atomic():
        lock(order)
        known = Return.objects.for_store(order.store).filter(external_id=external_id).first()
        if known is not None:
            return known, False
        wish = choices.ReturnLineItem.Wish.REFUND
        picked = pick(order, [UnitWish(line, quantity, wish) for line, quantity in units.items()])
        terms = FrozenTerms.plain(order.currency)
        requests = tuple(
            each.as_request(tax_included=order.tax_included, waives_fees=True) for each in picked
        )
        breakdown = calculate(order.facts(), requests, terms.for_method(ELSEWHERE))
        priced = Priced(
            picked, requests, terms, {ELSEWHERE: breakdown}, held=False, policy_version=0
        )
        filed_by = choices.Return.FiledBy.PLATFORM
        request = OpenReturn(order.pk, ELSEWHERE, MethodChoice(), filed_by, external_id)
        ret = file_return(order, priced, request, at).ret
        ret.receive(at)
        ret.accept_all(at)
        return ret, True
