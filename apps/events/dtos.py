from dataclasses import dataclass
from uuid import UUID

from apps.events import choices


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified webhook; `body` is raw. `is_thin`: the body only names an object that changed,
    so that equal bodies are different events. Without `event_id` the body is its own name.
    """

    merchant_id: UUID
    source: str
    account: str
    body: bytes
    event_id: str = ""
    topic: str = ""
    environment: str = choices.InboxMessage.Environment.LIVE
    is_thin: bool = False


@dataclass(frozen=True, slots=True)
class Greeting:
    """A vendor tries the address before it trusts it: answered with a plain 200, nothing kept."""
