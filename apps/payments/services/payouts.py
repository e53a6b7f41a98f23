"""Bank transfers: the shopper's account, the batch, its approval, its file and its end."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models, transaction

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.verbs import lock
from apps.orders import choices as orders
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.gateways.bank_transfer.accounts import account_hash, check_account
from apps.payments.gateways.bank_transfer.batch import NotApprover
from apps.payments.gateways.bank_transfer.filing import batch_file, debtor_of
from apps.payments.gateways.bank_transfer.models import (
    BankTransferBatch,
    BankTransferItem,
    BankTransferPayout,
    PayoutDestination,
)
from apps.payments.limits import needs_second_person

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.orders.models import Return
    from apps.payments.managers import BankTransferPayoutQuerySet
    from apps.users.models import User

Status = choices.Payment.Status
MOST_TRANSFERS = 1000


class NotByBankTransfer(DomainError):
    code = "not_by_bank_transfer"
    title = "The return is not refunded by bank transfer"
    status = 409


class DestinationFixed(DomainError):
    code = "payout_account_fixed"
    title = "The payout is on its way; its account cannot change any more"
    status = 409


class NothingToTransfer(DomainError):
    code = "nothing_to_transfer"
    title = "No payout waits to be sent to a known account"
    status = 409


class DestinationMismatch(DomainError):
    code = "payout_account_mismatch"
    title = "The account is not the one that the payout was made for"
    status = 409


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """`payment_ids` None takes every payout that waits, up to 1000. Advances leave in batches of
    their own, which `of_platform` asks for: from the platform's account, by its own staff."""

    merchant: "Merchant"
    by: "User"
    payment_ids: tuple[UUID, ...] | None = None
    of_platform: bool = False


@transaction.atomic
def set_payout_account(ret: "Return", iban: str, holder: str, at: datetime) -> PayoutDestination:
    """Raises InvalidAccount, OutsideSepa, or DestinationFixed once a payout is in a batch."""
    account = check_account(iban, holder)
    lock(ret)
    if ret.refund_method != orders.Return.RefundMethod.BANK_TRANSFER:
        raise NotByBankTransfer(method=ret.refund_method)
    payouts = BankTransferPayout.objects.for_return(ret)
    waiting = [payout for payout in _locked(payouts) if _may_still_change(payout)]
    destination = PayoutDestination.objects.filter(ret=ret).first()
    if destination is None:
        destination = PayoutDestination(merchant_id=ret.merchant_id, ret=ret)
    destination.keep(account, at)
    destination.save()
    for payout in waiting:
        payout.pay_to(account)
        payout.save(update_fields=["account", "last_four", "destination_hash", "updated_at"])
    ret.record(
        choices.Event.PAYOUT_ACCOUNT_SET,
        last_four=account.last_four,
        country=destination.country,
    )
    return destination


@transaction.atomic
def open_batch(request: BatchRequest, at: datetime) -> BankTransferBatch:
    """A draft of the payouts that have an account and are in no batch; raises NothingToTransfer."""
    merchant, advance = request.merchant, choices.Payment.Purpose.ADVANCE
    if request.of_platform:
        _check_staff(request.by)
    else:
        debtor_of(merchant)
    waiting = BankTransferPayout.objects.for_merchant(merchant).filter(
        status=Status.PENDING, currency="EUR"
    )
    waiting = waiting.exclude(destination_hash="").order_by("id")
    by_platform = models.Q(purpose=advance)
    waiting = waiting.filter(by_platform if request.of_platform else ~by_platform)
    if request.payment_ids is not None:
        waiting = waiting.filter(pk__in=request.payment_ids)
    payouts = [each for each in _locked(waiting[:MOST_TRANSFERS]) if each.current_item is None]
    if not payouts:
        raise NothingToTransfer
    return _draft(request, payouts)


def approve_batch(batch: BankTransferBatch, by: "User", at: datetime) -> None:
    """Raises NotApprover; the platform's money is let go by its staff alone."""
    if batch.items.filter(payment__purpose=choices.Payment.Purpose.ADVANCE).exists():
        _check_staff(by)
    batch.approve(by, at)


def _check_staff(by: "User") -> None:
    if not by.is_staff:
        raise NotApprover


@transaction.atomic
def export_batch(batch: BankTransferBatch, at: datetime) -> bytes:
    """The pain.001.001.09 file; asked for again it is the same file and sends nothing twice."""
    lock(batch)
    if (made := batch.exported_file()) is not None:
        return made
    if not batch.can_become(choices.BankTransferBatch.Status.EXPORTED):
        batch.become(choices.BankTransferBatch.Status.EXPORTED)
    payouts = _payouts_of(batch)
    for payout in payouts:
        if account_hash(payout.destination()) != payout.destination_hash:
            raise DestinationMismatch(payment=str(payout.pk))
    xml = batch_file(batch, payouts, at)
    batch.leave(xml, at)
    for payout in payouts:
        payout.submit(at)
        payout.settle(payout.call(), at)
    return xml


@transaction.atomic
def settle_batch(batch: BankTransferBatch, at: datetime) -> None:
    """The bank has executed it: every transfer that it did not reject has succeeded."""
    if not batch.conclude(at):
        return
    for payout in _payouts_of(batch):
        payout.settle(Answer(choices.Payment.Outcome.SUCCEEDED, payout.reference), at)


def reject_transfer(payout: BankTransferPayout, code: str, at: datetime) -> None:
    """The bank refused one transfer of a batch; the debt is open again."""
    payout.settle(Answer(choices.Payment.Outcome.FAILED, failure_code=code), at)


def return_transfer(payout: BankTransferPayout, code: str, at: datetime) -> None:
    """The money came back after success (pacs.004); the debt is open again."""
    payout.come_back(code, at)


def _may_still_change(payout: BankTransferPayout) -> bool:
    fixed = (Status.PROCESSING, Status.UNKNOWN, Status.SUCCEEDED)
    pending = payout.status == Status.PENDING
    if payout.status in fixed or (pending and payout.current_item is not None):
        raise DestinationFixed(payment=str(payout.pk))
    return pending


def _locked(payouts: "BankTransferPayoutQuerySet") -> list[BankTransferPayout]:
    return list(payouts.select_for_update(no_key=True, of=("self", "payment_ptr")))


def _payouts_of(batch: BankTransferBatch) -> list[BankTransferPayout]:
    """Locked; without those that were tried again since and stand in a later batch."""
    lines = dict(batch.items.values_list("payment_id", "end_to_end_id"))
    payouts = _locked(BankTransferPayout.objects.filter(pk__in=lines).order_by("id"))
    return [payout for payout in payouts if payout.reference == lines[payout.pk]]


def _draft(request: BatchRequest, payouts: list[BankTransferPayout]) -> BankTransferBatch:
    total = Money.total((payout.amount for payout in payouts), "EUR")
    batch = BankTransferBatch(
        merchant=request.merchant,
        total_minor=total.minor,
        transfers_count=len(payouts),
        needs_second_person=needs_second_person(total),
        requested_by=request.by,
    )
    batch.save(force_insert=True)
    BankTransferItem.objects.bulk_create(
        BankTransferItem(
            merchant=request.merchant,
            batch=batch,
            payment_id=payout.pk,
            end_to_end_id=payout.reference,
            currency=payout.currency,
            amount_minor=payout.amount_minor,
        )
        for payout in payouts
    )
    batch.record(choices.Event.BATCH_OPENED, transfers=len(payouts), **total.as_json())
    return batch
