"""`python -m fakes.openai --port 0 --log FILE`: prints its address as one line when it is ready."""

import argparse
from pathlib import Path

from fakes.openai.server import Model
from fakes.psp.journal import Journal


def main() -> None:
    parser = argparse.ArgumentParser(prog="fakes.openai", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--log", type=Path, required=True, help="every prompt, as it came")
    asked = parser.parse_args()
    server = Model(asked.port, Journal(asked.log))
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main()
