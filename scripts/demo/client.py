"""HTTP to one of the hosts on loopback, as its real consumer would call it."""

import http.client
import json
import os
import uuid
from dataclasses import dataclass, field
from typing import Any

type Json = Any


class Refused(Exception):
    """The server answered 4xx or 5xx; `body` is its problem document."""

    def __init__(self, call: str, status: int, body: Json) -> None:
        super().__init__(f"{call} answered {status}: {body}")
        self.status = status
        self.body = body


@dataclass(slots=True)
class Host:
    """`name` is the first label, such as `returns-api`; `headers` carry the credential."""

    name: str
    headers: dict[str, str] = field(default_factory=dict)
    domain: str = "reveni.localhost"

    def get(self, path: str) -> Json:
        return json.loads(self.call("GET", path)[1] or b"null")

    def post(self, path: str, body: Json = None, *, key: str = "") -> Json:
        return json.loads(self.send("POST", path, body, key) or b"null")

    def put(self, path: str, body: Json) -> Json:
        return json.loads(self.send("PUT", path, body, "") or b"null")

    def send(self, verb: str, path: str, body: Json, key: str) -> bytes:
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        return self.call(verb, path, json.dumps(body or {}).encode(), headers)[1]

    def upload(self, path: str, fields: dict[str, str], name: str, content: bytes) -> Json:
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        )
        body = b"".join([*parts, head.encode(), content, f"\r\n--{mark}--\r\n".encode()])
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return json.loads(self.call("POST", path, body, headers)[1])

    def call(
        self, verb: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body; raises Refused on 4xx and 5xx."""
        port = int(os.environ["PORT"])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Host": f"{self.name}.{self.domain}:{port}", **self.headers, **(more or {})}
        try:
            connection.request(verb, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise Refused(f"{verb} {self.name}{path}", answer.status, _problem(content))
        return answer.status, content


def _problem(content: bytes) -> Json:
    try:
        return json.loads(content)
    except ValueError:
        return content[:300].decode(errors="replace")


def new_key() -> str:
    return str(uuid.uuid4())
