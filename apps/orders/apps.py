from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "apps.orders"

    def ready(self) -> None:
        from apps.orders.services import reconciliation, recovery_reconciliation  # noqa: F401
        from apps.orders.signals import receivers  # noqa: F401
