from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "apps.api"
    verbose_name = "API"

    def ready(self) -> None:
        from apps.api.common import route_checks  # noqa: F401
        from apps.api.services import reconciliation  # noqa: F401
