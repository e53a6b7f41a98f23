from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from apps.core import clock
from apps.users.models import ApiKey
from apps.users.models.api_key import BadNetwork, KeyNotLive, TooManyKeys, UnknownScope
from apps.users.models.role import NotYourRights
from apps.users.tests.factories import ApiKeyFactory, MembershipFactory

pytestmark = pytest.mark.django_db

READ = ["read"]


class IssueTest:
    def test_text_is_shown_once_and_only_its_hash_is_stored(self) -> None:
        merchant = MembershipFactory.create().merchant
        key, text = ApiKey.issue(merchant, "Warehouse", "live", ["returns:write", "read"])
        kind, environment, prefix, secret = text.split("_", 3)
        assert (kind, environment) == ("rv", "live")
        assert len(prefix) == 8
        assert len(secret) == 43
        assert key.prefix == f"rv_live_{prefix}"
        assert key.scopes == ["read", "returns:write"]
        assert key.opens_with(secret)
        assert not key.opens_with(secret[:-1])
        assert secret not in str(ApiKey.objects.filter(pk=key.pk).values().get())
        assert str(key) == f"Warehouse (rv_live_{prefix})"
        assert key.timeline.get().kind == "api_key.issued"

    @pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "admin"]])
    def test_scopes_are_known_and_not_empty(self, scopes: list[str]) -> None:
        merchant = MembershipFactory.create().merchant
        with pytest.raises(UnknownScope):
            ApiKey.issue(merchant, "Warehouse", "live", scopes)
        assert not ApiKey.objects.exists()

    def test_two_are_live_at_a_time_in_each_environment(self) -> None:
        merchant = MembershipFactory.create().merchant
        first, _ = ApiKey.issue(merchant, "One", "live", READ)
        ApiKey.issue(merchant, "Two", "live", READ)
        ApiKey.issue(merchant, "Sandbox", "test", READ)
        with pytest.raises(TooManyKeys):
            ApiKey.issue(merchant, "Three", "live", READ)
        first.revoke(clock.now())
        ApiKey.issue(merchant, "Three", "live", READ)
        assert ApiKey.objects.for_merchant(merchant).count() == 4

    def test_keys_of_other_merchants_do_not_count(self) -> None:
        ApiKeyFactory.create_batch(2)
        merchant = MembershipFactory.create().merchant
        key, _ = ApiKey.issue(merchant, "One", "live", READ)
        assert ApiKey.objects.for_merchant(merchant).get() == key

    @pytest.mark.parametrize(
        ("permissions", "may_refund", "scopes", "granted"),
        [
            ({"developers": "edit"}, False, ["read"], True),
            ({"developers": "read"}, False, ["read"], False),
            ({"developers": "edit"}, False, ["orders:write"], False),
            ({"developers": "edit", "orders": "edit"}, False, ["orders:write"], True),
            ({"developers": "edit", "returns": "edit"}, False, ["returns:write"], True),
            ({"developers": "edit", "returns": "edit"}, False, ["refunds:write"], False),
            ({"developers": "edit", "returns": "edit"}, True, ["refunds:write"], True),
        ],
    )
    def test_user_hands_a_machine_no_right_not_held(
        self, permissions: dict[str, str], may_refund: bool, scopes: list[str], granted: bool
    ) -> None:
        seat = MembershipFactory.create(role__permissions=permissions, role__may_refund=may_refund)
        if granted:
            assert ApiKey.issue(seat.merchant, "Key", "live", scopes, seat)[0].scopes == scopes
        else:
            with pytest.raises(NotYourRights):
                ApiKey.issue(seat.merchant, "Key", "live", scopes, seat)


@pytest.mark.django_db(transaction=True)
class IssueRaceTest:
    def test_six_at_once_leave_two(self) -> None:
        merchant = MembershipFactory.create().merchant

        def issue(number: int) -> bool:
            try:
                ApiKey.issue(merchant, f"Key {number}", "live", READ)
            except TooManyKeys:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(6) as pool:
            assert sorted(pool.map(issue, range(6))) == [False] * 4 + [True] * 2


class LifeTest:
    def test_revoked_at_once_and_only_once(self) -> None:
        key, at = ApiKeyFactory.create(), clock.now()
        key.revoke(at)
        key.revoke(at + timedelta(hours=1))
        assert key.revoked_at == at
        assert not key.is_live_at(at)
        assert key.timeline.count() == 1
        assert not ApiKey.objects.live_at(at).exists()

    def test_rotation_overlaps_for_a_day(self) -> None:
        old, at = ApiKeyFactory.create(scopes=READ, allowed_ips=["192.0.2.0/24"]), clock.now()
        new, text = old.rotate(at)
        assert text.startswith(f"{new.prefix}_")
        assert (new.name, new.scopes, new.allowed_ips) == (old.name, READ, ["192.0.2.0/24"])
        assert old.is_live_at(at + timedelta(hours=23))
        assert not old.is_live_at(at + timedelta(hours=24))
        assert set(ApiKey.objects.live_at(at)) == {old, new}

    def test_rotation_of_a_dead_key_leaves_no_successor(self) -> None:
        key, at = ApiKeyFactory.create(), clock.now()
        key.revoke(at)
        with pytest.raises(KeyNotLive):
            key.rotate(at)
        assert ApiKey.objects.count() == 1

    def test_nearer_end_stays(self) -> None:
        at = clock.now()
        key = ApiKeyFactory.create(expires_at=at + timedelta(hours=1))
        key.expire(at + timedelta(hours=24), at)
        assert key.expires_at == at + timedelta(hours=1)

    def test_addresses_become_networks(self) -> None:
        key = ApiKeyFactory.create()
        key.allow_from(["192.0.2.7", "2001:db8::/32"])
        assert key.allowed_ips == ["192.0.2.7/32", "2001:db8::/32"]
        with pytest.raises(BadNetwork):
            key.allow_from(["localhost"])

    def test_scope(self) -> None:
        assert ApiKeyFactory.build(scopes=READ).has_scope("read")
        assert not ApiKeyFactory.build(scopes=READ).has_scope("webhooks")
