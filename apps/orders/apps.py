from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "apps.orders"

    def ready(self) -> None:
        from apps.orders.services import (  # noqa: F401  # noqa: F401
            hearing_shops,
            reconciliation,
            recovery_reconciliation,
            syncing_reconciliation,
        )
        from apps.orders.signals import receivers  # noqa: F401

        hearing_shops.listen()
