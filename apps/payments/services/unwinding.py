"""An instant return called off: nothing is left outside, or nothing has changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.errors import DomainError
from apps.core.verbs import lock
from apps.integrations.models import PlatformAction
from apps.orders.choices import Return as Words
from apps.orders.mixins.cancellation import UnitsAccepted
from apps.orders.mixins.keeping import CHANGED_MIND
from apps.orders.mixins.unwinding import AdvancePaid
from apps.orders.models import OrderTender, Return
from apps.orders.services.writing_back import can_take_credit_back
from apps.orders.services.writing_back_sending import send_action
from apps.payments import choices
from apps.payments.gateways.manual.models import ManualRefund
from apps.payments.gateways.shop_credit.models import ShopCreditRefund
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.models import Payment
from apps.payments.services import shop_credits
from apps.payments.services.advances import AdvanceUnderWay, locked_return, take_back_credit
from apps.payments.services.sending import send_payment

Status = choices.Payment.Status
# A connector's word for credit of which some is spent.
USED = "credit_used"
WAITING = (Status.PROCESSING, Status.UNKNOWN)


class AdvanceSpent(DomainError):
    code = "advance_spent"
    title = "The store credit of the advance was used already"
    status = 409


class CreditKept(AdvanceSpent):
    code = "credit_kept_by_shop"
    title = "The shop did not take its credit back"


class CreditUnheard(DomainError):
    code = "credit_unheard"
    title = "The shop has not said yet whether its credit is unspent; ask again"
    status = 503


def unwind_return(ret: Return, reason: str, at: datetime) -> None:
    """What is not sent is cancelled, unused credit voided; no transaction is open, for the shop is
    asked to void the credit that it keeps.

    Raises AdvancePaid, AdvanceSpent, AdvanceUnderWay, UnitsAccepted, or CreditUnheard, after which
    it is called off as soon as the shop has said that nothing was spent.
    """
    for action_id in _ask(ret, reason, at):
        send_action(action_id, at)
    refusal, again = _finish(ret.pk, reason, at)
    for payment in again:
        send_payment(payment.pk, at)
    ret.refresh_from_db()
    if refusal is not None:
        raise refusal


def keep_goods(ret: Return, lines: Sequence[UUID], at: datetime) -> None:
    """The shopper keeps these units of an instant return, all where none is named. All of them, and
    nothing that was paid is out of reach: it is called off. Else the units are owed.

    Raises NothingAdvanced, GoodsOnTheirWay, UnknownReturnLine, IllegalTransition, or CreditUnheard.
    """
    ret.check_keepable(lines)
    if lines and ret.lines.exclude(pk__in=lines).exists():
        ret.keep(lines, at)
        return
    try:
        unwind_return(ret, CHANGED_MIND, at)
    except (AdvancePaid, AdvanceSpent, UnitsAccepted):
        ret.keep(lines, at)


def go_on_after_void(action_id: UUID, at: datetime) -> tuple[list[UUID], list[Payment]]:
    """The shop has spoken of credit that it was to take back: the advance is closed, the return is
    called off, or what was taken is given again. What is to be sent: to the shop, and payments."""
    action = PlatformAction.objects.get(pk=action_id)
    with transaction.atomic():
        ret = locked_return(action.ret_id)
        if not shop_credits.hear(ret, at) or ret.status == Words.Status.CANCELLED:
            return [], []
        advance = ret.has_advance()
        if ret.is_final and advance is not None:
            if advance.ended_at is None:
                return take_back_credit(ret.pk, at), []
            # Somebody had it tried again, after the advance was closed without it.
            late = [
                each for each in shop_credits.taken_back(ret) if _is_after(each, advance.ended_at)
            ]
            return [], shop_credits.give_again(late, at)
    if not shop_credits.taken_back(ret):
        return [], []
    return [], _finish(ret.pk, action.payload["reason"], at)[1]


@transaction.atomic
def _ask(ret: Return, reason: str, at: datetime) -> list[UUID]:
    """Credit of the shop is asked back only where all else can be unwound: it is rehearsed."""
    lock(ret.order)
    lock(ret)
    given = shop_credits.given(ret)
    if not given:
        return []
    if not can_take_credit_back(ret):
        raise CreditKept(number=ret.number, reason="not_offered")
    with transaction.atomic():
        _unwind(ret, reason, at, is_rehearsal=True)
        transaction.set_rollback(True)
    lock(ret)
    return shop_credits.ask_back(ret, given, reason, at)


@transaction.atomic
def _finish(ret_id: UUID, reason: str, at: datetime) -> tuple[DomainError | None, list[Payment]]:
    """Called off; or why not, and what is given again."""
    ret = locked_return(ret_id)
    shop_credits.hear(ret, at)
    try:
        with transaction.atomic():
            _unwind(ret, reason, at)
    except CreditUnheard as unheard:
        return unheard, []
    except DomainError as refusal:
        return refusal, shop_credits.give_again(shop_credits.taken_back(ret), at)
    return None, []


def _unwind(ret: Return, reason: str, at: datetime, *, is_rehearsal: bool = False) -> None:
    for payment in Payment.objects.for_return(ret).live():
        if isinstance(payment, ShopCreditRefund) and payment.status != Status.PENDING:
            _check_taken_back(payment, is_rehearsal=is_rehearsal)
        else:
            _call_off(payment, reason, at)
    for account in StoreCreditAccount.objects.filter(ret_id=ret.pk).order_by("id"):
        lock(account)
        if account.spent:
            raise AdvanceSpent(number=ret.number)
        account.void(reason or "unwound", at)
    ret.unwind(at, reason)


def _check_taken_back(credit: ShopCreditRefund, *, is_rehearsal: bool) -> None:
    if credit.status in WAITING:
        raise AdvanceUnderWay(payment=str(credit.pk))
    if credit.kept_because == USED:
        raise AdvanceSpent(payment=str(credit.pk))
    if credit.kept_because:
        raise CreditKept(payment=str(credit.pk), reason=credit.kept_because)
    if credit.is_given and not is_rehearsal:
        raise CreditUnheard(payment=str(credit.pk))


def _is_after(credit: ShopCreditRefund, ended_at: datetime) -> bool:
    return credit.voided_at is not None and credit.voided_at > ended_at


def _call_off(payment: Payment, reason: str, at: datetime) -> None:
    """What nobody sent yet; credit that was given is voided afterwards."""
    if payment.status == Status.PENDING:
        payment.cancel(at, reason)
        payment.post_cancelled(at)
        if isinstance(payment, ManualRefund) and payment.tender_id:
            OrderTender.objects.expect_at_shop(payment.tender_id, -payment.amount)
    elif payment.gateway != choices.Payment.Gateway.STORE_CREDIT:
        raise AdvancePaid(payment=str(payment.pk))
