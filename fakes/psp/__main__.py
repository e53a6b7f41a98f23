"""`python -m fakes.psp --port 0 --log FILE`: prints its address as one line when it is ready."""

import argparse
from pathlib import Path

from fakes.psp.engine import Engine
from fakes.psp.hooks import ANYBODY, Endpoint
from fakes.psp.journal import Journal
from fakes.psp.server import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="fakes.psp", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--log", type=Path, required=True, help="read at the start if it exists")
    parser.add_argument("--webhook-url", default="")
    parser.add_argument("--webhook-secret", default="")
    asked = parser.parse_args()
    engine = Engine(Journal(asked.log))
    if asked.webhook_url:
        engine.hooks.endpoints[ANYBODY] = Endpoint(asked.webhook_url, asked.webhook_secret)
    server = Server(asked.port, engine)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main()
