"""F-19: bodies and questions that want to break the web or to fill its memory."""

import json
import resource
from pathlib import Path

import pytest

from faults.client import NO_ANSWER, Client
from faults.control import Control
from faults.judge import Judge
from faults.processes import Web
from faults.report import Report
from faults.world import World, new_key

ORDERS = "/v1/orders"
HOSTILE = {
    "body_too_large": b'{"a": "' + b"x" * 6_000_000 + b'"}',
    "json_too_deep": b'{"a": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "json_too_large": json.dumps({f"k{n}": n for n in range(12_000)}).encode(),
    "invalid_character": b'{"number": "\\u0000"}',
    "duplicate_key": b'{"number": "1", "number": "2"}',
    "number_too_large": b'{"number": ' + b"9" * 5_000 + b"}",
    "malformed_json": b'{"number": NaN}',
    "invalid_encoding": b'{"number": "\xff\xfe"}',
}
ASKED = {
    "offset 2^63": "/v1/orders?offset=9223372036854775808",
    "page 10^6": "/v1/orders?page=1000000",
    "page of 10^9": "/v1/orders?page_size=1000000000",
    "cursor of noise": "/v1/orders?cursor=" + "A" * 4_000,
    "1,000 ids": "/v1/orders?" + "&".join(f"number={n}" for n in range(1_000)),
    "NUL in a filter": "/v1/orders?number=%00",
}
MEGABYTE = 1024 * 1024


class AbuseTest:
    @pytest.mark.fault("F-19 hostile input")
    def test_is_refused_soon_and_costs_no_memory(
        self, world: World, web: Web, report: Report
    ) -> None:
        api = world.api
        for _ in range(20):
            assert api.get("/v1/orders").status == 200
        before = memory_of(web)

        for _ in range(3):
            assert codes_of(api) == list(HOSTILE)
            for path in ASKED.values():
                reply = api.get(path)
                assert 400 <= reply.status < 500, (path[:60], reply)
                report.fact("slowest ms", reply.seconds * 1000)

        grown = (memory_of(web) - before) / MEGABYTE
        report.fact("MB more", grown)
        assert grown < 50


class AbuseControlTest:
    @pytest.mark.fault("F-19 hostile input")
    @pytest.mark.full
    def test_without_the_strict_parser_it_breaks(
        self, control: Control, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            judge.allow(500)
            assert codes_of(world.api) == list(HOSTILE)

        control.must_fail(scene, "strict-parser")


def codes_of(api: Client) -> list[str]:
    """With what code each hostile body is refused.

    The web hangs up on what is too large before it has read it; who still sends then may not hear
    the answer.
    """
    replies = {code: api.post(ORDERS, body, key=new_key()) for code, body in HOSTILE.items()}
    unheard = replies["body_too_large"].status == NO_ANSWER
    return [
        code if unheard and code == "body_too_large" else reply.code
        for code, reply in replies.items()
    ]


def memory_of(web: Web) -> int:
    """Bytes that the web's processes hold, shared pages counted once for each."""
    pages = (
        int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        for pid in web.children()
    )
    return sum(pages) * resource.getpagesize()
