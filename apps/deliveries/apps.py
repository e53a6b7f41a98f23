from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "apps.deliveries"

    def ready(self) -> None:
        from apps.deliveries.services import reconciliation  # noqa: F401
        from apps.deliveries.signals import receivers, signals, webhooks  # noqa: F401
