from celery import shared_task

from apps.core import clock
from apps.integrations import claiming


@shared_task
def purge_installations() -> int:
    """What was installed at a platform and claimed by nobody is deleted, with its credentials."""
    return claiming.purge(clock.now())
