"""What carriers tell of parcels, once their webhook was verified and taken in."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from apps.core import clock
from apps.core.errors import DomainError
from apps.deliveries.dtos import ParcelNews
from apps.deliveries.models import CarrierAccount, Label
from apps.deliveries.providers.registry import provider_class

logger = logging.getLogger(__name__)
# A label whose maker died is made again within six minutes; below what an inbox message waits
# before it is parked.
BUYING = timedelta(minutes=15)


class LabelNotWrittenYet(DomainError):
    """A parcel may be scanned before the carrier's answer is written down: told again later."""

    code = "label_not_written_yet"
    title = "A label of this account is being bought"
    status = 409


def hear_carrier(provider: str, account_id: UUID, body: bytes, told_at: datetime) -> int:
    """How many scans were new. Parcels that are none of our returns are nobody's concern: a
    merchant may ship orders from the same account. Raises LabelNotWrittenYet."""
    account = CarrierAccount.objects.filter(pk=account_id, provider=provider).first()
    news = provider_class(provider).heard(body)
    if account is None or news is None:
        return 0
    label = _label_of(account, news, told_at)
    if label is None:
        logger.info("%s tells of a parcel that is no return's", provider)
        return 0
    number = label.tracking_number
    return sum(
        label.shipment.track(replace(update, tracking_number=number)) for update in news.updates
    )


def _label_of(account: CarrierAccount, news: ParcelNews, told_at: datetime) -> Label | None:
    label = Label.objects.told_of(account, news)
    if label is not None:
        return label
    bought = Label.objects.being_bought(account, told_at, BUYING)
    if clock.now() < told_at + BUYING and bought.exists():
        raise LabelNotWrittenYet
    # One that was being bought a moment ago is written down by now.
    return Label.objects.told_of(account, news)
