"""The staff's page of recoveries, and what they do there."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from apps.orders.models import Recovery
from apps.orders.modules.recoveries.tests.factories import (
    RecoveryAttemptFactory,
    RecoveryCollectionFactory,
    RecoveryFactory,
)
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/orders/recovery/"


def browser(**user: object) -> Client:
    client = Client(headers={"host": "admin.reveni.localhost"})
    client.force_login(
        UserFactory.create(staff=True, is_superuser=True, **user),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


@pytest.fixture
def failed() -> Recovery:
    """240.00 that could not be charged."""
    made: Recovery = RecoveryFactory.create(given_up=True, due_minor=24000)
    return made


def act(client: Client, recovery: Recovery, action: str, words: str = "Found") -> list[str]:
    form = {"action": action, "words": words, "_selected_action": [str(recovery.pk)]}
    answer = client.post(PAGE, form)
    assert answer.status_code in {200, 302}
    recovery.refresh_from_db()
    return [str(message) for message in get_messages(answer.wsgi_request)]


class PageTest:
    def test_it_tells_everything(self) -> None:
        recovery = RecoveryFactory.create()
        RecoveryAttemptFactory.create(recovery=recovery)
        RecoveryCollectionFactory.create(recovery=recovery, reference="pi_shown")
        recovery.pause("asked the store", recovery.opened_at)
        client = browser()

        assert recovery.ret.number in client.get(PAGE).content.decode()
        page = client.get(f"{PAGE}{recovery.pk}/change/").content.decode()
        assert "pi_shown" in page
        assert "Paused by staff" in page


class ActionsTest:
    def test_paused_resumed_and_closed(self) -> None:
        recovery, client = RecoveryFactory.create(), browser()
        statuses = []
        for action in ("pause", "resume", "close"):
            act(client, recovery, action)
            statuses.append(recovery.status)

        assert statuses == ["disputed", "open", "closed"]

    def test_written_off_by_two(self, failed: Recovery) -> None:
        (first,) = act(browser(), failed, "write_off")
        assert "a second person" in first
        (second,) = act(browser(), failed, "write_off")

        assert (failed.status, failed.written_off_minor) == ("written_off", 24000)
        assert "written off" in second

    def test_not_without_a_reason(self, failed: Recovery) -> None:
        (said,) = act(browser(), failed, "write_off", words="")

        assert (failed.status, said) == ("failed", "Write the reason beside the button")
