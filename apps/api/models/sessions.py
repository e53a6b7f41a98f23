"""Sessions of shoppers: opaque tokens, only their hash is stored (C-19)."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

from apps.accounts.models import Customer, Store
from apps.api import choices
from apps.api.managers import CustomerSessionManager, LoginCodeManager, PortalSessionManager
from apps.core.constraints import tenant
from apps.core.models import TenantModel
from apps.core.verbs import verb

if TYPE_CHECKING:
    from apps.orders.models import Order

SEEN_EVERY = timedelta(minutes=1)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class ShopperSession(TenantModel):
    """One store; 60 minutes idle, 24 hours at most. The full token is shown once."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64)
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def new_token(cls) -> str:
        return secrets.token_urlsafe(32)

    def is_open(self, at: datetime) -> bool:
        return (
            self.ended_at is None
            and at < self.last_seen_at + settings.PORTAL_IDLE
            and at < self.created_at + settings.PORTAL_ABSOLUTE
        )

    def see(self, at: datetime) -> None:
        """Keeps the session from idling out; writes at most once a minute."""
        if at - self.last_seen_at >= SEEN_EVERY:
            rows = type(self)._default_manager.filter(pk=self.pk, last_seen_at__lt=at)
            rows.update(last_seen_at=at)
            self.last_seen_at = at

    @verb
    def end(self, at: datetime) -> None:
        self.ended_at = self.ended_at or at


class PortalSession(ShopperSession):
    """One order of one store; `proved` opens personal data and new payout destinations (C-11)."""

    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="+")
    level = models.CharField(max_length=6, choices=choices.PortalSession.Level.choices)

    objects = PortalSessionManager()

    class Meta:
        constraints = (
            *tenant("api_portalsession", "store", "order"),
            models.UniqueConstraint(fields=("store", "token_hash"), name="api_portalsession_token"),
        )

    def __str__(self) -> str:
        return f"{self.level} of {self.order_id}"

    @classmethod
    def open(cls, order: "Order", level: str, at: datetime) -> tuple[Self, str]:
        token = cls.new_token()
        session = cls(
            merchant_id=order.merchant_id,
            store_id=order.store_id,
            order=order,
            level=level,
            token_hash=digest(token),
            created_at=at,
            last_seen_at=at,
        )
        session.save(force_insert=True)
        return session, token

    @property
    def is_proved(self) -> bool:
        return self.level == choices.PortalSession.Level.PROVED


class CustomerSession(ShopperSession):
    """One customer at one store, opened by a code or link sent to the customer's address."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")

    objects = CustomerSessionManager()

    class Meta:
        constraints = (
            *tenant("api_customersession", "store", "customer"),
            models.UniqueConstraint(
                fields=("store", "token_hash"), name="api_customersession_token"
            ),
        )

    def __str__(self) -> str:
        return f"session of {self.customer_id}"

    @classmethod
    def open(cls, store: Store, customer: Customer, at: datetime) -> tuple[Self, str]:
        token = cls.new_token()
        session = cls(
            merchant_id=store.merchant_id,
            store=store,
            customer=customer,
            token_hash=digest(token),
            created_at=at,
            last_seen_at=at,
        )
        session.save(force_insert=True)
        return session, token


class OneTimeCode(TenantModel):
    """Six digits sent to one address of one store: 10 minutes, five tries, used once."""

    TRIES = 5

    store = models.ForeignKey(Store, models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def draw(self) -> str:
        """In memory; the digits, which only the mail holds."""
        code = f"{secrets.randbelow(1_000_000):06d}"
        self.code_hash = self._digest(code)
        return code

    @verb
    def try_code(self, code: str, at: datetime) -> bool:
        """Counts the try, right or wrong; True once, for the right code in time."""
        if self.used_at or at >= self.expires_at or self.tries >= self.TRIES:
            return False
        self.tries += 1
        if not hmac.compare_digest(self.code_hash, self._digest(code)):
            return False
        self.used_at = at
        return True

    def _digest(self, code: str) -> str:
        # Keyed, since a million codes are soon hashed; bound to the row, since codes repeat.
        return hmac.new(
            settings.SECRET_KEY.encode(), f"code:{self.pk}:{code}".encode(), hashlib.sha256
        ).hexdigest()


class LoginCode(OneTimeCode):
    """Sent to a customer who signs in."""

    email = models.CharField(max_length=254)

    objects = LoginCodeManager()

    class Meta:
        constraints = (*tenant("api_logincode", "store"),)
        indexes = (models.Index(fields=("created_at",), name="api_logincode_created"),)

    def __str__(self) -> str:
        return f"code {self.pk}"

    @classmethod
    def ask(cls, store: Store, email: str, at: datetime) -> Self:
        """The row; its digits are drawn again where the mail is written."""
        row = cls(
            merchant_id=store.merchant_id,
            store=store,
            email=email,
            created_at=at,
            expires_at=at + settings.PROOF_CODE_LIFETIME,
        )
        row.draw()
        row.save(force_insert=True)
        return row

    @verb
    def redraw(self) -> str:
        """New digits, which only the mail holds; those drawn before no longer open."""
        return self.draw()
