from celery import shared_task

from apps.core import clock
from apps.orders.models import ImportJob
from apps.orders.services.jobs import run_import


@shared_task
def import_orders(job_id: str) -> None:
    """Safe to run twice: a done job is left alone, a broken-off one goes on from known rows."""
    job = ImportJob.objects.select_related("store", "merchant").filter(pk=job_id).first()
    if job is not None:
        run_import(job, clock.now())
