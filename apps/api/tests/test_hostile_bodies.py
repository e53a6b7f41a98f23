"""F-19: whatever the body, a 4xx problem in JSON; on routes of tests and on every real one."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.api.conftest import ClientOf
from apps.users.tests.factories import ApiKeyFactory

JSON = "application/json"
CORPUS: dict[str, tuple[Any, str, int]] = {
    "10,000 levels": (b"[" * 10_000 + b"]" * 10_000, JSON, 400),
    "10,000 objects": (b'{"notes":' * 10_000 + b"1" + b"}" * 10_000, JSON, 400),
    "NUL": (b'{"do": "\\u0000"}', JSON, 400),
    "raw NUL": (b'{"do": "\x00"}', JSON, 400),
    "surrogate": (b'{"do": "\\ud800"}', JSON, 400),
    "duplicate keys": (b'{"do": "a", "do": "b"}', JSON, 400),
    "NaN": (b'{"do": NaN}', JSON, 400),
    "Infinity": (b'{"do": 1e9999}', JSON, 400),
    "5,000 digits": (b'{"do": ' + b"9" * 5_000 + b"}", JSON, 400),
    "100,000 keys": (json.dumps(dict.fromkeys(map(str, range(20_000)), 1)).encode(), JSON, 400),
    "6 MB": (b'{"do": "' + b"x" * 6_000_000 + b'"}', JSON, 413),
    "300 kB": (b'{"do": "' + b"x" * 300_000 + b'"}', JSON, 413),
    "not JSON": (b"do=make", JSON, 400),
    "UTF-16": ('{"do": "make"}'.encode("utf-16"), JSON, 400),
    "cut UTF-8": (b'{"do": "\xe2\x82"}', JSON, 400),
    "a list": (b"[]", JSON, 400),
    "a string": (b'"make"', JSON, 400),
    "null": (b"null", JSON, 400),
    "unknown field": (b'{"merchant": "x"}', JSON, 400),
    "wrong type": (b'{"do": 1, "notes": {}}', JSON, 400),
    "form": (b"do=make", "application/x-www-form-urlencoded", 415),
    "multipart": (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415),
    "no boundary": (b"x", "multipart/form-data", 415),
    "text": (b"{}", "text/plain", 415),
    "XML": (b"<a/>", "application/xml", 415),
    "nonsense type": (b"{}", "\xff/;;=", 415),
    "other charset": (b"{}", "application/json; charset=utf-7", 415),
}


def assert_problem(response: Any, status: int) -> None:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["code"]
    assert body["request_id"]


@pytest.mark.django_db
@pytest.mark.usefixtures("test_routes")
class HostileBodiesTest:
    @pytest.mark.parametrize("name", CORPUS)
    @pytest.mark.parametrize("path", ["/v1/open-echo", "/v1/optional"])
    def test_is_refused(self, name: str, path: str, client_of: ClientOf) -> None:
        body, content_type, status = CORPUS[name]
        client = client_of(ApiKeyFactory.create())
        client.raise_request_exception = False

        response = client.generic(
            "POST", path, body, content_type, headers={"idempotency-key": "a-key"}
        )

        assert_problem(response, status)

    def test_encoded_bodies_are_refused(self, anonymous: APIClient) -> None:
        response = anonymous.post("/v1/open-echo", {}, headers={"content-encoding": "gzip"})

        assert_problem(response, 415)
        assert response.json()["code"] == "encoded_body"

    @pytest.mark.parametrize(
        ("length", "status"), [("-1", 400), ("1e3", 400), ("9" * 400, 413), ("262145", 413)]
    )
    def test_the_declared_length_is_judged_first(
        self, length: str, status: int, anonymous: APIClient
    ) -> None:
        response = anonymous.generic("POST", "/v1/open-echo", "{}", JSON, CONTENT_LENGTH=length)

        assert_problem(response, status)

    def test_a_good_body_passes(self, anonymous: APIClient) -> None:
        assert anonymous.post("/v1/open-echo", {"do": "sing"}).json() == {"do": "sing"}

    def test_no_body_is_an_empty_object(self, anonymous: APIClient) -> None:
        assert anonymous.generic("POST", "/v1/open-echo").json() == {"do": "make"}
