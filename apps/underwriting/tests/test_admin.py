"""The staff's pages: hashes masked, drafts tried, lists and overrides with a reason."""

import json
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.tests.factories import MerchantFactory, StoreFactory
from apps.core.ids import uuid7
from apps.underwriting.dtos import Reservation
from apps.underwriting.mixins.engine import assess
from apps.underwriting.models import (
    Assessment,
    Exposure,
    ExposureHold,
    Identity,
    ListEntry,
    Override,
    UnderwritingPolicy,
)
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.terms import terms_json
from apps.underwriting.services import exposure
from apps.underwriting.tests.factories import (
    AT,
    AssessmentFactory,
    ListEntryFactory,
    OverrideFactory,
    UnderwritingPolicyFactory,
    assessed,
    eur,
    known,
    wanted,
)
from apps.users.models import User
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
HOST = {"host": "admin.reveni.localhost"}
MOST_QUERIES = 10
IBAN = "ES9121000418450200051332"


@pytest.fixture
def staff() -> User:
    return UserFactory.create(staff=True)


@pytest.fixture
def browser(staff: User) -> Client:
    client = Client(headers=HOST)
    client.force_login(staff)
    return client


def page(browser: Client, path: str) -> str:
    answer = browser.get(f"/underwriting/{path}")
    assert answer.status_code == HTTPStatus.OK, answer.status_code
    return answer.content.decode()


def act(browser: Client, model: str, action: str, *rows: Any) -> str:
    chosen = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    answer = browser.post(f"/underwriting/{model}/", chosen, follow=True)
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def add(browser: Client, model: str, **fields: str) -> Any:
    return browser.post(f"/underwriting/{model}/add/", fields)


class PagesTest:
    def test_lists_cost_the_same_however_long(self, browser: Client) -> None:
        for _ in range(3):
            row = assessed(StoreFactory.create())
            exposure.reserve(row, Reservation(uuid7(), eur("1")), AT)
            OverrideFactory.create(assessment=row)
            ListEntryFactory.create(merchant=row.merchant, value=f"{row.pk}@x.example")
            UnderwritingPolicyFactory.create(merchant=row.merchant)
        for model in (
            "assessment",
            "exposure",
            "exposurehold",
            "identity",
            "listentry",
            "override",
            "underwritingpolicy",
        ):
            with CaptureQueriesContext(connection) as captured:
                page(browser, f"{model}/")
            assert len(captured) <= MOST_QUERIES, model

    def test_hashes_are_masked_everywhere(self, browser: Client) -> None:
        row = assessed(StoreFactory.create(), iban=IBAN)
        hold = exposure.reserve(row, Reservation(uuid7(), eur("1")), AT)
        ListEntryFactory.create()
        digests = [*Identity.objects.values_list("digest", flat=True)]
        shown = [page(browser, f"{each}/") for each in ("identity", "exposure", "listentry")]
        shown += [page(browser, f"identity/{mark.pk}/change/") for mark in Identity.objects.all()]
        shown += [page(browser, f"exposure/{each.pk}/change/") for each in Exposure.objects.all()]
        shown.append(page(browser, f"exposurehold/{hold.pk}/change/"))
        shown.append(page(browser, f"assessment/{row.pk}/change/"))
        entry = ListEntry.objects.get()
        shown.append(page(browser, f"listentry/{entry.pk}/change/"))

        assert len(digests) == 4
        for digest in digests:
            assert not any(digest in text for text in shown)
            assert f"{digest[:6]}…{digest[-2:]}" in shown[0]
        assert str(row.merchant_id) in shown[1]

    def test_a_decision_is_told_in_words(self, browser: Client) -> None:
        policy = UnderwritingPolicyFactory.create(published=True)
        row = assessed(StoreFactory.create(), "60")
        shown = page(browser, f"assessment/{row.pk}/change/")
        built_in = page(browser, f"assessment/{AssessmentFactory.create().pk}/change/")

        assert "The value is high" in shown
        assert "At the first scan" in shown
        assert f"/underwriting/underwritingpolicy/{policy.pk}/change/" in shown
        assert "built in" in built_in


class PoliciesTest:
    def test_written_tried_and_published(self, browser: Client) -> None:
        merchant = MerchantFactory.create()
        form = page(browser, "underwritingpolicy/add/")
        assert "value_steps" in form
        terms = {**terms_json(BUILT_IN), "most_per_day": 2}
        add(browser, "underwritingpolicy", merchant=str(merchant.pk), terms=json.dumps(terms))
        policy = UnderwritingPolicy.objects.get()
        assert (policy.merchant, policy.version, policy.status) == (merchant, 1, "draft")

        again = {"name": "Stricter", "terms": json.dumps({**terms, "most_per_day": 1})}
        browser.post(f"/underwriting/underwritingpolicy/{policy.pk}/change/", again)
        policy.refresh_from_db()
        assert (policy.name, policy.read().most_per_day) == ("Stricter", 1)
        tried = act(browser, "underwritingpolicy", "try_out", policy)
        assert "0 requests, 0 decided otherwise" in tried
        assert ": published" in act(browser, "underwritingpolicy", "publish", policy)
        assert "underwriting_policy_not_draft" in act(
            browser, "underwritingpolicy", "publish", policy
        )
        fixed = page(browser, f"underwritingpolicy/{policy.pk}/change/")
        assert "<textarea" not in fixed
        assert "most_per_day" in fixed

    @pytest.mark.parametrize(
        ("terms", "problem"), [('{"weights": {}}', "steps: missing"), ("[5]", "sums: missing")]
    )
    def test_what_cannot_be_read_is_told(self, browser: Client, terms: str, problem: str) -> None:
        answer = add(browser, "underwritingpolicy", terms=terms)

        assert problem in answer.content.decode()
        assert not UnderwritingPolicy.objects.exists()


class ListsTest:
    def test_added_in_clear_and_kept_as_a_hash(self, browser: Client, staff: User) -> None:
        page(browser, "listentry/add/")
        fields = {"list": "block", "kind": "email", "value": "ana@shopper.example"}
        add(browser, "listentry", reason="Lost", **fields)
        entry = ListEntry.objects.get()
        assert (entry.added_by, entry.merchant) == (staff, None)
        assert assessed(StoreFactory.create()).facts.lists.blocked == ("email",)

        assert "Ended" in act(browser, "listentry", "end", entry)
        entry.refresh_from_db()
        assert entry.expires_at is not None

    def test_what_is_no_mailbox_is_refused(self, browser: Client) -> None:
        fields = {"list": "block", "kind": "email", "value": "ana"}
        answer = add(browser, "listentry", reason="Lost", **fields)
        without = add(browser, "listentry", reason="Lost", list="block", kind="email")

        assert "This is not one of its kind." in answer.content.decode()
        assert without.status_code == HTTPStatus.OK
        assert not ListEntry.objects.exists()


class OverridesTest:
    def test_asked_for_and_at_once_where_one_person_will_do(
        self, browser: Client, staff: User
    ) -> None:
        page(browser, "override/add/")
        row = AssessmentFactory.create(declined=True)
        add(browser, "override", assessment=str(row.pk), rung="pay_now", reason="Known")

        override = Override.objects.get()
        assert (override.status, override.asked_by) == ("approved", staff)
        assert Assessment.objects.get(version=2).override == override
        assert "Known" in page(browser, f"override/{override.pk}/change/")

    def test_of_an_old_decision_is_refused(self, browser: Client) -> None:
        order, request = known(StoreFactory.create()), wanted()
        old = assess(order, request, AT)
        assess(order, request, AT)
        answer = add(browser, "override", assessment=str(old.pk), rung="pay_now", reason="Known")

        assert "decided anew since" in answer.content.decode()

    def test_the_second_person_decides(self, browser: Client, staff: User) -> None:
        mine = OverrideFactory.create(asked_by=staff)
        others = [OverrideFactory.create(), OverrideFactory.create()]

        assert "second_person_required" in act(browser, "override", "approve", mine)
        assert ": done" in act(browser, "override", "approve", others[0])
        assert ": done" in act(browser, "override", "refuse", others[1])
        statuses = Override.objects.order_by("pk").values_list("status", flat=True)
        assert list(statuses) == ["asked", "approved", "refused"]
        assert not ExposureHold.objects.exists()
