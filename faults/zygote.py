"""A process that has the product loaded and forks workers and beats off, which start at once.

Each line of its input is `[words of celery, log file]`; each line of its output the pid of the
process that runs them, a group of its own.
"""

import json
import os
import signal
import sys


def main() -> None:
    import django
    import stripe  # noqa: F401

    django.setup()
    from config.celery import app

    app.loader.import_default_modules()
    # The dead are buried by the kernel: nobody here waits for them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        words, log = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(words, log)
        print(pid, flush=True)


def _become(words: list[str], log: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for descriptor, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, log, os.O_WRONLY | os.O_APPEND | os.O_CREAT),
        (2, log, os.O_WRONLY | os.O_APPEND | os.O_CREAT),
    ):
        opened = os.open(path, flags, 0o644)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.argv = ["celery", *words]
    from celery.__main__ import main as celery

    sys.exit(celery())


if __name__ == "__main__":
    main()
