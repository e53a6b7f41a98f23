"""A store whose returns travel with an account of its own at the carrier, and what that tells."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.accounts.models import Store
from apps.core.ids import uuid7
from apps.deliveries.models import CarrierAccount, ReturnMethod
from apps.deliveries.tests.factories import CarrierAccountFactory, ReturnMethodFactory
from apps.orders.tests.factories import ReturnFactory
from faults.client import Client, Reply


@dataclass(slots=True)
class Shipper:
    store: Store
    key: str = field(default_factory=lambda: f"EZAK{uuid7().hex}")
    secret: str = field(default_factory=lambda: f"whsec_{uuid7().hex}", repr=False)
    account: CarrierAccount = field(init=False)
    method: ReturnMethod = field(init=False)

    def __post_init__(self) -> None:
        self.account = CarrierAccountFactory.create(store=self.store, provider="easypost")
        self.account.seal({"api_key": self.key, "webhook_secret": self.secret})
        self.account.save()
        self.method = ReturnMethodFactory.create(
            store=self.store, type="carrier", account=self.account
        )

    def returns(self, count: int, **named: Any) -> list[UUID]:
        travels = {"order__store": self.store, "return_method_id": self.method.pk}
        return [ReturnFactory.create(**travels, **named).pk for _ in range(count)]

    def deliver(self, event: dict[str, Any], port: int) -> Reply:
        """Signed as the carrier signs: the same at every delivery."""
        body = json.dumps(event).encode()
        digest = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hmac-Signature": f"hmac-sha256-hex={digest}"}
        path = f"/v1/carriers/easypost/{self.account.pk}"
        peer = Client(port, "platforms")
        return peer.call("POST", path, body, {"Content-Type": "application/json", **headers})
