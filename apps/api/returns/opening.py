"""A quote becomes a return, with its account for a transfer and its label, all or nothing."""

from datetime import datetime

from django.db import transaction

from apps.api.models import PortalSession
from apps.api.returns.auth import IsProved
from apps.api.returns.forms.returns import ReturnWanted
from apps.api.returns.limits import MAX_OPEN_RETURNS
from apps.api.returns.methods import method_again, outcome_of
from apps.core.errors import DomainError
from apps.core.verbs import lock
from apps.deliveries import services as deliveries
from apps.orders import choices
from apps.orders.dtos import ConsentGiven, OpenReturn
from apps.orders.models import Order, Quote, Return
from apps.orders.services import open_return
from apps.orders.services.granting import reserve_advance
from apps.orders.services.opening import QuoteChanged, UnknownQuote
from apps.payments import services as payments

Method = choices.Return.RefundMethod


class ProofRequired(DomainError):
    code = "proof_required"
    title = IsProved.message
    status = 403


class TooManyOpenReturns(DomainError):
    code = "too_many_open_returns"
    title = "This order has as many open returns as it may have"
    status = 409


def open_for(session: PortalSession, wanted: ReturnWanted, language: str, at: datetime) -> Return:
    """`language` is the one that the words of an instant refund were read in.

    Raises what open_return raises, ProofRequired for an account named by a session that proved
    nothing, or TooManyOpenReturns.
    """
    with transaction.atomic():
        try:
            return _open(session, wanted, language, at)
        except QuoteChanged as changed:
            # Raised outside, so that the new quote it names is kept.
            refusal = changed
    raise refusal


def _open(session: PortalSession, wanted: ReturnWanted, language: str, at: datetime) -> Return:
    by_bank = wanted.refund_method == Method.BANK_TRANSFER
    if by_bank and not session.is_proved:
        raise ProofRequired
    order = session.order
    request = _request(order, wanted, language)
    # Limits stand first in the lock order of the house.
    reserve_advance(order, request, at)
    lock(order)
    if Return.objects.for_merchant(order.merchant).filter(order=order).live().count() >= (
        MAX_OPEN_RETURNS
    ):
        raise TooManyOpenReturns(most=MAX_OPEN_RETURNS)
    ret = open_return(order, request, at).ret
    payments.keep_card_for(ret, wanted.quote)
    if by_bank:
        payments.set_payout_account(ret, wanted.iban, wanted.holder, at)
    if ret.status == choices.Return.Status.IN_PROGRESS and deliveries.is_local(ret.pk):
        deliveries.prepare_return(ret.pk, at)
    return ret


def _request(order: Order, wanted: ReturnWanted, language: str) -> OpenReturn:
    quotes = Quote.objects.for_merchant(order.merchant).filter(order=order)
    quote = quotes.filter(pk=wanted.quote).first()
    if quote is None:
        raise UnknownQuote(quote=str(wanted.quote))
    outcome = outcome_of([unit["wish"] for unit in quote.request["units"]])
    return OpenReturn(
        quote_id=quote.pk,
        refund_method=wanted.refund_method,
        method=method_again(order, quote.request["method"], outcome),
        filed_by=choices.Return.FiledBy.SHOPPER,
        consent=ConsentGiven(wanted.consent_version, language) if wanted.instant else None,
        iban=wanted.iban,
        collects=payments.can_collect(order.merchant_id, order.store_id),
    )
