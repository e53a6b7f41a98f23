from types import SimpleNamespace
from typing import Any

from apps.core.managers import TenantDoor


class Door(TenantDoor):
    def filter(self, *args: Any, **kwargs: Any) -> Any:
        return kwargs


class TenantDoorTest:
    def test_opens_for_a_merchant(self) -> None:
        merchant: Any = SimpleNamespace(pk=1)
        found: object = Door().for_merchant(merchant)
        assert found == {"merchant_id": 1}

    def test_opens_for_a_store_of_its_merchant(self) -> None:
        store: Any = SimpleNamespace(pk=2, merchant_id=1)
        found: object = Door().for_store(store)
        assert found == {"merchant_id": 1, "store_id": 2}
