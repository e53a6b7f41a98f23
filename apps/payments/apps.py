from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "apps.payments"

    def import_models(self) -> None:
        super().import_models()
        from apps.payments import gateways

        gateways.load_models()

    def ready(self) -> None:
        from apps.payments.services import books, reconciliation  # noqa: F401
        from apps.payments.signals import receivers, recoveries, signals, webhooks  # noqa: F401
