"""People who log in, what they may do at a merchant, and keys of machines."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from apps.core.constraints import tenant
from apps.core.ids import uuid7
from apps.core.models import AbstractTimeStampedUUID, TenantModel
from apps.core.verbs import verb
from apps.users import choices
from apps.users.managers import ApiKeyManager, MembershipManager, RoleManager, UserManager

if TYPE_CHECKING:
    from apps.accounts.models import Merchant


class User(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = UserManager()

    def __str__(self) -> str:
        return self.email


class Role(TenantModel):
    """Level per area, and the extra rights that move money; the owner's role is fixed."""

    name = models.CharField(max_length=60)
    is_owner = models.BooleanField(default=False)
    permissions = models.JSONField(default=dict)
    may_refund = models.BooleanField(default=False)
    may_approve_payouts = models.BooleanField(default=False)

    objects = RoleManager()

    class Meta:
        constraints = (
            *tenant("users_role"),
            models.UniqueConstraint(fields=("merchant", "name"), name="users_role_name"),
        )

    def __str__(self) -> str:
        return self.name

    def allows(self, area: str, level: str) -> bool:
        if self.is_owner:
            return True
        order = choices.Role.Level.values
        held = self.permissions.get(area, choices.Role.Level.NONE)
        return order.index(held) >= order.index(level)


class Membership(TenantModel):
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships")
    is_active = models.BooleanField(default=True)

    objects = MembershipManager()

    class Meta:
        constraints = (
            *tenant("users_membership", "role"),
            models.UniqueConstraint(fields=("merchant", "user"), name="users_membership_once"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} at {self.merchant_id}"


class ApiKey(TenantModel, AbstractTimeStampedUUID):
    """`rv_<live|test>_<8 of prefix>_<43 of secret>`; only prefix and SHA-256 are stored (P-15)."""

    name = models.CharField(max_length=60)
    environment = models.CharField(
        max_length=4,
        choices=choices.ApiKey.Environment.choices,
        default=choices.ApiKey.Environment.LIVE,
    )
    prefix = models.CharField(max_length=24, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    allowed_ips = models.JSONField(default=list, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyManager()

    class Meta:
        constraints = (*tenant("users_apikey"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @classmethod
    def issue(
        cls, merchant: "Merchant", name: str, environment: str, scopes: list[str]
    ) -> tuple["ApiKey", str]:
        """The new key and its full text, which cannot be shown again."""
        prefix = f"rv_{environment}_{secrets.token_hex(4)}"
        secret = secrets.token_urlsafe(32)
        key = cls(
            merchant=merchant,
            name=name,
            environment=environment,
            prefix=prefix,
            secret_hash=cls._digest(secret),
            scopes=list(scopes),
        )
        key.save(force_insert=True)
        return key, f"{prefix}_{secret}"

    def opens_with(self, secret: str) -> bool:
        return hmac.compare_digest(self.secret_hash, self._digest(secret))

    def has_scope(self, scope: str) -> bool:
        return scope in self.scopes

    @verb
    def revoke(self, at: datetime) -> None:
        self.revoked_at = self.revoked_at or at

    @staticmethod
    def _digest(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()
