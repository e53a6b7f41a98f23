"""The task that does nothing, for what a worker can do at all."""

from celery import shared_task


@shared_task
def nothing() -> None:
    """Only what Celery itself costs."""
