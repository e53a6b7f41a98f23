"""Keys of machines: `rv_<live|test>_<8 of prefix>_<43 of secret>`."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from ipaddress import ip_network
from typing import TYPE_CHECKING

from django.db import models, transaction

from apps.core import clock
from apps.core.constraints import tenant
from apps.core.errors import DomainError
from apps.core.models import TenantModel
from apps.core.verbs import lock, verb
from apps.events.recorder import RecordsEvents
from apps.users import choices
from apps.users.managers import ApiKeyManager
from apps.users.models.membership import Membership
from apps.users.models.role import NotYourRights

if TYPE_CHECKING:
    from apps.accounts.models import Merchant


class UnknownScope(DomainError):
    code = "unknown_scope"
    title = "An API key has at least one scope, and known ones only"
    status = 400


class BadNetwork(DomainError):
    code = "bad_network"
    title = "An allowed address is an IP address or network"
    status = 400


class TooManyKeys(DomainError):
    code = "too_many_keys"
    title = "Two keys of an environment can be in use at a time; revoke one first"
    status = 409


class KeyNotLive(DomainError):
    code = "key_not_live"
    title = "The key is revoked or has expired"
    status = 409


class ApiKey(RecordsEvents, TenantModel):
    """Only prefix and SHA-256 of the 256-bit secret are stored (P-15)."""

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
        verbose_name = "API key"
        constraints = (*tenant("users_apikey"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @classmethod
    def issue(
        cls,
        merchant: "Merchant",
        name: str,
        environment: str,
        scopes: Iterable[str],
        by: Membership | None = None,
    ) -> tuple["ApiKey", str]:
        """The new key and its full text, which cannot be shown again; `by` None is the platform."""
        wanted = _checked(scopes)
        _refuse_unless_held(wanted, by)
        key = cls(merchant=merchant, name=name, environment=environment, scopes=wanted)
        secret = key._new_secret()
        with transaction.atomic():
            lock(merchant)
            in_use = cls.objects.for_merchant(merchant).live_at(clock.now())
            if in_use.filter(environment=environment).count() >= choices.KEYS_AT_A_TIME:
                raise TooManyKeys(environment=environment)
            key.save(force_insert=True)
            key.record(choices.Event.API_KEY_ISSUED, prefix=key.prefix, scopes=[*wanted])
        return key, f"{key.prefix}_{secret}"

    def is_live_at(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)

    def opens_with(self, secret: str) -> bool:
        return hmac.compare_digest(self.secret_hash, self._digest(secret))

    def has_scope(self, scope: str) -> bool:
        return scope in self.scopes

    def rotate(self, at: datetime, by: Membership | None = None) -> tuple["ApiKey", str]:
        """A successor with the same scopes and addresses; this key ends after the overlap."""
        with transaction.atomic():
            successor, text = self.issue(
                self.merchant, self.name, self.environment, self.scopes, by
            )
            successor.allow_from(self.allowed_ips)
            self.expire(at + choices.ROTATION_OVERLAP, at)
        return successor, text

    @verb
    def expire(self, until: datetime, at: datetime) -> None:
        """Sooner than before only: an end that is nearer already stays."""
        if not self.is_live_at(at):
            raise KeyNotLive(prefix=self.prefix)
        self.expires_at = min(until, self.expires_at or until)
        self.record(choices.Event.API_KEY_ROTATED, prefix=self.prefix)

    @verb
    def revoke(self, at: datetime) -> None:
        if self.revoked_at is None:
            self.revoked_at = at
            self.record(choices.Event.API_KEY_REVOKED, prefix=self.prefix)

    @verb
    def allow_from(self, networks: Iterable[str]) -> None:
        """Addresses or networks the key is good from; an empty list allows every address."""
        self.allowed_ips = [_network(text) for text in networks]

    def _new_secret(self) -> str:
        secret = secrets.token_urlsafe(32)
        self.prefix = f"rv_{self.environment}_{secrets.token_hex(4)}"
        self.secret_hash = self._digest(secret)
        return secret

    @staticmethod
    def _digest(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()


def _checked(scopes: Iterable[str]) -> list[str]:
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in choices.ApiKey.Scope.values]
    if unknown or not wanted:
        raise UnknownScope(scopes=[*unknown])
    return wanted


def _refuse_unless_held(scopes: list[str], by: Membership | None) -> None:
    """A user hands a machine no right that the user does not hold."""
    if by is None:
        return
    edit = choices.Role.Level.EDIT
    areas = [choices.Role.Area.DEVELOPERS]
    areas += [area for scope, area in choices.AREA_OF_SCOPE.items() if scope in scopes]
    refunds = choices.ApiKey.Scope.REFUNDS_WRITE in scopes
    if not all(by.role.allows(area, edit) for area in areas) or (
        refunds and not (by.role.is_owner or by.role.may_refund)
    ):
        raise NotYourRights(role=by.role.name)


def _network(text: str) -> str:
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        raise BadNetwork(network=text[:60]) from None
