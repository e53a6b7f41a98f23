"""What carriers tell of parcels, once their webhook was verified and taken in."""

import logging
from dataclasses import replace
from uuid import UUID

from apps.deliveries.models import CarrierAccount, Label
from apps.deliveries.providers.registry import provider_class

logger = logging.getLogger(__name__)


def hear_carrier(provider: str, account_id: UUID, body: bytes) -> int:
    """How many scans were new. Parcels that are none of our returns are nobody's concern: a
    merchant may ship orders from the same account."""
    account = CarrierAccount.objects.filter(pk=account_id, provider=provider).first()
    news = provider_class(provider).heard(body)
    if account is None or news is None:
        return 0
    label = Label.objects.told_of(account, news)
    if label is None:
        logger.info("%s tells of a parcel that is no return's", provider)
        return 0
    number = label.tracking_number
    return sum(
        label.shipment.track(replace(update, tracking_number=number)) for update in news.updates
    )
