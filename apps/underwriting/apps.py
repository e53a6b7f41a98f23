from django.apps import AppConfig


class UnderwritingConfig(AppConfig):
    name = "apps.underwriting"
