"""Users of a merchant: allauth's session token, and the one membership they act in."""

from dataclasses import dataclass
from typing import Any, override
from uuid import UUID

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.headless.internal.sessionkit import authenticate_by_x_session_token
from django.contrib.sessions.backends.base import SessionBase
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts import choices as accounts
from apps.core.errors import DomainError
from apps.users.models import Membership, User

TOKEN_HEADER, CHOICE_HEADER = "X-Session-Token", "X-Merchant-Id"
LONGEST = 128


class MerchantChoiceRequired(DomainError):
    code = "merchant_choice_required"
    title = "The user belongs to several merchants: name one in X-Merchant-Id"
    status = 400


@dataclass(frozen=True, slots=True)
class Seat:
    """A user at one merchant; `second_factor` when this session showed TOTP or a passkey."""

    membership: Membership
    second_factor: bool


class MerchantUserAuthentication(BaseAuthentication):
    """`request.auth` is the Seat; X-Merchant-Id only chooses among the user's own merchants."""

    @override
    def authenticate(self, request: Request) -> tuple[User, Seat] | None:
        token = request.headers.get(TOKEN_HEADER, "")
        if not token:
            return None
        found = authenticate_by_x_session_token(token) if _is_plain(token) else None
        if found is None:
            raise AuthenticationFailed("The session is not open")
        user, session = found
        membership = choose(user, request.headers.get(CHOICE_HEADER, ""))
        return user, Seat(membership, has_second_factor(session))

    @override
    def authenticate_header(self, request: Request) -> str:
        return 'Session realm="merchants"'


def _is_plain(token: str) -> bool:
    return len(token) <= LONGEST and token.isascii() and token.isalnum()


def choose(user: User, wanted: str) -> Membership:
    """Raises AuthenticationFailed for a merchant that is closed, unknown or not the user's."""
    open_ones = [
        membership
        for membership in Membership.objects.of_user(user)
        if membership.merchant.status != accounts.Merchant.Status.CLOSED
    ]
    if wanted:
        open_ones = [m for m in open_ones if m.merchant_id == _uuid(wanted)]
    if not open_ones:
        raise AuthenticationFailed("The user has no seat at this merchant")
    if len(open_ones) > 1:
        raise MerchantChoiceRequired(
            merchants=[str(membership.merchant_id) for membership in open_ones]
        )
    return open_ones[0]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def has_second_factor(session: SessionBase) -> bool:
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    return any(record.get("method") == "mfa" for record in records)


class SessionTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = MerchantUserAuthentication
    name = "SessionToken"

    @override
    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": TOKEN_HEADER,
            "description": "The session token that the login answered with.",
        }
