"""HTTP around the model, with modes for the next calls (`times`; null: all of them):

- `says` (`address`: fields; `extra`: other keys as well), `text` (`text`: whatever stands there)
- `delay` (`seconds`), `refusal`, `truncated`, `failed`, `no_output`, `odd` (`body`),
  `html`
- `status` (`status`, `body`), `reset`
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override

from fakes.openai.obeying import obey
from fakes.psp import wire
from fakes.psp.journal import Journal

type Row = dict[str, Any]


class Model(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, journal: Journal) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.journal = journal
        self.modes: list[Row] = []
        self.since = 0
        self.lock = threading.Lock()

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up are expected."""

    def take(self) -> Row:
        with self.lock:
            if not self.modes:
                return {"mode": "obeys"}
            mode = self.modes[0]
            if mode["times"] is not None:
                mode["times"] -= 1
                if mode["times"] <= 0:
                    self.modes.pop(0)
            return mode

    def control(self, method: str, name: str, asked: Row) -> Any:
        """`reset`, `modes` (POST, DELETE) and `prompts`: the bodies since the last reset."""
        if name == "reset" or (name, method) == ("modes", "DELETE"):
            with self.lock:
                self.modes = []
            if name == "reset":
                self.since = len(self.journal.lines)
        elif name == "modes":
            with self.lock:
                self.modes.append({"times": 1, **asked})
        else:
            return [line["body"] for line in self.journal.lines[self.since :]]
        return {}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Model

    def do_GET(self) -> None:
        self._serve("GET")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def do_POST(self) -> None:
        self._serve("POST")

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """The journal is the log."""

    def _serve(self, method: str) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = json.loads(raw or b"{}")
        if self.path.startswith("/_control/"):
            name = self.path.removeprefix("/_control/")
            wire.answer(self, 200, self.server.control(method, name, asked))
            return
        told = {name.lower(): value for name, value in self.headers.items()}
        told.pop("authorization", None)
        self.server.journal.write("prompt", body=asked, headers=told)
        if (method, self.path) != ("POST", "/v1/responses"):
            wire.answer(self, 404, {"error": {"message": "No such route", "code": "not_found"}})
            return
        self._answer(asked, self.server.take())

    def _answer(self, asked: Row, mode: Row) -> None:
        name = mode["mode"]
        if name == "reset":
            wire.reset(self)
        elif name == "status":
            wire.answer(self, mode["status"], mode.get("body", {"error": {"message": "no"}}))
        elif name == "html":
            _say(self, b"<html>Bad gateway</html>")
        elif name == "odd":
            wire.answer(self, 200, mode["body"])
        else:
            if name == "delay":
                time.sleep(mode["seconds"])
            wire.answer(self, 200, _response(asked, mode))


def _say(handler: BaseHTTPRequestHandler, raw: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", str(len(raw)))
    handler.end_headers()
    handler.wfile.write(raw)


def _response(asked: Row, mode: Row) -> Row:
    name = mode["mode"]
    text = asked["input"][0]["content"][0]["text"]
    if name == "says":
        blank = dict.fromkeys(asked["text"]["format"]["schema"]["required"], "")
        said = json.dumps({**blank, **mode["address"], **mode.get("extra", {})})
    elif name == "text":
        said = mode["text"]
    else:
        said = json.dumps(obey(text, asked["instructions"]))
    part: Row = {"type": "output_text", "text": said, "annotations": []}
    if name == "refusal":
        part = {"type": "refusal", "refusal": "I cannot help with that."}
    if name == "truncated":
        part["text"] = said[: len(said) // 2]
    message = {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant"}
    status = {"truncated": "incomplete", "failed": "failed"}.get(name, "completed")
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1_780_000_000,
        "status": status,
        "error": {"code": "server_error", "message": "no"} if status == "failed" else None,
        "incomplete_details": {"reason": "max_output_tokens"} if name == "truncated" else None,
        "model": asked["model"],
        "output": [] if name in {"failed", "no_output"} else [{**message, "content": [part]}],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "metadata": {},
    }
