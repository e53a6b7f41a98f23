"""A process that has the product loaded and forks webs, workers and beats off, which start at once.

Each line of its input is `[program, its words, log file]`; each line of its output the pid of the
process that runs it, a group of its own.
"""

import gc
import json
import os
import runpy
import signal
import sys
from importlib import import_module

# What each of them imports only once it has started.
WEB = ("config.wsgi", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread")
CELERY = (
    *("celery.bin.celery", "celery.apps.worker", "celery.apps.beat", "celery.app.control"),
    *("celery.worker.consumer", "celery.worker.strategy", "celery.concurrency.prefork"),
    *("celery.events", "billiard.sharedctypes", "cffi"),
)


def main() -> None:
    import django
    import stripe  # noqa: F401

    django.setup()
    _load()
    # What is shared with the forks is not looked through, and so not copied, by any of them.
    gc.collect()
    gc.freeze()
    # The dead are buried by the kernel: nobody here waits for them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        program, words, log = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(program, words, log)
        print(pid, flush=True)


def _load() -> None:
    if os.environ["DB_ROLE"] == "web":
        _load_web()
        return
    from config.celery import app

    app.loader.import_default_modules()
    for name in CELERY:
        import_module(name)


def _load_web() -> None:
    for name in WEB:
        import_module(name)
    from django.urls import get_resolver
    from django_hosts.resolvers import get_host_patterns

    for host in get_host_patterns():
        assert get_resolver(host.urlconf).url_patterns


def _become(program: str, words: list[str], log: str) -> None:
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
    sys.argv = [program, *words]
    runpy.run_module(program, run_name="__main__")
    sys.exit()


if __name__ == "__main__":
    main()
