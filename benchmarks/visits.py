"""What a visitor does: generators that yield requests and are sent (status, body) of each."""

import hashlib
import hmac
import itertools
import json
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

type Visit = Generator[bytes, tuple[str, bytes]]
type Visits = Callable[[Mapping[str, Any]], Iterator[Visit]]


def request(
    method: str, path: str, headers: Mapping[str, str], body: bytes = b"", **more: str
) -> bytes:
    named = {**headers, **{name.replace("_", "-"): value for name, value in more.items()}}
    if body:
        named["Content-Type"] = "application/json"
    if method != "GET":
        named["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def gets(given: Mapping[str, Any]) -> Iterator[Visit]:
    """`paths` in turn, for ever, with `headers`."""

    def visit(text: bytes) -> Visit:
        yield text

    texts = [request("GET", path, given["headers"]) for path in given["paths"]]
    return (visit(text) for text in itertools.cycle(texts))


def hooks(given: Mapping[str, Any]) -> Iterator[Visit]:
    """Signed bodies, each another one: `path`, `headers`, `secret`, `first`."""

    def visit(number: int) -> Visit:
        body = json.dumps({"id": number, "topic": "orders/updated", "note": "x" * 600}).encode()
        signature = hmac.new(given["secret"].encode(), body, hashlib.sha256).hexdigest()
        yield request(
            "POST", given["path"], given["headers"], body, X_Signature=signature, X_Id=str(number)
        )

    return (visit(number) for number in itertools.count(given["first"]))


def returns(given: Mapping[str, Any]) -> Iterator[Visit]:
    """Quote two units, then open the return: one `shopper` (token and line ids) for each visit."""

    def visit(shopper: Mapping[str, Any]) -> Visit:
        headers = {**given["headers"], "Authorization": f"Bearer {shopper['token']}"}
        units = [
            {"line": line, "quantity": 1, "wish": "refund", "reason": "too_small"}
            for line in shopper["lines"]
        ]
        wanted = json.dumps({"units": units, "method": given["method"]}).encode()
        status, body = yield request("POST", given["quotes"], headers, wanted)
        if status != "201":
            raise ValueError(f"no quote: {status} {body[:400]!r}")
        opening = {"quote": json.loads(body)["id"], "refund_method": "original"}
        status, body = yield request(
            "POST",
            given["returns"],
            headers,
            json.dumps(opening).encode(),
            Idempotency_Key=shopper["token"],
        )
        if status != "201":
            raise ValueError(f"no return: {status} {body[:400]!r}")

    return (visit(shopper) for shopper in given["shoppers"])


VISITS: dict[str, Visits] = {"gets": gets, "hooks": hooks, "returns": returns}
