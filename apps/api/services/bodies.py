"""Files and raw bodies in which many people stand: webhooks, answers to API calls, imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import Customer, Store
from apps.api.models import IdempotencyRecord
from apps.core.mentions import mentioning
from apps.events.forgetting import forget_bodies, naming, on_their_way
from apps.events.models import InboxMessage
from apps.orders.managers import ImportJobQuerySet
from apps.orders.models import ImportJob, Order, PrivacyRequest
from apps.orders.modules.privacy import choices

# Shorter ids stand in anything.
LONG_ID = 9
NOTHING = b"{}"
# Clocks of several machines, and transactions that were under way.
A_MOMENT = timedelta(minutes=5)


def names_of(found: Sequence[Order], customer: Customer | None) -> frozenset[str]:
    """By which they are found where no column says whose a body is."""
    told: list[object] = []
    for order in found:
        told += [order.email, order.shipping_address.get("phone"), *_ids(order.external_id)]
    if customer is not None:
        told += [customer.email, customer.phone, *_ids(customer.external_id)]
    return frozenset(str(each) for each in told if each)


def _ids(external_id: str) -> list[str]:
    return [external_id] if len(external_id) >= LONG_ID else []


@dataclass(frozen=True, slots=True)
class Bodies:
    """Keys of what names somebody."""

    messages: tuple[UUID, ...] = ()
    answers: tuple[UUID, ...] = ()

    def __or__(self, other: "Bodies") -> "Bodies":
        messages = {*self.messages, *other.messages}
        return Bodies(tuple(messages), tuple({*self.answers, *other.answers}))


def find(request: PrivacyRequest, names: frozenset[str], since: datetime | None = None) -> Bodies:
    """Takes as long as there are many: without a lock first, then only those that came since."""
    messages, answers = _messages(request), _answers(request)
    if since is not None:
        messages = messages.filter(received_at__gte=since - A_MOMENT)
        answers = answers.filter(updated_at__gte=since - A_MOMENT)
    named = mentioning(answers, "body", names)
    return Bodies(tuple(naming(messages, names)), tuple(named))


def waiting_for(request: PrivacyRequest, bodies: Bodies | None = None) -> list[str]:
    """What is being read would be read after it was wiped; without bodies, whoever it is about."""
    messages = _messages(request)
    if bodies is not None:
        messages = messages.filter(pk__in=bodies.messages)
    why = ["webhook_waiting"] if on_their_way(messages) else []
    return [*why, *(["import_running"] if _imports(request).under_way().exists() else [])]


def forget_bodies_of(request: PrivacyRequest, bodies: Bodies) -> dict[str, int]:
    answers = _answers(request).filter(pk__in=bodies.answers)
    return {
        "webhooks": forget_bodies(_messages(request).filter(pk__in=bodies.messages)),
        "answers": answers.update(body=NOTHING),
        **forget_files_of(request),
    }


def forget_files_of(request: PrivacyRequest) -> dict[str, int]:
    """Nobody can be cut out of a file; those that were read are needed no more."""
    jobs = list(_imports(request).ended().with_file())
    for job in jobs:
        job.drop_file()
    return {"imports": len(jobs)}


def forget_shop(request: PrivacyRequest) -> dict[str, int]:
    """Of a whole shop at once: nobody needs to be looked for."""
    return {"webhooks": forget_bodies(_messages(request)), **forget_files_of(request)}


def _messages(request: PrivacyRequest) -> QuerySet[InboxMessage]:
    """Those of the shop, and of providers and carriers that serve all shops of the merchant."""
    rows = InboxMessage.objects.filter(merchant_id=request.merchant_id)
    if request.kind == choices.PrivacyRequest.Kind.SHOP:
        return rows.filter(account=str(request.store_id))
    if request.store_id is None:
        return rows
    stores = Store.objects.filter(merchant_id=request.merchant_id).exclude(pk=request.store_id)
    return rows.exclude(account__in=[str(pk) for pk in stores.values_list("pk", flat=True)])


def _answers(request: PrivacyRequest) -> QuerySet[IdempotencyRecord]:
    rows = IdempotencyRecord.objects.filter(merchant_id=request.merchant_id)
    return rows.exclude(status=None).exclude(body=NOTHING)


def _imports(request: PrivacyRequest) -> ImportJobQuerySet:
    rows = ImportJob.objects.filter(merchant_id=request.merchant_id)
    return rows if request.store_id is None else rows.filter(store_id=request.store_id)
