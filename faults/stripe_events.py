"""Stripe's webhooks made and signed by the test itself, so that it decides which come when."""

import hashlib
import hmac
import json
from dataclasses import dataclass

from apps.core import clock
from faults.client import Client, Reply
from faults.world import HOOK_SECRET, World

VERSION = "2026-10-28.endive"


@dataclass(frozen=True, slots=True)
class Event:
    """`body` is the same at every delivery, as Stripe keeps it; the signature is of the moment."""

    id: str
    body: bytes

    @classmethod
    def about(cls, number: int, kind: str, refund: str, age: int = 0) -> "Event":
        """`age` in seconds: how long ago it happened."""
        event = {
            "id": f"evt_{number:06}_{refund}",
            "object": "event",
            "api_version": VERSION,
            "type": kind,
            "created": int(clock.now().timestamp()) - age,
            "livemode": False,
            "data": {"object": {"id": refund, "object": "refund"}},
        }
        return cls(str(event["id"]), json.dumps(event).encode())

    def deliver(self, world: World) -> Reply:
        assert world.stripe is not None
        at = int(clock.now().timestamp())
        signed = hmac.new(HOOK_SECRET.encode(), f"{at}.".encode() + self.body, hashlib.sha256)
        headers = {"Stripe-Signature": f"t={at},v1={signed.hexdigest()}"}
        path = f"/v1/gateways/stripe/{world.stripe.pk}"
        peer = Client(world.rig.web().port, "platforms")
        return peer.call("POST", path, self.body, {"Content-Type": "application/json", **headers})
