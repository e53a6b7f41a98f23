"""Files and raw bodies in which many people stand: webhooks, answers to API calls, imports."""

from collections.abc import Sequence

from django.db.models import QuerySet

from apps.accounts.models import Customer, Store
from apps.api.models import IdempotencyRecord
from apps.core.mentions import mentioning
from apps.events.forgetting import forget_bodies, on_their_way
from apps.events.models import InboxMessage
from apps.orders.managers import ImportJobQuerySet
from apps.orders.models import ImportJob, Order, PrivacyRequest
from apps.orders.modules.privacy import choices

# Shorter ids stand in anything.
LONG_ID = 9
NOTHING = b"{}"


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


def waiting_for(request: PrivacyRequest, names: frozenset[str] | None = None) -> list[str]:
    """What is being read would be read after it was wiped; without names, whoever it is about."""
    why = ["webhook_waiting"] if on_their_way(_messages(request), names) else []
    return [*why, *(["import_running"] if _imports(request).under_way().exists() else [])]


def forget_bodies_of(request: PrivacyRequest, names: frozenset[str]) -> dict[str, int]:
    answers = IdempotencyRecord.objects.filter(merchant_id=request.merchant_id)
    kept = answers.exclude(status=None).exclude(body=NOTHING)
    told = list(mentioning(kept, "body", names).values_list("pk", flat=True))
    return {
        "webhooks": forget_bodies(_messages(request), names),
        "answers": IdempotencyRecord.objects.filter(pk__in=told).update(body=NOTHING),
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


def _imports(request: PrivacyRequest) -> ImportJobQuerySet:
    rows = ImportJob.objects.filter(merchant_id=request.merchant_id)
    return rows if request.store_id is None else rows.filter(store_id=request.store_id)
