"""Staff hear of findings, take and explain them, and start a run."""

import pytest
import time_machine
from django.core import mail
from django.test import Client
from kombu.exceptions import OperationalError

from apps.core import clock
from apps.events import tasks
from apps.events.modules.reconciliation import services
from apps.events.modules.reconciliation.models import ReconciliationItem, ReconciliationRun
from apps.events.tests.factories import (
    EventFactory,
    ReconciliationItemFactory,
    ReconciliationRunFactory,
)
from apps.users.models import User
from apps.users.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("config.urls.admin")]
AT = clock.now()
ITEMS, RUNS = "/events/reconciliationitem/", "/events/reconciliationrun/"


@pytest.fixture
def staff() -> User:
    return UserFactory.create(staff=True, email="ops@reveni.example")


@pytest.fixture
def browser(staff: User) -> Client:
    client = Client(headers={"host": "admin.reveni.localhost"})
    client.force_login(staff)
    return client


def act(browser: Client, action: str, item: ReconciliationItem, reason: str = "") -> str:
    form = {"action": action, "_selected_action": str(item.pk), "reason": reason, "index": 0}
    page = browser.post(f"{ITEMS}?state=all", form, follow=True)
    item.refresh_from_db()
    return str(page.content.decode())


class MailTest:
    def test_staff_hear_of_each_item_once(self, staff: User) -> None:
        UserFactory.create()
        UserFactory.create(staff=True, is_active=False)
        ReconciliationItemFactory.create_batch(51)

        assert [services.tell_staff(AT), services.tell_staff(AT)] == [51, 0]
        (letter,) = mail.outbox
        assert (letter.to, letter.subject) == ([staff.email], "Reconciliation: 51 new findings")
        assert letter.body.count("I-99 a row is wrong") == 50
        assert "and 1 more" in letter.body

    def test_without_staff_nobody_is_written_to(self) -> None:
        ReconciliationItemFactory.create()

        assert services.tell_staff(AT) == 1
        assert mail.outbox == []


class ItemsPageTest:
    def test_shows_what_is_to_do_unless_asked(self, browser: Client) -> None:
        for status in ("open", "taken", "explained", "resolved"):
            ReconciliationItemFactory.create(subject=f"a {status} row", status=status, note="x")

        page = browser.get(ITEMS).content.decode()
        every = browser.get(f"{ITEMS}?state=all").content.decode()
        gone = browser.get(f"{ITEMS}?state=resolved").content.decode()

        assert [word in page for word in ("a open row", "a taken row")] == [True, True]
        assert [word in page for word in ("a explained row", "a resolved row")] == [False, False]
        assert "a explained row" in every
        assert "a resolved row" in every
        assert ("a resolved row" in gone, "a open row" in gone) == (True, False)

    def test_take_and_explain(self, browser: Client, staff: User) -> None:
        item = ReconciliationItemFactory.create(subject_type="", merchant_id=None)

        act(browser, "take", item)
        assert (item.status, item.owner, item.note) == ("taken", staff, "")
        assert "An explanation says why" in act(browser, "explain", item, "  ")
        act(browser, "explain", item, "paid by hand on Monday")
        assert (item.status, item.note) == ("explained", "paid by hand on Monday")

        page = browser.get(f"{ITEMS}{item.pk}/change/").content.decode()
        assert "paid by hand on Monday" in page
        assert item.subject in page

    def test_what_is_gone_is_nobodys_to_take(self, browser: Client) -> None:
        item = ReconciliationItemFactory.create(status="resolved")

        assert "does not allow this" in act(browser, "take", item)
        assert item.status == "resolved"

    def test_a_page_leads_to_the_row_and_its_merchant(self, browser: Client) -> None:
        event = EventFactory.create()
        item = ReconciliationItemFactory.create(
            subject_type="events.event", subject=str(event.pk), merchant_id=event.merchant_id
        )

        page = browser.get(f"{ITEMS}{item.pk}/change/").content.decode()

        assert f"/events/event/{event.pk}/change/" in page
        assert f"/accounts/merchant/{event.merchant_id}/change/" in page

    def test_who_may_only_look_has_no_actions(self) -> None:
        client = Client(headers={"host": "admin.reveni.localhost"})
        client.force_login(UserFactory.create(is_staff=True))

        assert client.get(ITEMS).status_code == 403
        assert client.post(f"{RUNS}now/").status_code == 403


class RunsPageTest:
    def test_button_starts_one_run(self, browser: Client, staff: User) -> None:
        event = EventFactory.create(attempts=10)
        assert browser.get(f"{RUNS}now/").status_code == 405

        with time_machine.travel(clock.now(), tick=False):
            pages = [browser.post(f"{RUNS}now/", follow=True) for _ in range(2)]

        assert "A worker asks every query now" in pages[0].content.decode()
        run = ReconciliationRun.objects.get()
        assert (run.asked_by, run.opened) == (staff, 1)
        assert ReconciliationItem.objects.get().subject == str(event.pk)
        assert mail.outbox[0].to == [staff.email]
        page = browser.get(f"{RUNS}{run.pk}/change/").content.decode()
        assert "events.events_parked" in page

    def test_run_that_broke_off(self, browser: Client) -> None:
        ReconciliationRunFactory.create()

        assert "broke off" in browser.get(RUNS).content.decode()

    def test_a_broker_that_is_away(self, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*args: object) -> None:
            raise OperationalError

        monkeypatch.setattr(tasks.reconcile_now, "delay", refuse)
        monkeypatch.setattr(tasks.tell_staff, "delay", refuse)

        page = browser.post(f"{RUNS}now/", follow=True).content.decode()

        assert "The queue does not answer" in page
        assert tasks.reconcile() == 0
