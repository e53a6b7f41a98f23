"""The staff's page of requests about data: listed by due date, acted on by buttons."""

import json
from datetime import timedelta

import pytest
from django.test import Client, TestCase

from apps.accounts.models import Customer
from apps.core import clock
from apps.orders.models import PrivacyRequest
from apps.orders.modules.privacy import choices
from apps.orders.modules.privacy.tests.factories import PrivacyRequestFactory
from apps.orders.tests.factories import OrderFactory
from apps.users.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("config.urls.admin")]
LIST = "/orders/privacyrequest/"
Kind = choices.PrivacyRequest.Kind


@pytest.fixture
def browser() -> Client:
    client = Client(headers={"host": "admin.reveni.localhost"})
    client.force_login(UserFactory.create(staff=True), "django.contrib.auth.backends.ModelBackend")
    return client


def request_for(kind: str, **more: object) -> PrivacyRequest:
    order = OrderFactory.create()
    made: PrivacyRequest = PrivacyRequestFactory.create(
        store=order.store, customer=order.customer, kind=kind, **more
    )
    return made


def page(browser: Client, asked: PrivacyRequest, then: str = "change") -> str:
    return browser.get(f"{LIST}{asked.pk}/{then}/").content.decode()


class ListTest:
    def test_by_due_date(self, browser: Client) -> None:
        now = clock.now()
        days = {name: now + timedelta(days=days) for name, days in (("a", 20), ("b", -1), ("c", 3))}
        for name, due in days.items():
            PrivacyRequestFactory.create(reference=name, due_at=due, asked_at=now)

        def found(due: str) -> list[str]:
            shown = browser.get(LIST, {"due": due} if due else {}).context["cl"].result_list
            return [each.reference for each in shown]

        assert found("") == found("open") == ["b", "c", "a"]
        assert (found("soon"), found("over")) == (["b", "c"], ["b"])

    def test_many_at_once(self, browser: Client) -> None:
        asked = [request_for(kind) for kind in (Kind.ERASURE, Kind.EXPORT)]
        chosen = {"_selected_action": [str(each.pk) for each in asked]}
        with TestCase.captureOnCommitCallbacks(execute=True):
            told = browser.post(LIST, {**chosen, "action": "act"}, follow=True).content.decode()

        assert "hand out the export" in told
        assert [PrivacyRequest.objects.get(pk=each.pk).status for each in asked] == ["done", "open"]
        assert Customer.objects.filter(email="").count() == 1


class PageTest:
    def test_an_erasure(self, browser: Client) -> None:
        asked = request_for(Kind.ERASURE, why=["return_open:R7"], status="postponed")
        before = page(browser, asked)
        with TestCase.captureOnCommitCallbacks(execute=True):
            browser.post(f"{LIST}{asked.pk}/act/erase/")
        after = page(browser, asked)

        assert "return_open:R7" in before
        assert ("Erase now" in before, "Erase now" in after) == (True, False)
        assert "Privacy request done" in after
        assert browser.post(f"{LIST}{asked.pk}/act/else/").status_code == 404

    def test_the_export_is_a_file(self, browser: Client) -> None:
        asked = request_for(Kind.EXPORT)
        path = f"{LIST}{asked.pk}/export/"
        assert browser.get(path).status_code == 405
        file = browser.post(path)

        assert file["Content-Disposition"].startswith("attachment;")
        assert asked.customer is not None
        assert json.loads(file.content)["customer"]["email"] == asked.customer.email
        assert "Download the export" in page(browser, asked)
        other = request_for(Kind.ERASURE)
        assert browser.post(f"{LIST}{other.pk}/export/").status_code == 404

    def test_refused_with_a_reason(self, browser: Client) -> None:
        asked = request_for(Kind.EXPORT)
        path = f"{LIST}{asked.pk}/act/refuse/"
        assert "Write the reason" in browser.post(path, follow=True).content.decode()
        browser.post(path, {"words": "Not the shopper"})
        again = browser.post(path, {"words": "no"}, follow=True).content.decode()

        asked.refresh_from_db()
        assert (asked.status, asked.refusal) == ("refused", "Not the shopper")
        assert "illegal_transition" in again
        assert "Download" not in page(browser, asked)
        told = browser.post(f"{LIST}{asked.pk}/export/", follow=True).content.decode()
        assert "privacy_request_refused" in told

    def test_only_who_may(self) -> None:
        asked = request_for(Kind.ERASURE)
        looker = Client(headers={"host": "admin.reveni.localhost"})
        user = UserFactory.create(is_staff=True)
        looker.force_login(user, "django.contrib.auth.backends.ModelBackend")

        assert looker.post(f"{LIST}{asked.pk}/act/erase/").status_code == 403
