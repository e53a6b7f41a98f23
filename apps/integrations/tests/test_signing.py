"""Against the vector of Standard Webhooks' own documentation."""

from collections.abc import Mapping

import pytest

from apps.integrations import signing

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNED = {
    "webhook-id": ID,
    "webhook-timestamp": str(AT),
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


class SigningTest:
    def test_signs_as_the_specification_does(self) -> None:
        assert signing.headers(SECRET, ID, AT, BODY) == SIGNED

    def test_a_new_secret_signs_and_is_never_the_same(self) -> None:
        assert signing.key_of(signing.new_secret()) is not None
        assert signing.new_secret() != signing.new_secret()

    @pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_!", "ñ"])
    def test_what_is_no_secret_signs_nothing(self, secret: str) -> None:
        with pytest.raises(ValueError):
            signing.headers(secret, ID, AT, BODY)
        assert not signing.is_signed([secret], SIGNED, BODY, AT)

    @pytest.mark.parametrize("now", [AT - 300, AT, AT + 300])
    def test_believes_within_five_minutes(self, now: int) -> None:
        assert signing.is_signed([SECRET], SIGNED, BODY, now)

    @pytest.mark.parametrize("now", [AT - 301, AT + 301])
    def test_nothing_older_or_younger(self, now: int) -> None:
        assert not signing.is_signed([SECRET], SIGNED, BODY, now)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"webhook-id": ""},
            {"webhook-id": "msg_other"},
            {"webhook-timestamp": ""},
            {"webhook-timestamp": "now"},
            {"webhook-timestamp": "1" * 40},
            {"webhook-timestamp": str(AT + 1)},
            {"webhook-signature": ""},
            {"webhook-signature": "v1,"},
            {"webhook-signature": "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
            {"webhook-signature": "ñ"},
            {"webhook-signature": " ".join(["x"] * 8) + " " + SIGNED["webhook-signature"]},
        ],
    )
    def test_refuses_everything_else(self, wrong: Mapping[str, str]) -> None:
        assert not signing.is_signed([SECRET], {**SIGNED, **wrong}, BODY, AT)
        assert not signing.is_signed([SECRET], SIGNED, BODY + b" ", AT)

    def test_two_secrets_and_two_signatures_while_one_is_rolled_over(self) -> None:
        old = signing.new_secret()
        both = f"v1,bm9uZQ== {SIGNED['webhook-signature']}"

        assert signing.is_signed([old, SECRET], {**SIGNED, "webhook-signature": both}, BODY, AT)
        assert not signing.is_signed([old], {**SIGNED, "webhook-signature": both}, BODY, AT)
