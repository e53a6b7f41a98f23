"""EasyPost's door: Basic auth, JSON in and out, errors in its shape, and label files."""

import base64
import json
from typing import Any, override
from urllib.parse import parse_qsl

from fakes.carrier.engine import CarrierEngine
from fakes.psp import wire
from fakes.psp.desk import account_of
from fakes.psp.engine import Incoming
from fakes.psp.refusals import Refusal
from fakes.psp.server import Handler


class CarrierHandler(Handler):
    @property
    def engine(self) -> CarrierEngine:
        engine = self.server.engine
        assert isinstance(engine, CarrierEngine)  # noqa: S101
        return engine

    @override
    def do_GET(self) -> None:
        if not self.path.startswith("/labels/"):
            super().do_GET()
            return
        content = self.engine.file(self.path.partition("?")[0])
        self.send_response(200)
        self.send_header("Content-Type", "application/pdf")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    @override
    def incoming(self, method: str, path: str, form: str) -> Incoming:
        """Modes may be meant for one key only, as `match={"metadata": {"api_key": key}}`."""
        key = self._api_key()
        params = dict(parse_qsl(form)) if method == "GET" else json.loads(form or "{}")
        return Incoming(
            account=account_of(key),
            method=method,
            path=path,
            params={**params, "metadata": {"api_key": key}},
            key="",
            fingerprint="",
        )

    def _api_key(self) -> str:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        key = base64.b64decode(token).decode().rstrip(":") if scheme == "Basic" else ""
        if not key.startswith(("EZTK", "EZAK")):
            raise Refusal(401, "APIKEY.INACTIVE", "This API key is no longer active.")
        return key

    @override
    def refused(self, refusal: Refusal) -> Any:
        code = refusal.code if refusal.code and refusal.status != 500 else refusal.type
        return {"error": {"code": code, "message": refusal.message, "errors": []}}

    @override
    def _control(self, method: str, path: str, raw: str) -> None:
        if path not in ("/_control/scan", "/_control/labels"):
            super()._control(method, path, raw)
            return
        asked = json.loads(raw or "{}")
        try:
            found = self.engine.scan(asked) if path.endswith("scan") else self.engine.bought()
        except KeyError as error:
            wire.answer(self, 404, {"error": repr(error)})
        else:
            wire.answer(self, 200, found)
