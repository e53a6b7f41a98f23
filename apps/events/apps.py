from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "apps.events"

    def import_models(self) -> None:
        super().import_models()
        from apps.events.modules.reconciliation import models  # noqa: F401

    def ready(self) -> None:
        from apps.events.modules.reconciliation import queries  # noqa: F401
