"""Addresses that the portal hands out; absolute, on the host that was asked."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from rest_framework.request import Request

from apps.accounts.models import Store
from apps.api.common import photo_links


class Links:
    """For one request; photos are signed for ten minutes from `at`."""

    def __init__(self, request: Request, store: Store, at: datetime) -> None:
        self.request, self.store, self.at = request, store, at

    def label(self, number: str) -> str:
        return self._absolute(f"returns/{number}/label")

    def photo(self, photo_id: UUID) -> str:
        query = photo_links.query_for(self.store.pk, photo_id, self.at)
        return self._absolute(f"evidence/{photo_id}?{query}")

    def photos(self, ids: Iterable[str]) -> list[str]:
        return [self.photo(UUID(each)) for each in ids if _is_ours(each)]

    def _absolute(self, path: str) -> str:
        return self.request.build_absolute_uri(f"/v1/stores/{self.store.slug}/{path}")


def _is_ours(image: str) -> bool:
    """Returns filed over other hosts may name photos in their own way."""
    try:
        UUID(image)
    except ValueError:
        return False
    return True
