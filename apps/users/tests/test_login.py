"""Login over the merchants host: session tokens in a header, no cookies."""

import json
import re
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client, RequestFactory

from apps.core import clock
from apps.users.models import User
from apps.users.tests.factories import PASSWORD, UserFactory

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db

HOST = "merchants-api.reveni.localhost"


class Caller:
    """A program without cookies."""

    def __init__(self) -> None:
        self.token = ""

    def call(self, method: str, address: str, **body: object) -> "Answer":
        headers = {"host": HOST, **({"x-session-token": self.token} if self.token else {})}
        client = Client(headers=headers, raise_request_exception=True)
        kind = "application/json"
        answer = client.generic(method, f"/v1/{address}", json.dumps(body), content_type=kind)
        assert not answer.cookies
        return answer

    def post(self, address: str, **body: object) -> "Answer":
        answer = self.call("POST", address, **body)
        self.token = answer.json().get("meta", {}).get("session_token") or self.token
        return answer

    def login(self, user: User, password: str = PASSWORD) -> "Answer":
        return self.post("auth/login", email=user.email, password=password)


@pytest.fixture
def caller() -> Caller:
    return Caller()


@pytest.fixture
def user() -> User:
    return UserFactory.create()


class LoginTest:
    def test_token_of_the_login_opens_the_session(self, caller: Caller, user: User) -> None:
        answer = caller.login(user)
        assert answer.status_code == HTTPStatus.OK
        assert len(caller.token) >= 32
        session = caller.call("GET", "auth/session").json()
        assert session["meta"]["is_authenticated"] is True
        assert session["data"]["user"]["email"] == user.email

    def test_capitals_in_the_address_do_not_matter(self, caller: Caller, user: User) -> None:
        answer = caller.post("auth/login", email=user.email.upper(), password=PASSWORD)
        assert answer.status_code == HTTPStatus.OK

    def test_wrong_password_and_unknown_address_are_answered_alike(
        self, caller: Caller, user: User
    ) -> None:
        wrong = caller.login(user, "wrong-password-000")
        unknown = caller.post("auth/login", email="nobody@x.example", password=PASSWORD)
        assert wrong.status_code == unknown.status_code == HTTPStatus.BAD_REQUEST
        assert wrong.content == unknown.content
        assert caller.token == ""

    def test_without_token_nobody_is_logged_in(self, caller: Caller) -> None:
        assert caller.call("GET", "auth/session").status_code == HTTPStatus.UNAUTHORIZED

    def test_switched_off_user_does_not_get_in(self, caller: Caller) -> None:
        caller.login(UserFactory.create(is_active=False))
        assert caller.call("GET", "auth/session").status_code == HTTPStatus.UNAUTHORIZED

    def test_logout_ends_the_token(self, caller: Caller, user: User) -> None:
        caller.login(user)
        assert caller.call("DELETE", "auth/session").status_code == HTTPStatus.UNAUTHORIZED
        assert caller.call("GET", "auth/session").status_code == HTTPStatus.GONE

    def test_sessions_are_listed(self, caller: Caller, user: User) -> None:
        Caller().login(user)
        caller.login(user)
        rows = caller.call("GET", "auth/sessions").json()["data"]
        assert [row["is_current"] for row in rows].count(True) == 1
        assert len(rows) == 2

    def test_guessing_is_limited_for_each_address(self, caller: Caller, user: User) -> None:
        answers = [caller.login(user, f"wrong-password-{n}").status_code for n in range(6)]
        assert answers[:5] == [HTTPStatus.BAD_REQUEST] * 5
        late = caller.login(user)
        assert late.status_code == HTTPStatus.BAD_REQUEST
        assert late.json()["errors"][0]["code"] == "too_many_login_attempts"
        assert Caller().login(UserFactory.create()).status_code == HTTPStatus.OK

    @pytest.mark.parametrize("address", ["auth/signup", "config", "account/email"])
    def test_sign_up_and_other_routes_do_not_exist(self, caller: Caller, address: str) -> None:
        answer = caller.call("POST", address, email="new@x.example", password=PASSWORD)
        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert not User.objects.exists()

    def test_sign_up_is_closed_in_the_adapter_too(self) -> None:
        request = RequestFactory().get("/")
        assert get_adapter(request).is_open_for_signup(request) is False

    @pytest.mark.parametrize("host", ["returns-api", "customers-api", "platforms", "api", "admin"])
    def test_other_hosts_have_no_login(self, host: str, user: User) -> None:
        client = Client(headers={"host": f"{host}.reveni.localhost"})
        answer = client.post("/v1/auth/login", {}, content_type="application/json")
        assert answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.FOUND}


class PasswordTest:
    def test_invited_user_sets_the_first_password_by_code(self, caller: Caller) -> None:
        user = User.objects.invited("ana@tienda.example", "Ana")
        answer = caller.post("auth/password/request", email=user.email)
        assert answer.status_code == HTTPStatus.UNAUTHORIZED
        code = found(r"^([A-Z0-9-]{6,})$", str(mail.outbox[0].body))
        new = "quiet-lamp-river-28"
        answer = caller.post("auth/password/reset", key=code, password=new)
        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.UNAUTHORIZED}
        assert Caller().login(user, new).status_code == HTTPStatus.OK

    def test_short_password_is_refused(self, caller: Caller, user: User) -> None:
        caller.login(user)
        answer = caller.post(
            "account/password/change", current_password=PASSWORD, new_password="short-pass"
        )
        assert answer.status_code == HTTPStatus.BAD_REQUEST

    def test_unknown_address_is_not_told_apart(self, caller: Caller) -> None:
        answer = caller.post("auth/password/request", email="nobody@x.example")
        assert answer.status_code == HTTPStatus.UNAUTHORIZED


class SecondFactorTest:
    def test_totp_is_asked_for_once_it_is_set_up(self, caller: Caller, user: User) -> None:
        caller.login(user)
        secret = caller.call("GET", "account/authenticators/totp").json()["meta"]["secret"]
        unproved = caller.post("account/authenticators/totp", code=code_of(secret))
        assert unproved.status_code == HTTPStatus.UNAUTHORIZED
        assert caller.post("auth/reauthenticate", password=PASSWORD).status_code == HTTPStatus.OK
        answer = caller.post("account/authenticators/totp", code=code_of(secret))
        assert answer.status_code == HTTPStatus.OK

        later = Caller()
        answer = later.login(user)
        assert answer.status_code == HTTPStatus.UNAUTHORIZED
        assert "mfa_authenticate" in [flow["id"] for flow in answer.json()["data"]["flows"]]
        assert later.call("GET", "account/authenticators").status_code == HTTPStatus.UNAUTHORIZED
        wrong = later.post("auth/2fa/authenticate", code="000000")
        assert wrong.status_code == HTTPStatus.BAD_REQUEST
        with time_machine.travel(clock.now() + timedelta(minutes=2)):
            right = later.post("auth/2fa/authenticate", code=code_of(secret))
        assert right.status_code == HTTPStatus.OK
        assert right.json()["data"]["methods"][-1]["method"] == "mfa"


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    assert match
    return match[1]


def code_of(secret: str) -> str:
    counter: Any = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))
