from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import AppConfig

if TYPE_CHECKING:
    from apps.orders.models import Recovery


class PaymentsConfig(AppConfig):
    name = "apps.payments"

    def import_models(self) -> None:
        super().import_models()
        from apps.payments import gateways

        gateways.load_models()

    def ready(self) -> None:
        from apps.payments.services import books, reconciliation  # noqa: F401
        from apps.payments.services.recovering import found_by
        from apps.payments.signals import receivers, recoveries, signals, webhooks  # noqa: F401

        found_by(recovery)


def recovery(pk: UUID) -> "Recovery":
    from apps.orders.models import Recovery

    return Recovery.objects.select_related("ret__order").get(pk=pk)
