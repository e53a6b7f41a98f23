"""`python -m fakes.carrier --port 0 --log FILE`: prints its address when it is ready."""

import argparse
from pathlib import Path

from fakes.carrier.engine import CarrierEngine
from fakes.carrier.server import CarrierHandler
from fakes.psp.journal import Journal
from fakes.psp.server import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="fakes.carrier", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--log", type=Path, required=True, help="read at the start if it exists")
    asked = parser.parse_args()
    engine = CarrierEngine(Journal(asked.log))
    server = Server(asked.port, engine, CarrierHandler)
    engine.address = f"http://127.0.0.1:{server.server_address[1]}"
    print(engine.address, flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main()
