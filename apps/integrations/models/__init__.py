from apps.integrations.models.action import PlatformAction
from apps.integrations.models.installation import Installation
from apps.integrations.models.sync import OrderSync, SyncRefusal
from apps.integrations.models.webhook_check import WebhookCheck

__all__ = ["Installation", "OrderSync", "PlatformAction", "SyncRefusal", "WebhookCheck"]
