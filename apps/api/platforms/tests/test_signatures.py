"""F-15: the same attacks on the signature of every vendor whose webhooks are taken in."""

import hmac
import json
import pkgutil
import string
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.api.conftest import DOMAIN
from apps.api.platforms import vendors
from apps.api.platforms.tests.senders import ALL, SIGNING, Adyen, Headers, PayPal, Sender
from apps.events.models import InboxMessage

pytestmark = pytest.mark.django_db
TAKEN, REFUSED = 202, 401
LATE = 301
SIGNS = string.ascii_letters + string.digits
NEXT = str.maketrans(SIGNS, SIGNS[1:] + SIGNS[0])


@pytest.fixture(autouse=True)
def _given_back(settings: Settings) -> None:
    """Whatever secrets an account of our own app puts there."""
    settings.SHOPIFY_CLIENT_SECRETS = ()


@dataclass
class Attacks:
    """What each case was answered, and what should have been."""

    sender: Sender
    client: APIClient = field(
        default_factory=lambda: APIClient(headers={"host": f"platforms.{DOMAIN}"})
    )
    answered: dict[str, int] = field(default_factory=dict)
    wanted: dict[str, int] = field(default_factory=dict)

    def send(self, token: str, body: bytes, headers: Headers) -> int:
        path: Any = self.sender.path(token)
        sent: Any = body
        answer = self.client.generic("POST", path, sent, "application/json", headers=headers)
        return int(answer.status_code)

    def expect(self, case: str, wanted: int, token: str, body: bytes, headers: Headers) -> None:
        self.wanted[case] = wanted
        self.answered[case] = self.send(token, body, headers)

    def play(self) -> None:
        sender = self.sender
        token = sender.account(sender.key, sender.old)
        self.good(token)
        self.forged(token)
        self.changed(token)
        if sender.signs_time:
            self.untimely(token)
        if sender.has_modes:
            live = sender.body(7, live=True)
            self.expect("live on test", REFUSED, token, live, sender.headers(live, sender.key))
        # Last: the secrets of our own app are those of the settings.
        silent = sender.account("", "")
        body = _signed_by(sender, "")
        self.expect("empty secret", REFUSED, silent, body, sender.headers(body, ""))

    def good(self, token: str) -> None:
        sender, body = self.sender, self.sender.body()
        headers = sender.headers(body, sender.key)
        self.expect("good", TAKEN, token, body, headers)
        self.expect("again", TAKEN, token, body, headers)
        if sender.rolls:
            rolled = _signed_by(sender, sender.old, 2)
            told = sender.headers(rolled, sender.old, name="2")
            self.expect("the other of two secrets", TAKEN, token, rolled, told)

    def forged(self, token: str) -> None:
        sender = self.sender
        body, unsigned = sender.body(3), _unsigned(sender)
        other = _signed_by(sender, sender.other, 3)
        headers = sender.headers(body, sender.key)
        self.expect("missing", REFUSED, token, unsigned, {})
        self.expect("other secret", REFUSED, token, other, sender.headers(other, sender.other))
        self.expect("no such account", REFUSED, token[::-1], body, headers)
        wrong = {name: _turned(value) for name, value in headers.items()}
        self.expect("wrong", REFUSED, token, unsigned, wrong)
        huge = {name: value + "A" * 100_000 for name, value in headers.items()}
        self.expect("100 kB of header", REFUSED, token, unsigned, huge)
        odd = dict.fromkeys(headers, "é")
        self.expect("no ASCII", REFUSED, token, unsigned, odd)

    def changed(self, token: str) -> None:
        sender, body = self.sender, self.sender.body(4)
        headers = sender.headers(body, sender.key)
        if sender.signs_bytes:
            self.expect("one byte more", REFUSED, token, body + b" ", headers)
            again = json.dumps(json.loads(body), indent=1).encode()
            self.expect("encoded again", REFUSED, token, again, headers)
        else:
            more = body.replace(b'"value": 100', b'"value": 900')
            self.expect("another amount", REFUSED, token, more, headers)

    def untimely(self, token: str) -> None:
        sender, body = self.sender, self.sender.body(5)
        for age in (LATE, -LATE - 1):
            headers = sender.headers(body, sender.key, age)
            self.expect(f"{age} s old", REFUSED, token, body, headers)


def _signed_by(sender: Sender, secret: str, number: int = 1) -> bytes:
    """A body that carries its signature itself is made with the secret."""
    if not isinstance(sender, Adyen):
        return sender.body(number)
    maker = Adyen()
    maker.key = secret
    return maker.body(number)


def _unsigned(sender: Sender) -> bytes:
    body = sender.body(3)
    return body if sender.signs_bytes else body.replace(b"hmacSignature", b"nothing")


def _turned(value: str) -> str:
    """Of the same length, and another."""
    return value[:-4] + value[-4:].translate(NEXT)


class SignatureTest:
    @pytest.mark.parametrize("sender", SIGNING, ids=lambda each: type(each).__name__)
    def test_only_the_good_ones_are_taken(self, sender: Sender) -> None:
        attacks = Attacks(sender)
        attacks.play()

        assert attacks.answered == attacks.wanted
        repeated = not sender.names_deliveries
        assert InboxMessage.objects.count() == 1 + sender.rolls + repeated
        assert not InboxMessage.objects.parked().exists()

    @pytest.mark.parametrize("sender", SIGNING, ids=lambda each: type(each).__name__)
    def test_an_old_body_under_a_new_id_is_the_old_event(self, sender: Sender) -> None:
        """Where the id is signed, the sender himself says that it is another."""
        attacks, body = Attacks(sender), sender.body()
        token = sender.account(sender.key)
        for name in ("1", "2"):
            assert attacks.send(token, body, sender.headers(body, sender.key, 0, name)) == TAKEN

        wanted = 2 if sender.is_thin and not isinstance(sender, Adyen) else 1
        assert InboxMessage.objects.count() == wanted

    @pytest.mark.parametrize("sender", SIGNING, ids=lambda each: type(each).__name__)
    def test_a_comparison_that_is_not_made_in_constant_time_is_found(
        self, sender: Sender, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: who would compare by anything else, or take everything, fails here."""
        monkeypatch.setattr(hmac, "compare_digest", lambda *_: True)
        attacks = Attacks(sender)
        attacks.play()

        differs = {
            case for case, status in attacks.answered.items() if status != attacks.wanted[case]
        }
        assert {"wrong", "other secret"} & differs

    def test_paypal_is_asked_about_what_has_its_form(self) -> None:
        sender = PayPal()
        attacks, token, body = Attacks(sender), sender.account(), sender.body()
        headers = sender.headers(body, "")

        assert attacks.send(token, body, headers) == TAKEN
        assert attacks.send(token, body, headers) == TAKEN
        for name in headers:
            assert attacks.send(token, body, {**headers, name: ""}) == REFUSED
        elsewhere = {**headers, "paypal-cert-url": "https://paypal.com.example.net/cert"}
        assert attacks.send(token, body, elsewhere) == REFUSED
        huge = {**headers, "paypal-transmission-sig": "A" * 100_000}
        assert attacks.send(token, body, huge) == REFUSED
        assert attacks.send(token, b"[1]", headers) == REFUSED
        assert InboxMessage.objects.count() == 1

    def test_no_vendor_is_left_out(self) -> None:
        found = {
            (family, module.name)
            for family, package in vendors.FAMILIES.items()
            for module in pkgutil.iter_modules(import_module(package).__path__)
            if module.ispkg and vendors.accept_of.__wrapped__(family, module.name) is not None
        }

        assert found == {(each.family.strip("/") or "platform", each.name) for each in ALL}
