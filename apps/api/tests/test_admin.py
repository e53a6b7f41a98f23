"""The staff's pages as a whole: their order, and what the hosts keep without any secret."""

from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.api.tests.factories import (
    CustomerSessionFactory,
    EvidenceFactory,
    IdempotencyRecordFactory,
    LoginCodeFactory,
    LookupFailureFactory,
    PortalSessionFactory,
    ProofFactory,
)
from apps.core.admin import link_by_id, table
from apps.core.ids import uuid7
from apps.users.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("config.urls.admin")]

MOST_QUERIES = 10
SECRETS = ("token_hash", "code_hash", "number_hash", "fingerprint", "body")
PAGES: dict[str, Any] = {
    "customersession": CustomerSessionFactory,
    "evidence": EvidenceFactory,
    "idempotencyrecord": IdempotencyRecordFactory,
    "logincode": LoginCodeFactory,
    "lookupfailure": LookupFailureFactory,
    "portalsession": PortalSessionFactory,
    "proof": ProofFactory,
}


@pytest.fixture
def browser() -> Client:
    client = Client(headers={"host": "admin.reveni.localhost"})
    client.force_login(UserFactory.create(staff=True), "django.contrib.auth.backends.ModelBackend")
    return client


class HostRowsTest:
    @pytest.mark.parametrize("page", PAGES)
    def test_page_shows_no_secret(self, browser: Client, page: str) -> None:
        PAGES[page].create()
        row = apps.get_model("api", page)._base_manager.get()

        shown = browser.get(f"/api/{page}/{row.pk}/change/").content.decode()

        assert row.merchant.name in shown
        labels = [name.replace("_", " ").capitalize() for name in SECRETS]
        assert not [label for label in labels if f">{label}<" in shown]
        hashes = [str(getattr(row, name)) for name in SECRETS if getattr(row, name, None)]
        assert not [text for text in hashes if text in shown]

    @pytest.mark.parametrize("page", PAGES)
    def test_queries_do_not_grow_with_the_rows(self, browser: Client, page: str) -> None:
        counts = []
        for term in ("", "2"):
            PAGES[page].create(**({"token_hash": term} if page.endswith("session") else {}))
            browser.get(f"/api/{page}/")
            with CaptureQueriesContext(connection) as queries:
                answer = browser.get(f"/api/{page}/")
            assert answer.status_code == HTTPStatus.OK
            counts.append(len(queries))
        assert counts[0] == counts[1] <= MOST_QUERIES

    def test_nothing_is_added_or_changed_by_hand(self, browser: Client) -> None:
        row = IdempotencyRecordFactory.create()
        changed = browser.post(f"/api/idempotencyrecord/{row.pk}/change/", {"key": "other"})
        assert changed.status_code == HTTPStatus.FORBIDDEN
        assert browser.get("/api/idempotencyrecord/add/").status_code == HTTPStatus.FORBIDDEN


class IndexTest:
    def test_what_is_looked_up_most_stands_first(self, browser: Client) -> None:
        answer = browser.get("/")

        listed = answer.context["app_list"]
        assert [app["app_label"] for app in listed] == [
            "accounts",
            "orders",
            "payments",
            "billing",
            "deliveries",
            "integrations",
            "underwriting",
            "notifications",
            "events",
            "users",
            "api",
        ]
        assert [model["object_name"] for model in listed[1]["models"]] == [
            "Order",
            "Return",
            "ImportJob",
            "Policy",
            "PrivacyRequest",
            "Recovery",
            "ReturnReason",
            "StockLevel",
        ]
        assert "Reveni" in answer.content.decode()
        assert "Django" not in answer.content.decode()

    def test_one_app_has_its_own_page(self, browser: Client) -> None:
        answer = browser.get("/payments/")
        assert answer.status_code == HTTPStatus.OK
        assert answer.context["app_list"][0]["models"][0]["object_name"] == "Payment"


class LinkTest:
    @pytest.mark.parametrize("label", ["orders.quote", "orders.unknown", "nonsense"])
    def test_rows_without_a_page_are_plain_text(self, label: str) -> None:
        assert link_by_id(label, 7) == f"{label} 7"

    def test_row_with_a_page_is_linked(self) -> None:
        key = uuid7()
        link = link_by_id("payments.payment", key)
        assert f"/payments/payment/{key}/change/" in link
        assert f">Payment {key}<" in link

    def test_cells_are_escaped_and_no_rows_are_a_dash(self) -> None:
        assert "&lt;b&gt;" in table(("Name",), [("<b>",)])
        assert table(("Name",), []).strip() == "-"
