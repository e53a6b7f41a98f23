from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

from apps.core.managers import TenantQuerySet
from apps.users import choices

if TYPE_CHECKING:
    from datetime import datetime

    from apps.accounts.models import Merchant
    from apps.users.models import ApiKey, Membership, Role, User


def normalised(email: str) -> str:
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalised(username or ""))

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Without a password the user cannot log in until one is set by the reset code."""
        user = self.model(email=normalised(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(
            email, password, **{**extra, "is_staff": True, "is_superuser": True}
        )

    def invited(self, email: str, name: str) -> "User":
        """The user with this address, made without a password when there is none (race-safe)."""
        user, is_new = self.get_or_create(email=normalised(email), defaults={"name": name})
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return user


class RoleQuerySet(TenantQuerySet["Role"]):
    def create_defaults(self, merchant: "Merchant") -> dict[str, "Role"]:
        """Owner, manager and agent of a new merchant, by name."""
        owner = self.model(
            merchant=merchant,
            name=choices.OWNER,
            is_owner=True,
            may_refund=True,
            may_approve_payouts=True,
        )
        others = [
            self.model(merchant=merchant, name=name, **rights)
            for name, rights in choices.DEFAULT_ROLES.items()
        ]
        return {role.name: role for role in self.bulk_create([owner, *others])}


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
