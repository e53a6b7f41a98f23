from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

from apps.core.managers import TenantQuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from apps.users.models import ApiKey, Membership, Role, User


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(
            email, password, **{**extra, "is_staff": True, "is_superuser": True}
        )


class RoleQuerySet(TenantQuerySet["Role"]):
    pass


class MembershipQuerySet(TenantQuerySet["Membership"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def of_user(self, user: "User") -> Self:
        return self.active().filter(user=user).select_related("merchant", "role")


class ApiKeyQuerySet(TenantQuerySet["ApiKey"]):
    def live_at(self, at: "datetime") -> Self:
        return self.filter(revoked_at=None).filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=at)
        )


RoleManager = models.Manager.from_queryset(RoleQuerySet)
MembershipManager = models.Manager.from_queryset(MembershipQuerySet)
ApiKeyManager = models.Manager.from_queryset(ApiKeyQuerySet)
