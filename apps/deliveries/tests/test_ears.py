"""What deliveries do when orders announce, through real announcements and tasks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from celery import current_app
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from apps.core import clock
from apps.deliveries import choices, services, tasks
from apps.deliveries.models import Label, Shipment
from apps.deliveries.providers.own.provider import Provider
from apps.deliveries.signals import receivers
from apps.deliveries.tests.factories import ReturnMethodFactory, ShipmentFactory
from apps.events.models import Event
from apps.events.signals.signals import EventSignal
from apps.orders.models import Return
from apps.orders.tests.factories import ReturnFactory

pytestmark = pytest.mark.django_db
AT = clock.now()


def chosen(**facts: object) -> Return:
    ret = ReturnFactory.create(**facts)
    ret.return_method_id = ReturnMethodFactory.create(store=ret.store).pk
    ret.save()
    return ret


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Provider, "capabilities", replace(Provider.capabilities, is_local=False))


@pytest.mark.enable_signals
class EarsTest:
    def test_approved_return_has_its_label_at_once(
        self, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        ret = chosen(requested=True)
        with django_capture_on_commit_callbacks(execute=True):
            ret.approve(AT)
        assert services.label_of(ret) is not None
        approved = Event.objects.get(kind="return.approved")
        assert approved.announced_at is not None

    def test_heard_twice_changes_nothing(self) -> None:
        ret = chosen()
        event = Event(kind="return.opened", subject_id=ret.pk)
        for _ in range(2):
            EventSignal.by_kind["return.opened"].send(sender=Event, event=event)
        assert Label.objects.count() == 1

    def test_what_the_portal_has_prepared_costs_one_look(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        ret = chosen()
        services.prepare_return(ret.pk, AT)
        event = Event(kind="return.opened", subject_id=ret.pk)
        with django_assert_num_queries(1):
            receivers.prepare_what_is_in_progress(event)

    def test_cancelled_return_loses_its_label(
        self, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        ret = chosen()
        services.prepare_return(ret.pk, AT)
        with django_capture_on_commit_callbacks(execute=True):
            ret.cancel(AT)
        assert Shipment.objects.get(ret=ret).status == choices.Shipment.Status.VOIDED

    @pytest.mark.parametrize(("came", "status"), [(False, "voided"), (True, "label_ready")])
    def test_goods_that_are_kept_need_no_label(
        self,
        came: bool,
        status: str,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        ret = chosen(instant=True)
        services.prepare_return(ret.pk, AT)
        with django_capture_on_commit_callbacks(execute=True):
            if came:
                ret.receive(AT)
                ret.reject_all("Worn", AT)
            else:
                ret.keep((), AT)
        assert Shipment.objects.get(ret=ret).status == status

    def test_far_carrier_is_asked_by_a_task(
        self,
        far_away: None,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        ret = chosen(requested=True)
        with django_capture_on_commit_callbacks(execute=True):
            ret.approve(AT)
        assert services.label_of(ret) is not None
        with django_capture_on_commit_callbacks(execute=True):
            ret.cancel(AT)
        assert services.label_of(ret) is None

    def test_every_event_of_deliveries_has_its_signal(self) -> None:
        assert set(choices.Event.values) <= set(EventSignal.by_kind)


class TasksTest:
    def test_tasks_wait_in_the_queue_of_carriers(self) -> None:
        for task in (tasks.prepare_return, tasks.release_return, tasks.make_missing_labels):
            assert current_app.amqp.router.route({}, task.name)["queue"].name == "connectors"

    def test_labels_expire_once_a_slot(self) -> None:
        ShipmentFactory.create(status="label_ready", label_expires_at=AT - timedelta(days=1))
        assert tasks.expire_labels() == 1
        assert tasks.expire_labels() is None

    def test_what_was_left_behind_is_made(self) -> None:
        shipment = ShipmentFactory.create()
        [label] = shipment.ask_labels(AT)
        with clock.moved(timedelta(minutes=6)):
            assert tasks.make_missing_labels() == 1
        label.refresh_from_db()
        assert label.status == choices.Label.Status.READY
        with clock.moved(timedelta(minutes=12)):
            assert tasks.make_missing_labels() == 0
