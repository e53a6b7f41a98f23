from django.db import models


class Role:
    class Area(models.TextChoices):
        ORDERS = "orders", "Orders"
        RETURNS = "returns", "Returns"
        LABELS = "labels", "Labels"
        RECOVERIES = "recoveries", "Recoveries"
        SETTINGS = "settings", "Settings"
        INTEGRATIONS = "integrations", "Integrations"
        TEAM = "team", "Team"
        DEVELOPERS = "developers", "Developers"
        MONEY = "money", "Money"
        BILLING = "billing", "Billing"
        METRICS = "metrics", "Metrics"

    class Level(models.TextChoices):
        NONE = "none", "No access"
        READ = "read", "May read"
        EDIT = "edit", "May edit"


class ApiKey:
    class Environment(models.TextChoices):
        LIVE = "live", "Live"
        TEST = "test", "Test"

    class Scope(models.TextChoices):
        READ = "read", "Read"
        ORDERS_WRITE = "orders:write", "Write orders"
        RETURNS_WRITE = "returns:write", "Write returns"
        REFUNDS_WRITE = "refunds:write", "Write refunds"
        WEBHOOKS = "webhooks", "Webhooks"
