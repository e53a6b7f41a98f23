"""Credit that the shop keeps is taken back there: asked for here, sent outside any transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from apps.core.money import Money
from apps.integrations.choices import PlatformAction as Words
from apps.integrations.models import PlatformAction
from apps.orders.services import writing_back
from apps.payments import choices
from apps.payments.gateways.shop_credit.models import ShopCreditRefund
from apps.payments.models import Payment
from apps.payments.services.refunds import pay_another_way

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from apps.orders.models import Return

Status = Words.Status
REFUSED = (Status.FAILED, Status.NOT_OFFERED)
# A parked one waits for a person.
OPEN = (*Words.UNDER_WAY, Status.PARKED)


@dataclass(frozen=True, slots=True)
class Reclaimed:
    """`taken` is None while the shop has not said how much; `asked` is to be sent there."""

    taken: Money | None
    asked: list[UUID] = field(default_factory=list)


def given(ret: "Return") -> list[ShopCreditRefund]:
    """Oldest first, those included that the shop did not take back."""
    return list(ShopCreditRefund.objects.for_return(ret).given())


def taken_back(ret: "Return") -> list[ShopCreditRefund]:
    """Voided at the shop, and not given again."""
    voided = ShopCreditRefund.objects.for_return(ret).filter(voided_at__isnull=False)
    return list(voided.filter(status=choices.Payment.Status.SUCCEEDED))


def ask_back(
    ret: "Return", those: Iterable[ShopCreditRefund], reason: str, at: datetime
) -> list[UUID]:
    """What is to be sent to the shop; none where it was asked before."""
    wanted = {credit.pk: credit.credit_id for credit in those}
    return writing_back.take_credit_back(ret.pk, wanted, reason, at)


def hear(ret: "Return", at: datetime) -> bool:
    """Takes down what the shop has said of credit that it was to take back; False while it has not
    spoken of all. The return is locked."""
    actions = list(_actions(ret))
    for action in actions:
        credit = ShopCreditRefund.objects.get(pk=action.subject_id)
        if action.status == Status.DONE:
            credit.void(at)
        elif action.status in REFUSED:
            credit.stay(action.code)
    return not any(action.status in OPEN for action in actions)


def reclaim(ret: "Return", most: Money, at: datetime) -> Reclaimed:
    """Takes back what goes into `most` whole: the shop takes back no part of a credit. What was
    taken and is too much is given again. The return is locked."""
    if not hear(ret, at):
        return Reclaimed(None)
    back = taken_back(ret)
    counted = _fitting(back, most)
    give_again([credit for credit in back if credit not in counted], at)
    taken = Money.total((credit.amount for credit in counted), most.currency)
    unused = [credit for credit in given(ret) if not credit.kept_because]
    wanted = _fitting(unused, most - taken)
    if not wanted or not writing_back.can_take_credit_back(ret):
        return Reclaimed(taken)
    return Reclaimed(None, ask_back(ret, wanted, "", at))


def give_again(those: Iterable[ShopCreditRefund], at: datetime) -> list[Payment]:
    """Taken back for an end that did not come: new credit, to be sent."""
    new = []
    for credit in those:
        credit.restore(at)
        new.append(pay_another_way(credit.pk, credit.gateway, at))
    return new


def _fitting(those: Iterable[ShopCreditRefund], most: Money) -> list[ShopCreditRefund]:
    found = []
    for credit in those:
        if credit.amount <= most:
            most -= credit.amount
            found.append(credit)
    return found


def _actions(ret: "Return") -> "QuerySet[PlatformAction]":
    mine = PlatformAction.objects.for_store(ret.store).filter(ret_id=ret.pk)
    return mine.filter(kind=Words.Kind.VOID_CREDIT).order_by("pk")
