from typing import Any

from apps.accounts.models import Store
from apps.integrations.choices import Capability
from apps.integrations.connecting import WebhookHealth, webhook_url
from apps.integrations.connectors import AbstractConnector


def connection_shape(
    store: Store, connector: AbstractConnector | None, health: WebhookHealth
) -> dict[str, Any]:
    """Never the credentials: what is typed in is not read again."""
    return {
        "platform": store.platform,
        "domain": store.domain,
        "is_connected": connector is not None,
        "webhook_url": webhook_url(store) if connector else "",
        "credit_name": connector.helper.credit_name if connector else "",
        "capabilities": [_capability(each, connector) for each in Capability] if connector else [],
        "webhooks": [
            {"topic": each.topic, "is_active": each.is_active} for each in health.webhooks
        ],
        "problem": health.problem,
    }


def _capability(capability: Capability, connector: AbstractConnector) -> dict[str, Any]:
    is_offered = capability in connector.offers
    why = "" if is_offered else connector.why(capability)
    return {"capability": capability, "is_offered": is_offered, "why": why}
