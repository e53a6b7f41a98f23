"""What the end of a recovery means to the books: who bears what the shopper does not owe."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.money import Money
from apps.core.verbs import lock
from apps.orders.models import Advance, Recovery
from apps.payments.modules.ledger import postings
from apps.payments.modules.ledger import services as ledger
from apps.payments.services.advances import platforms_part

GIVEN_UP, CLOSED, PAID_AFTER_ALL = "given_up", "closed", "paid_after_all"


def post_given_up(recovery_id: UUID, amount: Money, at: datetime) -> None:
    """A loss of the platform; heard twice it is posted once."""
    _post(recovery_id, GIVEN_UP, postings.move(postings.RECOVERY_GIVEN_UP, amount), at)


def post_paid_after_all(recovery_id: UUID, amount: Money, sequence: int, at: datetime) -> None:
    """`sequence` of the event tells one late payment from the next."""
    legs = postings.move(postings.RECOVERY_PAID_AFTER_ALL, amount)
    _post(recovery_id, f"{PAID_AFTER_ALL}.{sequence}", legs, at)


def post_closed(recovery_id: UUID, lost: Money, at: datetime) -> None:
    """`lost` is what stood as given up when it was closed."""
    ours = borne_by_merchant(recovery_id)
    recovery = Recovery.objects.get(pk=recovery_id)
    _post(recovery_id, CLOSED, postings.recovery_closed(ours, recovery.due - ours, lost), at)


def borne_by_merchant(recovery_id: UUID) -> Money:
    """Of a recovery that closes: what the platform paid, so that the merchant comes to owe it."""
    recovery = Recovery.objects.get(pk=recovery_id)
    advance = Advance.objects.select_related("ret__order").filter(ret_id=recovery.ret_id).first()
    if advance is None:
        return Money.zero(recovery.currency)
    return platforms_part(advance, recovery.due)


def taken_back_from_merchant(recovery_id: UUID) -> Money:
    """Of a recovery that closes: what the platform came to owe the merchant for its goods."""
    return Recovery.objects.get(pk=recovery_id).due - borne_by_merchant(recovery_id)


@transaction.atomic
def _post(recovery_id: UUID, kind: str, legs: postings.Legs, at: datetime) -> None:
    recovery = Recovery.objects.select_related("ret__order").get(pk=recovery_id)
    lock(recovery.ret.order)
    lock(recovery.ret)
    lock(recovery)
    source = ledger.Source(recovery.merchant_id, recovery._meta.label_lower, recovery.pk)
    if legs and ledger.find(source, kind) is None:
        ledger.post(source, kind, legs, at)
