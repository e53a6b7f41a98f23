from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "apps.billing"

    def ready(self) -> None:
        from apps.billing.services import reconciliation  # noqa: F401
        from apps.billing.signals import pages, receivers, signals  # noqa: F401
