"""The staff's pages on the admin host: found, complete, and with a constant number of queries."""

import re
from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Merchant
from apps.accounts.tests.factories import CustomerFactory, LocationFactory, StoreFactory
from apps.core.admin import MOST_COUNTED, CappedPaginator
from apps.core.history import changes_of
from apps.events.tests.factories import EventFactory, InboxMessageFactory, JobRunFactory
from apps.users.models import ApiKey, User
from apps.users.tests.factories import ApiKeyFactory, MembershipFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db

HOST = {"host": "admin.reveni.localhost"}
PAGES: dict[str, Any] = {
    "accounts/merchant": StoreFactory,
    "accounts/store": StoreFactory,
    "accounts/merchantpreferences": StoreFactory,
    "accounts/storepreferences": StoreFactory,
    "accounts/customer": CustomerFactory,
    "accounts/location": LocationFactory,
    "users/user": UserFactory,
    "users/role": RoleFactory,
    "users/membership": MembershipFactory,
    "users/apikey": ApiKeyFactory,
    "events/event": EventFactory,
    "events/inboxmessage": InboxMessageFactory,
    "events/jobrun": JobRunFactory,
}


@pytest.fixture
def staff() -> User:
    return UserFactory.create(staff=True)


@pytest.fixture
def browser(staff: User) -> Client:
    client = Client(headers=HOST)
    client.force_login(staff)
    return client


class ListTest:
    @pytest.mark.parametrize("page", PAGES)
    def test_queries_do_not_grow_with_the_rows(self, browser: Client, page: str) -> None:
        PAGES[page].create_batch(2)
        assert browser.get(f"/{page}/").status_code == HTTPStatus.OK
        with CaptureQueriesContext(connection) as few:
            browser.get(f"/{page}/")
        PAGES[page].create_batch(6)
        with CaptureQueriesContext(connection) as more:
            answer = browser.get(f"/{page}/?q=x")
        assert answer.status_code == HTTPStatus.OK
        with CaptureQueriesContext(connection) as many:
            browser.get(f"/{page}/")
        assert len(many) == len(few)
        assert len(more) <= len(few) + 1

    def test_merchant_is_found_by_its_tax_number(self, browser: Client) -> None:
        ours = StoreFactory.create().merchant
        other = StoreFactory.create(merchant__tax_id="B99999999").merchant
        page = browser.get("/accounts/merchant/?q=B12345674").content.decode()
        assert str(ours.pk) in page
        assert str(other.pk) not in page

    def test_counting_stops(self) -> None:
        UserFactory.create_batch(3)
        assert CappedPaginator(User.objects.order_by("pk"), 2).count == 3
        assert CappedPaginator([1, 2], 2).count == 2
        assert MOST_COUNTED == 1000


class PageTest:
    def test_merchant_shows_what_belongs_to_it_and_no_secret(self, browser: Client) -> None:
        store = StoreFactory.create()
        seat = MembershipFactory.create(merchant=store.merchant)
        key = ApiKeyFactory.create(merchant=store.merchant)
        page = browser.get(f"/accounts/merchant/{store.merchant_id}/change/").content.decode()
        for text in (store.slug, seat.user.email, seat.role.name, key.prefix):
            assert text in page
        assert key.secret_hash not in page

    def test_merchant_page_asks_the_same_number_of_queries(self, browser: Client) -> None:
        merchant = StoreFactory.create().merchant
        address = f"/accounts/merchant/{merchant.pk}/change/"
        browser.get(address)
        counts = []
        for _ in range(2):
            MembershipFactory.create_batch(2, merchant=merchant)
            StoreFactory.create_batch(2, merchant=merchant)
            with CaptureQueriesContext(connection) as queries:
                browser.get(address)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    @pytest.mark.parametrize("page", PAGES)
    def test_page_of_one_row_opens(self, browser: Client, page: str) -> None:
        PAGES[page].create()
        app, model = page.split("/")
        row = apps.get_model(app, model)._base_manager.first()
        assert row is not None
        answer = browser.get(f"/{page}/{row.pk}/change/")
        assert answer.status_code == HTTPStatus.OK

    def test_edit_is_kept_with_name_and_address_of_the_editor(
        self, browser: Client, staff: User
    ) -> None:
        merchant = StoreFactory.create().merchant
        address = f"/accounts/merchant/{merchant.pk}/change/"
        form = {
            "name": merchant.name,
            "legal_name": merchant.legal_name,
            "tax_id": merchant.tax_id,
            "country": "ES",
            "language": "de",
            "plan": "premium",
            "cover_days": "30",
            "exposure_cap_minor": "500000",
        }
        page = browser.get(address).content.decode()
        form |= dict.fromkeys(re.findall(r'name="([^"]*(?:TOTAL|INITIAL)_FORMS)"', page), "0")
        answer = browser.post(address, form)
        assert answer.status_code == HTTPStatus.FOUND
        stored = Merchant.objects.get()
        assert (stored.plan, stored.exposure_cap_minor) == ("premium", 500_000)
        change = changes_of(stored)[0]
        assert change.fields == {
            "language": ("en", "de"),
            "plan": ("basic", "premium"),
            "exposure_cap_minor": (0, 500000),
        }
        assert (change.actor, change.url) == (f"staff:{staff.pk}", address)
        assert "premium" in browser.get(address).content.decode()

    @pytest.mark.parametrize("page", ["events/event", "users/user", "accounts/customer"])
    def test_nothing_is_added_changed_or_deleted(self, browser: Client, page: str) -> None:
        row = PAGES[page].create()
        assert browser.get(f"/{page}/add/").status_code == HTTPStatus.FORBIDDEN
        assert browser.post(f"/{page}/{row.pk}/change/").status_code == HTTPStatus.FORBIDDEN
        assert browser.post(f"/{page}/{row.pk}/delete/").status_code == HTTPStatus.FORBIDDEN


class ActionTest:
    def test_key_is_revoked(self, browser: Client) -> None:
        key = ApiKeyFactory.create()
        act(browser, "users/apikey", "revoke", key.pk)
        assert ApiKey.objects.get().revoked_at is not None

    def test_parked_event_is_told_again(self, browser: Client) -> None:
        event = EventFactory.create(attempts=10)
        page = browser.get("/events/event/?delivery=parked").content.decode()
        assert str(event.subject_id) in page
        assert browser.get("/events/event/?delivery=unheard").status_code == HTTPStatus.OK
        act(browser, "events/event", "retell", event.pk)
        event.refresh_from_db()
        assert not event.is_parked

    def test_parked_message_is_processed_again(self, browser: Client) -> None:
        message = InboxMessageFactory.create(status="parked", attempts=10)
        act(browser, "events/inboxmessage", "replay", message.pk)
        message.refresh_from_db()
        assert message.status == "waiting"


class DoorTest:
    def test_merchants_users_and_strangers_stay_outside(self) -> None:
        client = Client(headers=HOST)
        assert client.get("/accounts/merchant/").status_code == HTTPStatus.FOUND
        client.force_login(UserFactory.create())
        assert client.get("/accounts/merchant/").status_code == HTTPStatus.FOUND

    def test_other_hosts_have_no_admin(self, staff: User) -> None:
        client = Client(headers={"host": "merchants-api.reveni.localhost"})
        client.force_login(staff)
        assert client.get("/accounts/merchant/").status_code == HTTPStatus.NOT_FOUND

    @pytest.mark.parametrize(
        "page",
        ["usersessions/usersession", "mfa/authenticator", "account/emailaddress", "auth/group"],
    )
    def test_tokens_and_second_factors_have_no_page(self, browser: Client, page: str) -> None:
        assert browser.get(f"/{page}/").status_code == HTTPStatus.NOT_FOUND

    def test_unsafe_request_of_a_stranger_has_no_actor(self) -> None:
        client = Client(headers=HOST)
        client.force_login(UserFactory.create())
        assert client.post("/accounts/merchant/").status_code == HTTPStatus.FOUND


def act(browser: Client, page: str, action: str, pk: object) -> None:
    answer = browser.post(f"/{page}/", {"action": action, "_selected_action": str(pk)})
    assert answer.status_code == HTTPStatus.FOUND
