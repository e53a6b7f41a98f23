"""Every job of beat exists, has a queue that a worker reads, and twice does what once does."""

from datetime import timedelta
from inspect import signature

import pytest
from celery import Task
from celery.schedules import crontab
from django.conf import settings

from config.celery import app
from config.celery_scheduler import BEAT_SCHEDULE, Job

JOBS = pytest.mark.parametrize("job", BEAT_SCHEDULE.values(), ids=list(BEAT_SCHEDULE))


def task_of(job: Job) -> Task:  # type: ignore[type-arg]
    app.loader.import_default_modules()
    found: Task = app.tasks[job["task"]]  # type: ignore[type-arg]
    return found


class SchedulerTest:
    @JOBS
    def test_the_task_exists_and_needs_no_arguments(self, job: Job) -> None:
        task = task_of(job)

        assert task.name == job["task"]
        assert not signature(task.run).parameters

    @JOBS
    def test_a_worker_reads_its_queue(self, job: Job) -> None:
        assert job["options"]["queue"] in settings.QUEUES

    @JOBS
    def test_a_late_start_is_dropped_for_the_next_one(self, job: Job) -> None:
        assert (
            0
            < job["options"]["expires"]
            < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
        )
        assert isinstance(job["schedule"], timedelta | crontab)

    @pytest.mark.django_db
    @JOBS
    def test_started_twice_it_finds_nothing_more_to_do(self, job: Job) -> None:
        task = task_of(job)
        first, second = task(), task()

        assert first == 0
        assert second in (None, 0)

    @pytest.mark.parametrize(
        ("name", "slot", "within"),
        [
            ("find what the webhooks of shops did not bring", "CATCH_UP_EVERY", 30),
            ("check the subscriptions at shops", "SUBSCRIPTIONS_EVERY", 80),
        ],
    )
    def test_what_webhooks_missed_is_found_in_time(self, name: str, slot: str, within: int) -> None:
        """Missed right after one slot's run, it is found by the next: a slot and a tick later."""
        tick = BEAT_SCHEDULE[name]["schedule"]

        assert isinstance(tick, timedelta)
        assert getattr(settings, slot) + tick <= timedelta(minutes=within)

    def test_beat_knows_them(self) -> None:
        assert app.conf.beat_schedule == BEAT_SCHEDULE

    def test_every_routed_task_goes_to_a_queue_that_is_read(self) -> None:
        app.loader.import_default_modules()
        ours = [name for name in app.tasks if name.startswith("apps.")]
        queues = {app.amqp.router.route({}, name)["queue"].name for name in ours}

        assert len(ours) >= len(BEAT_SCHEDULE)
        assert queues <= set(settings.QUEUES)
        assert {"money", "mail", "bulk", "connectors", "inbound"} <= queues


class CeleryTest:
    def test_as_reliability_wants_it(self) -> None:
        """S-30 to S-38; a lost worker's task comes back, and nothing is published for ever."""
        conf = app.conf
        assert (conf.task_acks_late, conf.task_reject_on_worker_lost) == (True, True)
        assert conf.worker_prefetch_multiplier == 1
        assert conf.task_soft_time_limit < conf.task_time_limit
        options = conf.broker_transport_options
        assert conf.task_time_limit < options["visibility_timeout"]
        assert (options["unacked_restore_interval"], options["unacked_restore_throttle"]) == (5, 1)
        assert (options["socket_connect_timeout"], options["socket_timeout"]) == (1, 5)
        assert conf.task_publish_retry_policy["max_retries"] == 1
        assert (conf.task_serializer, conf.accept_content) == ("json", ["json"])
        assert conf.task_ignore_result
        assert not conf.task_create_missing_queues
