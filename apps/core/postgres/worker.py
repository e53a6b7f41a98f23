"""A worker's process keeps its connection from task to task: to open one takes longer than most
tasks do. Before each task it is asked whether it still lives, as in a request."""

from typing import Any

from celery.signals import task_prerun
from django.db import close_old_connections


def install() -> None:
    task_prerun.connect(look_again, weak=False, dispatch_uid="core.postgres.worker")


def look_again(sender: Any, **_: Any) -> None:
    """The first statement of the task then asks first, and opens a new one where it must."""
    if not sender.request.is_eager:
        close_old_connections()
