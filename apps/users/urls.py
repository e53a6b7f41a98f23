"""Login of merchants' users on the merchants host: allauth headless with session tokens.

`POST v1/auth/login` answers with `meta.session_token`; send it back as `X-Session-Token`. Sign-up
has no route: users are invited, and set their first password by the reset code.
"""

from typing import Any

from allauth.headless.account import views as account
from allauth.headless.constants import Client
from allauth.headless.mfa import views as mfa
from allauth.headless.usersessions import views as sessions
from django.urls import URLPattern, path


def route(address: str, view: Any) -> URLPattern:
    name = address.replace("/", "_")
    pattern: URLPattern = path(f"v1/{address}", view.as_api_view(client=Client.APP), name=name)
    return pattern


app_name = "auth"
urlpatterns = [
    route("auth/login", account.LoginView),
    # GET tells who is logged in, DELETE logs out.
    route("auth/session", account.SessionView),
    route("auth/sessions", sessions.SessionsView),
    route("auth/reauthenticate", account.ReauthenticateView),
    route("auth/password/request", account.RequestPasswordResetView),
    route("auth/password/reset", account.ResetPasswordView),
    route("auth/2fa/authenticate", mfa.AuthenticateView),
    route("auth/2fa/reauthenticate", mfa.ReauthenticateView),
    route("auth/webauthn/authenticate", mfa.AuthenticateWebAuthnView),
    route("auth/webauthn/reauthenticate", mfa.ReauthenticateWebAuthnView),
    route("account/password/change", account.ChangePasswordView),
    route("account/authenticators", mfa.AuthenticatorsView),
    route("account/authenticators/totp", mfa.ManageTOTPView),
    route("account/authenticators/recovery-codes", mfa.ManageRecoveryCodesView),
    route("account/authenticators/webauthn", mfa.ManageWebAuthnView),
]
