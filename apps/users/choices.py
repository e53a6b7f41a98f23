from datetime import timedelta
from typing import TypedDict

from django.db import models

KEYS_AT_A_TIME = 2
ROTATION_OVERLAP = timedelta(hours=24)


class Event(models.TextChoices):
    ROLE_CHANGED = "role.changed", "Role changed"
    ROLE_REMOVED = "role.removed", "Role removed"
    MEMBER_INVITED = "member.invited", "Member invited"
    MEMBER_ROLE_CHANGED = "member.role_changed", "Member's role changed"
    MEMBER_REMOVED = "member.removed", "Member removed"
    OWNERSHIP_TRANSFERRED = "member.ownership_transferred", "Ownership transferred"
    API_KEY_ISSUED = "api_key.issued", "API key issued"
    API_KEY_ROTATED = "api_key.rotated", "API key rotated"
    API_KEY_REVOKED = "api_key.revoked", "API key revoked"


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


class Rights(TypedDict):
    permissions: dict[str, str]
    may_refund: bool
    may_approve_payouts: bool


_AGENT: dict[str, str] = {
    Role.Area.ORDERS: Role.Level.READ,
    Role.Area.RETURNS: Role.Level.EDIT,
    Role.Area.LABELS: Role.Level.EDIT,
    Role.Area.RECOVERIES: Role.Level.READ,
    Role.Area.METRICS: Role.Level.READ,
}
_MANAGER: dict[str, str] = {
    area: Role.Level.EDIT for area in Role.Area if area != Role.Area.BILLING
}

OWNER, MANAGER, AGENT = "Owner", "Manager", "Agent"
# What a new merchant starts with, beside the owner, whose role holds every right.
DEFAULT_ROLES: dict[str, Rights] = {
    MANAGER: {
        "permissions": {**_MANAGER, Role.Area.BILLING: Role.Level.READ},
        "may_refund": True,
        "may_approve_payouts": False,
    },
    AGENT: {"permissions": {**_AGENT}, "may_refund": False, "may_approve_payouts": False},
}
# The area a user must be able to edit to hand the scope to a machine.
AREA_OF_SCOPE = {
    ApiKey.Scope.ORDERS_WRITE: Role.Area.ORDERS,
    ApiKey.Scope.RETURNS_WRITE: Role.Area.RETURNS,
    ApiKey.Scope.REFUNDS_WRITE: Role.Area.RETURNS,
    ApiKey.Scope.WEBHOOKS: Role.Area.DEVELOPERS,
}
