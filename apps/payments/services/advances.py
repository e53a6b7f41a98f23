"""Money before inspection: each released part is paid, and its end stands in the books."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.verbs import lock
from apps.orders import choices as orders
from apps.orders.models import Advance, AdvancePart, Return
from apps.payments import choices
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.helpers import Part, cut, promise_of
from apps.payments.models import Payment
from apps.payments.modules.ledger import postings
from apps.payments.modules.ledger import services as ledger
from apps.payments.services import shop_credits
from apps.payments.services.creating import write
from apps.payments.services.refunds import payment_of, plan_of
from apps.underwriting.choices import RUNGS

Purpose, Status = choices.Payment.Purpose, choices.Payment.Status
PartStatus = orders.Advance.PartStatus


class AdvanceUnderWay(DomainError):
    code = "advance_under_way"
    title = "A payment of the advance is still under way"
    status = 409


@transaction.atomic
def promise_advance(part_id: UUID, at: datetime) -> list[Payment]:
    """The payments of a released part, made now or before; none for goods alone, or called off."""
    part = AdvancePart.objects.select_related("advance__ret__order").get(pk=part_id)
    ret = part.advance.ret
    lock(ret.order)
    lock(ret)
    made = list(Payment.objects.filter(advance_part=part).order_by("id"))
    if made or ret.status == orders.Return.Status.CANCELLED:
        return made
    post_withheld(part.advance, at)
    return [_promise(part, piece, at) for piece in _pieces(part.advance, part)]


@transaction.atomic
def take_back_credit(ret_id: UUID, at: datetime) -> list[UUID]:
    """Credit of the advance that is unused is taken back before anything is owed; what the shop is
    to be asked for it, in which case it is called again once the shop has spoken.

    Raises AdvanceUnderWay, to be called again, while some of it is not given yet.
    """
    ret = locked_return(ret_id)
    advance = Advance.objects.get(ret_id=ret_id)
    if advance.ended_at is not None:
        return []
    payments = Payment.objects.for_return(ret).refunds()
    under_way = (Status.PENDING, Status.PROCESSING, Status.UNKNOWN)
    if payments.filter(status__in=under_way).exists():
        raise AdvanceUnderWay(number=ret.number)
    taken = Money.zero(advance.currency)
    for account in StoreCreditAccount.objects.filter(ret_id=ret_id).open_at(at).order_by("id"):
        taken += account.withdraw(advance.short - taken, f"advance:{advance.pk}", at)
    there = shop_credits.reclaim(ret, advance.short - taken, at)
    if there.taken is not None:
        ret.close_advance(taken + there.taken, at)
    return there.asked


@transaction.atomic
def post_end(ret_id: UUID, at: datetime) -> None:
    """Who owes what of an advance that has ended; heard twice it is posted once."""
    ret = locked_return(ret_id)
    advance = Advance.objects.get(ret_id=ret_id)
    source = _source(advance)
    if ret.status == orders.Return.Status.CANCELLED:
        withheld = ledger.find(source, "promised")
        if withheld is not None and ledger.find(source, "unwound") is None:
            ledger.reverse(withheld, "unwound", at)
        return
    ours = _platforms_share(advance)
    short = platforms_part(advance, advance.short)
    _post_once(source, "accepted", postings.ADVANCE_ACCEPTED, ours - short, at)
    _post_once(source, "short", postings.ADVANCE_SHORT, short, at)
    _post_once(source, "merchant_short", postings.MERCHANT_SHORT, advance.short - short, at)


def is_waiting(ret: Return) -> bool:
    """Does nothing of its advance go out yet?"""
    return AdvancePart.objects.filter(advance__ret=ret).exists() and not (
        AdvancePart.objects.filter(advance__ret=ret).released().exists()
    )


def owed_by_merchant(ret_id: UUID) -> Money:
    """What the platform paid of an advance that ended, and the shopper does not owe."""
    advance = Advance.objects.select_related("ret").get(ret_id=ret_id)
    ours = _platforms_share(advance)
    return ours - platforms_part(advance, advance.short)


def owed_to_merchant(ret_id: UUID) -> Money:
    """What the merchant paid of an advance that ended, and did not get goods for."""
    advance = Advance.objects.select_related("ret").get(ret_id=ret_id)
    return advance.short - platforms_part(advance, advance.short)


def locked_return(ret_id: UUID) -> Return:
    ret = Return.objects.select_related("order").get(pk=ret_id)
    lock(ret.order)
    lock(ret)
    return ret


def _source(advance: Advance) -> ledger.Source:
    return ledger.Source(advance.merchant_id, advance._meta.label_lower, advance.pk)


def post_withheld(advance: Advance, at: datetime) -> None:
    """Fees and new goods, with the first part; of the platform's money the merchant grants none."""
    legs = postings.withheld(promise_of(advance.tree))
    by_bank = advance.method == orders.Return.RefundMethod.BANK_TRANSFER
    if legs and not by_bank and ledger.find(_source(advance), "promised") is None:
        ledger.post(_source(advance), "promised", legs, at)


def _promise(part: AdvancePart, piece: Part, at: datetime) -> Payment:
    payment = payment_of(part.advance.ret, piece)
    if payment.purpose == Purpose.REFUND:
        payment.purpose = Purpose.ADVANCE
    payment.advance_part = part
    write(payment)
    payment.post_advanced(at)
    return payment


def _pieces(advance: Advance, part: AdvancePart) -> tuple[Part, ...]:
    """What this part pays of the plan of the whole: it begins where those before it ended.

    Released at the end for some of the units, it holds the new goods of these, which are no money.
    """
    released = advance.parts.filter(status=PartStatus.RELEASED)
    in_order = sorted(released, key=lambda each: (RUNGS.index(each.rung), each.pk))
    before = in_order[: [each.pk for each in in_order].index(part.pk)]
    start = Money.total((each.amount for each in before), advance.currency)
    pays = part.amount - advance.ret.goods_earned(advance)
    return cut(plan_of(advance.ret, advance.tree), start, start + pays)


def _platforms_share(advance: Advance) -> Money:
    released = advance.parts.filter(status=PartStatus.RELEASED)
    pieces = [piece for part in released for piece in _pieces(advance, part)]
    ours = (piece.amount for piece in pieces if piece.gateway == postings.PLATFORM_PAYS_BY)
    return Money.total(ours, advance.currency)


def platforms_part(advance: Advance, short: Money) -> Money:
    """In proportion, where the platform paid some of it and the merchant's credit the rest."""
    ours = _platforms_share(advance)
    theirs = advance.out - ours
    if not short or not ours:
        return Money.zero(advance.currency)
    return short.allocate([ours.minor, theirs.minor])[0]


def _post_once(
    source: ledger.Source, kind: str, sides: postings.Sides, amount: Money, at: datetime
) -> None:
    if amount and ledger.find(source, kind) is None:
        ledger.post(source, kind, postings.move(sides, amount), at)
