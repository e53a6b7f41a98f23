"""Facts from rows: lists, marks across merchants, endings, caps; and what may be read of others."""

import json
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core.ids import uuid7
from apps.underwriting import choices
from apps.underwriting.dtos import History, Outcomes, Platform
from apps.underwriting.mixins.engine import WithUnderWritingEngine, assess
from apps.underwriting.models import Assessment, Identity
from apps.underwriting.tests.factories import (
    ANA,
    AT,
    AssessmentFactory,
    ExposureFactory,
    ListEntryFactory,
    OutcomeFactory,
    UnderwritingPolicyFactory,
    assessed,
    eur,
    facts,
    known,
    wanted,
)
from apps.underwriting.tests.races import in_parallel

pytestmark = pytest.mark.django_db
IBAN = "ES91 2100 0418 4502 0005 1332"


@pytest.fixture
def store() -> Store:
    return StoreFactory.create()


def codes(row: Assessment) -> list[str]:
    return [each["code"] for each in row.reasons]


class AssessTest:
    def test_keeps_all_that_it_was_made_of(self, store: Store) -> None:
        request = wanted("60", carrier="post_office")
        order = known(store)
        row = assess(order, request, AT)

        row.refresh_from_db()
        assert (row.status, row.rung, row.score) == ("offered", "pay_now", 15)
        assert set(row.limits.values()) == {eur("60")}
        assert row.reasons == [{"code": "value_step", "points": 15, "best": "pay_now"}]
        assert (row.policy_id, row.policy_version, row.version) == (None, 0, 1)
        assert (row.order_id, row.request_id) == (order.order_id, request.request_id)
        assert row.facts == replace(facts("60"), rooms=row.facts.rooms)
        assert {each.scope: each.left for each in row.facts.rooms} == {
            "shopper": eur("600"),
            "address": eur("1200"),
            "store": eur("50000"),
            "merchant": eur("10000"),
            "day": eur("250000"),
        }
        assert row.cap_of("destination") == replace(row.cap_of("shopper") or pytest.fail("no cap"))
        assert row.cap_of("moon") is None
        assert str(row) == "pay_now 60.00 EUR"

    def test_nothing_in_it_names_the_shopper(self, store: Store) -> None:
        row = assessed(store, iban=IBAN)
        stored = json.dumps([row.inputs, row.reasons, row.caps])

        for secret in ("ana", "shopper.example", "34600", "Mayor", "48001", "ES91"):
            assert secret not in stored
        assert set(Identity.objects.values_list("kind", flat=True)) == {
            "email",
            "phone",
            "address",
            "iban",
        }
        mark = Identity.objects.get(kind="email")
        assert str(mark) == f"email {mark.digest[:6]}…"

    def test_each_time_is_a_version_and_none_is_changed(self, store: Store) -> None:
        request, order = wanted(), known(store)
        first, second = assess(order, request, AT), assess(order, request, AT)

        assert (first.version, second.version) == (1, 2)
        assert (first.is_superseded(), second.is_superseded()) == (True, False)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            first.save()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            first.delete()

    def test_the_same_person_is_met_once(self, store: Store) -> None:
        one = assessed(store)
        other = assessed(StoreFactory.create(), contact=replace(ANA, email="ANA+x@shopper.example"))

        assert one.shopper_mark == other.shopper_mark
        assert one.merchant_id != other.merchant_id

    def test_by_phone_where_there_is_no_mailbox(self, store: Store) -> None:
        row = assessed(store, contact=replace(ANA, email=""))

        assert row.shopper_mark is not None
        assert row.shopper_mark == row.phone_mark
        assert codes(row) == ["email_missing"]

    def test_nobody_is_not_advanced_to(self, store: Store) -> None:
        row = assessed(store, contact=replace(ANA, email="", phone=""))

        assert (row.shopper_mark, row.status, codes(row)[0]) == (
            None,
            "declined",
            "unknown_shopper",
        )

    def test_the_number_of_queries_is_constant(self, store: Store) -> None:
        assessed(store, iban=IBAN)
        for _ in range(3):
            OutcomeFactory.create(assessment=assessed(store, iban=IBAN))
        with CaptureQueriesContext(connection) as captured:
            assessed(store, iban=IBAN)

        # Policy, marks, endings, seen, lists, caps, version; savepoint, insert, release.
        assert len(captured) == 10

    def test_a_noun_must_say_what_it_knows(self) -> None:
        with pytest.raises(NotImplementedError):
            WithUnderWritingEngine.known_facts(None, wanted(), AT)  # type: ignore[arg-type]


class PolicyInForceTest:
    def test_own_before_platform_before_built_in(self, store: Store) -> None:
        assert assessed(store).policy_version == 0
        platform = UnderwritingPolicyFactory.create(version=7, published=True)
        row = assessed(store)
        assert (row.policy_id, row.policy_version) == (platform.pk, 7)
        own = UnderwritingPolicyFactory.create(merchant=store.merchant, version=1, published=True)
        UnderwritingPolicyFactory.create(merchant=store.merchant, version=2)
        UnderwritingPolicyFactory.create(of_merchant=True, version=9, published=True)
        assert assessed(store).policy_id == own.pk
        assert assessed(StoreFactory.create()).policy_id == platform.pk


class ListsTest:
    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            ("email", "ana@shopper.example"),
            ("phone", "34600000001"),
            ("address", "callemayor1|48001|es"),
            ("iban", "ES9121000418450200051332"),
            ("domain", "shopper.example"),
        ],
    )
    def test_a_block_of_each_kind(self, store: Store, kind: str, value: str) -> None:
        ListEntryFactory.create(kind=kind, value=value)
        row = assessed(store, iban=IBAN)

        assert (row.status, codes(row)) == ("declined", ["blocked"])
        assert row.facts.lists.blocked == (kind,)

    def test_of_another_merchant_or_ended_it_says_nothing(self, store: Store) -> None:
        other = StoreFactory.create()
        ListEntryFactory.create(merchant=other.merchant)
        ListEntryFactory.create(merchant=store.merchant, expires_at=AT)

        assert codes(assessed(store)) == []
        assert codes(assessed(other)) == ["blocked"]

    def test_allowed_ones_get_credit(self, store: Store) -> None:
        ListEntryFactory.create(merchant=store.merchant, list="allow")
        row = assessed(store, "60", history=History())

        # 15 for the value, 15 for the first order, less 30.
        assert (row.score, row.facts.lists.allowed) == (0, ("email",))


class ElsewhereTest:
    def test_endings_here_are_counts_and_elsewhere_buckets(self, store: Store) -> None:
        here, elsewhere = assessed(store), assessed(StoreFactory.create())
        OutcomeFactory.create(assessment=here, kind="settled")
        OutcomeFactory.create(assessment=here, kind="recovered")
        OutcomeFactory.create(assessment=elsewhere, kind="lost")
        OutcomeFactory.create(assessment=elsewhere, kind="recovered")
        OutcomeFactory.create()

        row = assessed(store)
        assert row.facts.outcomes == Outcomes(settled=1, recovered=1)
        assert (row.facts.platform.lost, row.facts.platform.recovered) == ("one", "one")
        # 20 here; 10 and 40 elsewhere; 15 for one other order elsewhere today: see below.
        assert row.score == 20 + 10 + 40 + 15

    def test_other_orders_of_the_last_day(self, store: Store) -> None:
        order = known(store)
        assess(order, wanted(), AT)
        assess(order, wanted(), AT)
        assessed(StoreFactory.create(), at=AT - timedelta(days=1))
        assert assess(order, wanted(), AT).facts.platform.orders_today == "none"
        assessed(StoreFactory.create(), at=AT - timedelta(hours=23))
        assert assess(order, wanted(), AT).facts.platform.orders_today == "one"

    def test_people_at_one_address(self, store: Store) -> None:
        for each in range(4):
            stranger = replace(ANA, email=f"x{each}@shopper.example", phone="")
            assessed(StoreFactory.create(), contact=stranger, at=AT - timedelta(days=80))
        assessed(store, at=AT - timedelta(days=2))

        row = assessed(store)
        assert row.facts.platform == Platform(people_at_address="several")
        assert codes(row) == ["address_shared"]

    @pytest.mark.parametrize(
        ("people", "merchants", "is_for_review"),
        [(3, 1, True), (2, 1, False), (2, 2, True)],
    )
    def test_a_bank_account_of_too_many(
        self, store: Store, people: int, merchants: int, is_for_review: bool
    ) -> None:
        """More than three people, or more than two merchants, with those of this request."""
        stores = [StoreFactory.create() for _ in range(merchants)]
        for each in range(people):
            stranger = replace(ANA, email=f"x{each}@shopper.example", phone="", street="")
            before = AT - timedelta(days=9)
            assessed(stores[each % merchants], contact=stranger, iban=IBAN, at=before)

        row = assessed(store, iban=IBAN)
        assert row.facts.platform.is_destination_for_review is is_for_review
        assert row.is_offered is not is_for_review

    def test_more_rows_than_are_read_count_as_many(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("apps.underwriting.managers.MOST_ROWS", 2)
        order = known(store)
        assess(order, wanted(), AT)
        assess(order, wanted(), AT)

        # Two rows are read and no more, so that as many others are assumed.
        assert assess(order, wanted(), AT).facts.platform.orders_today == "few"


class CapsTest:
    def test_what_is_open_leaves_less_room(self, store: Store) -> None:
        ExposureFactory.create(
            slot=f"merchant:{store.merchant_id}:EUR",
            scope="merchant",
            used_minor=997_500,
            limit_minor=1_000_000,
            open_count=1,
        )
        row = assessed(store)

        assert row.limit_now == eur("25")
        assert row.limit_at_inspection == eur("40")
        assert codes(row) == ["room_short"]

    def test_of_a_shopper_only_quarters_are_told(self, store: Store) -> None:
        mark = assessed(store).shopper_mark
        assert mark is not None
        ExposureFactory.create(
            slot=f"shopper:{mark.digest}:EUR",
            scope="shopper",
            used_minor=12_345,
            limit_minor=60_000,
            open_count=1,
        )

        rooms = {each.scope: each.left for each in assessed(store).facts.rooms}
        assert rooms["shopper"] == eur("450")

    def test_a_merchant_without_a_cap_has_no_room(self, store: Store) -> None:
        assert codes(assessed(store, merchant_cap=eur("0"))) == ["cap_reached"]


class RowTest:
    @pytest.mark.parametrize(
        "limits",
        [
            {"now_minor": -1},
            {"now_minor": 4001},
            {"at_delivery_minor": 4001},
            {"status": "declined"},
            {"declined": True, "status": "offered"},
        ],
    )
    def test_the_database_refuses_what_contradicts_itself(self, limits: dict[str, object]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            AssessmentFactory.create(**limits)


@pytest.mark.django_db(transaction=True)
class VersionRaceTest:
    def test_two_at_once_get_one_number_each(self) -> None:
        store = StoreFactory.create()
        request, ready = wanted(), Barrier(4, timeout=20)
        orders = [known(store, order_id=uuid7()) for _ in range(4)]

        def act(each: int) -> int:
            ready.wait()
            return assess(orders[each], request, AT).version

        assert sorted(map(int, in_parallel(act, range(4), 4))) == [1, 2, 3, 4]  # type: ignore[arg-type]

    def test_any_other_refusal_of_the_database_is_raised(self) -> None:
        row = AssessmentFactory.build(store=None, merchant=None, shopper_mark=None)
        row.merchant_id = row.store_id = uuid7()

        with pytest.raises(IntegrityError):
            row.write()
        assert row.status == choices.Assessment.Status.OFFERED
