"""From a return in progress to a label in the shopper's hands, and back when it is cancelled.

A label is promised in one transaction, made outside of any, and written down in another.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from apps.core.errors import DomainError
from apps.core.status import IllegalTransition
from apps.deliveries import choices
from apps.deliveries.dtos import LabelRequest, MadeLabel, UnitLine, address_of
from apps.deliveries.managers import LabelQuerySet
from apps.deliveries.mixins.label_rules import FeeNotSettled, ReturnNotInProgress
from apps.deliveries.models import Label, ReturnMethod, Shipment
from apps.deliveries.providers.base import (
    AbstractProvider,
    ProviderRefused,
    ProviderUnavailable,
)
from apps.deliveries.providers.registry import provider_class
from apps.deliveries.services.label_files import is_label, store
from apps.deliveries.services.shipments import start_shipment
from apps.orders import choices as orders
from apps.orders.models import Return

logger = logging.getLogger(__name__)

DEFAULT_LABEL_DAYS = 28
WAITING = (choices.Shipment.Status.PENDING, choices.Shipment.Status.LABEL_FAILED)
AT_ONCE = 200


class NotALabel(DomainError):
    code = "not_a_label"
    title = "A label is a PDF of at most 10 MB"
    status = 400


class NoLabelWanted(DomainError):
    code = "no_label_wanted"
    title = "Every parcel of this return has a label"
    status = 409


def prepare_return(ret_id: UUID, at: datetime) -> Shipment | None:
    """The return's shipment with its label; None when nothing travels. Safe to repeat.

    A label that may not be made (fee, address, carrier) leaves `label_failed` with its reason.
    Raises ProviderUnavailable when the carrier did not answer: repeat later.
    """
    shipment = start_shipment(ret_id, at)
    if shipment is not None and shipment.status == choices.Shipment.Status.VOIDED:
        # Cancelled while its label was made: the carrier may not have heard of it yet.
        _tell_of_voids(shipment, at)
    if shipment is None or shipment.status not in WAITING:
        return shipment
    if shipment.method is None or not shipment.method.makes_labels:
        return shipment
    try:
        make_labels(shipment, at)
    except FeeNotSettled as refusal:
        shipment.fail_label(refusal.code, at)
    except (ReturnNotInProgress, IllegalTransition) as refusal:
        logger.info("no label for shipment %s: %s", shipment.pk, refusal)
    return shipment


def make_labels(shipment: Shipment, at: datetime) -> None:
    """Make what is missing; raises what `Shipment.ask_labels` raises, or ProviderUnavailable."""
    wanted = shipment.ask_labels(at)
    if wanted and not shipment.recipient:
        shipment.fail_label("no_return_address", at)
        return
    provider = _provider(shipment)
    for label in wanted:
        if not _make(shipment, provider, label, at):
            return


def _provider(shipment: Shipment) -> AbstractProvider:
    provider = provider_class(shipment.provider)
    if shipment.account is None:
        return provider()
    return provider(shipment.account.unseal(), str(shipment.account.pk))


def _make(shipment: Shipment, provider: AbstractProvider, label: Label, at: datetime) -> bool:
    request = _request(shipment, label, at)
    is_local = provider.capabilities.is_local
    if not is_local and not shipment.hold_label(label.pk, at + settings.TASK_LEASE, at):
        return True
    try:
        stored = store(label, provider.make_label(request), request.expires_at)
    except ProviderUnavailable:
        shipment.let_go_of_label(label.pk)
        raise
    except ProviderRefused as refusal:
        shipment.fail_label(refusal.code, at)
        return False
    try:
        shipment.issue_label(label.pk, stored, at)
    except DomainError:
        # Cancelled while the carrier was at work: what was bought must not stay alive.
        _void_there(shipment, label, stored.tracking_number, at)
        raise
    return True


def _request(shipment: Shipment, label: Label, at: datetime) -> LabelRequest:
    ret, method = shipment.ret, shipment.method
    days = method.label_days if method else DEFAULT_LABEL_DAYS
    return LabelRequest(
        reference=label.reference,
        method=method.type if method else choices.ReturnMethod.Type.OWN_LABEL,
        return_number=ret.number,
        order_number=ret.order.number,
        merchant_name=ret.merchant.name,
        sender=address_of(shipment.sender),
        recipient=address_of(shipment.recipient),
        units=_units(ret),
        # From the day it was asked for, so that a repeat asks for the very same label.
        expires_at=label.created_at + timedelta(days=days),
        parcel_number=label.parcel.number,
        parcel_count=shipment.parcels.count(),
        weight_grams=label.parcel.weight_grams,
        link=_link(ret),
        language=_language(ret),
    )


def _units(ret: Return) -> tuple[UnitLine, ...]:
    return tuple(
        UnitLine(
            quantity=line.quantity,
            title=line.line_item.title,
            variant=line.line_item.variant_title,
            sku=line.line_item.sku,
        )
        for line in ret.lines.select_related("line_item")
    )


def _link(ret: Return) -> str:
    portal = str(ret.store.preferences.branding.get("portal_url", ""))
    return f"{portal.rstrip('/')}/{ret.number}" if portal.startswith("https://") else ""


def _language(ret: Return) -> str:
    spoken = ret.customer.language if ret.customer else ""
    return spoken or next(iter(ret.store.languages), "en")


def _void_there(shipment: Shipment, label: Label, tracking_number: str, at: datetime) -> None:
    """A carrier that gives nothing back is no reason to let the shopper travel on it."""
    provider = _provider(shipment)
    try:
        if provider.capabilities.voids_labels:
            provider.void_label(label.reference, tracking_number)
    except ProviderRefused as refusal:
        logger.error("label %s is not void at its carrier: %s", label.pk, refusal)
    shipment.told_of_void(label.pk, at)


def attach_label(shipment: Shipment, content: bytes, number: str, at: datetime) -> Label:
    """A PDF that the merchant supplies for the next parcel without a label.

    Raises NotALabel, NoLabelWanted, or what `Shipment.ask_labels` raises.
    """
    made = MadeLabel(content, choices.Label.Format.PDF, tracking_number=number[:60])
    if not is_label(made):
        raise NotALabel(size=len(content))
    wanted = shipment.ask_labels(at)
    if not wanted:
        raise NoLabelWanted(number=shipment.ret.number)
    label = wanted[0]
    days = shipment.method.label_days if shipment.method else DEFAULT_LABEL_DAYS
    shipment.issue_label(label.pk, store(label, made, at + timedelta(days=days)), at)
    label.refresh_from_db()
    return label


def remake_label(label: Label, at: datetime) -> None:
    """Void this label and make another for its parcel. Raises TooManyLabels, or IllegalTransition
    when the parcel travels."""
    shipment = label.shipment
    if label.status == choices.Label.Status.READY:
        shipment.drop_label(label.pk, at)
        _void_there(shipment, label, label.tracking_number, at)
    make_labels(shipment, at)


def void_labels(shipment: Shipment, at: datetime) -> bool:
    """No label of the shipment is good any more; raises IllegalTransition once it travels, and
    ProviderUnavailable: a repeat then tells the carrier. One asked for without an answer may exist
    there too."""
    changed = shipment.void(at)
    _tell_of_voids(shipment, at)
    return changed


def tell_of_voids(ret_id: UUID, at: datetime) -> None:
    """The carrier hears of labels that are void here; raises ProviderUnavailable."""
    for shipment in Shipment.objects.filter(ret_id=ret_id):
        _tell_of_voids(shipment, at)


def _tell_of_voids(shipment: Shipment, at: datetime) -> None:
    for label in shipment.labels.void_untold(at):
        _void_there(shipment, label, label.tracking_number, at)


def release_return(ret_id: UUID, at: datetime) -> bool:
    """The return was cancelled, or all of it is kept: its label goes too, unless the parcel left
    already. Of a rejected one the parcel may have come without a scan."""
    shipment = Shipment.objects.current(ret_id).select_related("ret").first()
    if shipment is None or _may_have_left(shipment.ret):
        return False
    try:
        return void_labels(shipment, at)
    except IllegalTransition as refusal:
        logger.info("shipment %s keeps its label: %s", shipment.pk, refusal)
        return False


def _may_have_left(ret: Return) -> bool:
    left = ret.shipped_at is not None or ret.received_at is not None
    return left and ret.status == orders.Return.Status.REJECTED


def label_of(ret: Return) -> Label | None:
    """The label to show: of the newest shipment, the first parcel's; None while there is none."""
    return labels_of(ret).first()


def labels_of(ret: Return) -> LabelQuerySet:
    shipment = Shipment.objects.filter(ret=ret).order_by("-id").first()
    return Label.objects.filter(merchant_id=ret.merchant_id, shipment=shipment).printable()


def is_prepared(ret_id: UUID) -> bool:
    """True when `prepare_return` would find a shipment that waits for nothing."""
    return Shipment.objects.current(ret_id).exclude(status__in=WAITING).exists()


def is_local(ret_id: UUID) -> bool:
    """True when the return's label is made here, without asking anybody."""
    method = ReturnMethod.objects.chosen_for(Return.objects.get(pk=ret_id))
    return method is None or provider_class(method.provider).capabilities.is_local


def expire_labels(at: datetime) -> int:
    return sum(shipment.expire(at) for shipment in Shipment.objects.expired(at)[:AT_ONCE])


def returns_left_with_void_label(before: datetime) -> list[UUID]:
    """Returns with a void label that the carrier never heard of: it did not answer, or we died."""
    labels = Label.objects.void_untold(before).filter(
        shipment__account__isnull=False, voided_at__lte=before
    )
    return list(labels.values_list("shipment__ret_id", flat=True).distinct()[:AT_ONCE])


def returns_left_without_label(before: datetime) -> list[UUID]:
    """Returns whose label was asked for and never written down: the maker died or gave up."""
    shipments = Shipment.objects.left_without_label(before)
    return list(shipments.values_list("ret_id", flat=True)[:AT_ONCE])
