"""Requests of shoppers about their data: taken in once, by whoever brings them.

What is done about them stands above, where everything that is known of a shopper can be reached.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from apps.accounts.models import Customer, Store
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.core.verbs import lock
from apps.orders.managers import OrderQuerySet
from apps.orders.models import Order, PrivacyRequest
from apps.orders.modules.privacy import choices
from apps.orders.modules.privacy.models import WITHIN

if TYPE_CHECKING:
    from apps.accounts.models import Merchant

Kind = choices.PrivacyRequest.Kind
KINDS: Mapping[str, Kind] = {
    "customers/data_request": Kind.EXPORT,
    "customers/redact": Kind.ERASURE,
    "shop/redact": Kind.SHOP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The shopper by any of their names; `orders` are ids at the shop. With a store, only what is
    known there is meant."""

    kind: str
    source: str
    reference: str
    store: Store | None = None
    email: str = ""
    external_id: str = ""
    orders: tuple[str, ...] = field(default=())


class PrivacyRequestRefused(DomainError):
    code = "privacy_request_refused"
    title = "The request was refused; its `refusal` says why"
    status = 409


def ask_as_shopper(
    store: Store, customer: Customer, kind: str, at: datetime
) -> tuple[PrivacyRequest, bool]:
    """About what they have at this store, and whether it is new: one at a time is open."""
    with transaction.atomic():
        lock(customer)
        mine = PrivacyRequest.objects.of_customer(store, customer).undone()
        known = mine.filter(kind=kind, source=choices.PrivacyRequest.Source.SHOPPER).first()
        if known is not None:
            return known, False
        asked = Asked(
            kind=kind,
            source=choices.PrivacyRequest.Source.SHOPPER,
            reference=f"shopper:{uuid7()}",
            store=store,
            email=customer.email,
        )
        return ask(store.merchant, asked, at), True


def ask(merchant: "Merchant", asked: Asked, at: datetime) -> PrivacyRequest:
    """One request for each kind and reference, however often it is brought."""
    requests = PrivacyRequest.objects.for_merchant(merchant)
    known = requests.filter(kind=asked.kind, reference=asked.reference)
    try:
        with transaction.atomic():
            return known.first() or _made(merchant, asked, at)
    except IntegrityError:
        return known.get()


def _made(merchant: "Merchant", asked: Asked, at: datetime) -> PrivacyRequest:
    customer = _customer(merchant, asked)
    made = PrivacyRequest(
        merchant=merchant,
        store=asked.store,
        customer=customer,
        kind=asked.kind,
        source=asked.source,
        reference=asked.reference,
        orders=[str(pk) for pk in _named(merchant, asked).values_list("pk", flat=True)],
        asked_at=at,
        due_at=at + WITHIN,
    )
    made.save(force_insert=True)
    made.record(choices.Event.PRIVACY_ASKED, about=asked.kind)
    return made


def _customer(merchant: "Merchant", asked: Asked) -> Customer | None:
    customers = Customer.objects.for_merchant(merchant)
    found = customers.with_email(asked.email).first() if asked.email else None
    if found is None and asked.external_id:
        found = customers.filter(external_id=asked.external_id).order_by("id").first()
    return found


def _named(merchant: "Merchant", asked: Asked) -> OrderQuerySet:
    """Orders that may belong to no customer: by what stands in them."""
    orders = Order.objects.for_merchant(merchant)
    if asked.store is not None:
        orders = orders.filter(store=asked.store)
    wanted = Q(pk__in=[])
    if asked.email:
        wanted |= Q(email=asked.email.strip().lower())
    if asked.store is not None and asked.orders:
        wanted |= Q(external_id__in=asked.orders)
    return orders.filter(wanted)


def orders_of(request: PrivacyRequest) -> OrderQuerySet:
    """All that it is about, those that came in since included."""
    orders = Order.objects.filter(merchant_id=request.merchant_id)
    if request.store_id is not None:
        orders = orders.filter(store_id=request.store_id)
    if request.kind == Kind.SHOP:
        return orders
    wanted = Q(pk__in=request.orders)
    if request.customer_id is not None:
        wanted |= Q(customer_id=request.customer_id)
    return orders.filter(wanted)


def hear(
    store: Store, topic: str, told: Mapping[str, Any], *, reference: str, at: datetime
) -> None:
    """A platform's privacy topic, for every store that lives at that shop. `reference` names this
    telling of it: who was erased once may come back as a customer, and ask again."""
    kind = KINDS.get(topic)
    if kind is None:
        return
    for each in Store.objects.filter(platform=store.platform, domain=store.domain):
        ask(each.merchant, _as_told(each, kind, told, reference), at)


def _as_told(store: Store, kind: Kind, told: Mapping[str, Any], reference: str) -> Asked:
    customer = told.get("customer")
    who: Mapping[str, Any] = customer if isinstance(customer, dict) else {}
    ids = told.get("orders_to_redact") or told.get("orders_requested") or []
    return Asked(
        kind=kind,
        source=choices.PrivacyRequest.Source.PLATFORM,
        reference=f"{reference}:{store.pk}",
        store=store,
        email=_text(who.get("email")),
        external_id=_text(who.get("id")),
        orders=tuple(_text(each) for each in ids) if isinstance(ids, list) else (),
    )


def _text(value: object) -> str:
    return str(value)[:80] if isinstance(value, int | str) and not isinstance(value, bool) else ""
