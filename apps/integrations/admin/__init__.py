from apps.integrations.admin.traffic import OrderSyncAdmin, PlatformActionAdmin, WebhookCheckAdmin

__all__ = ["OrderSyncAdmin", "PlatformActionAdmin", "WebhookCheckAdmin"]
