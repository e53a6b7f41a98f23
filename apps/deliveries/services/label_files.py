"""What a provider made, judged and laid into storage."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.deliveries import choices
from apps.deliveries.dtos import MadeLabel, StoredLabel
from apps.deliveries.models import Label
from apps.deliveries.providers.base import ProviderRefused

LARGEST_LABEL = 10 * 1024 * 1024
MAGIC = {choices.Label.Format.PDF: b"%PDF-", choices.Label.Format.PNG: b"\x89PNG"}


def store(label: Label, made: MadeLabel, expires_at: datetime) -> StoredLabel:
    """Raises ProviderRefused when what came is no label; the same bytes are stored once."""
    if not is_label(made):
        raise ProviderRefused("not_a_label")
    digest = hashlib.sha256(made.content).hexdigest()
    name = f"labels/{label.merchant_id}/{label.pk}-{digest[:12]}.{made.format}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(made.content))
    return StoredLabel(
        name=name,
        format=made.format,
        sha256=digest,
        size=len(made.content),
        expires_at=expires_at,
        tracking_number=made.tracking_number,
        tracking_url=made.tracking_url,
        external_id=made.external_id,
    )


def is_label(made: MadeLabel) -> bool:
    starts = MAGIC.get(choices.Label.Format(made.format), b"")
    return 0 < len(made.content) <= LARGEST_LABEL and made.content.startswith(starts)
