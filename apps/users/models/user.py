"""People who log in: users of merchants and staff."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from apps.core import clock
from apps.core.ids import uuid7
from apps.users.managers import UserManager


class User(AbstractBaseUser, PermissionsMixin):
    """`email` is stored stripped and in lower case; it is the name one logs in with."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = UserManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")),
                name="users_user_email_lower",
            ),
        )

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email
