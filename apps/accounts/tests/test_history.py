"""Audit by triggers: whatever changes the row, and by whom."""

import pytest

from apps.accounts.models import Merchant
from apps.accounts.tests.factories import CustomerFactory, MerchantFactory, StoreFactory
from apps.core.history import changes_of, is_tracked, versions_of
from apps.events.actors import Actor, acting

pytestmark = pytest.mark.django_db


class HistoryTest:
    def test_every_version_is_kept_even_of_updates_past_the_model(self) -> None:
        merchant = MerchantFactory.create(name="Norte")
        Merchant.objects.filter(pk=merchant.pk).update(name="Sur")
        versions = [(v.pgh_label, v.name) for v in versions_of(merchant)]
        assert versions == [("insert", "Norte"), ("update", "Sur")]

    def test_changes_name_fields_actor_and_address_newest_first(self) -> None:
        store = StoreFactory.create()
        with acting(Actor("staff", "7"), url="/accounts/store/"):
            store.preferences.override("return_window_days", 14)
        change, first = changes_of(store.preferences)
        assert change.fields == {
            "return_window_days": (30, 14),
            "overrides": ([], ["return_window_days"]),
        }
        assert (change.actor, change.url) == ("staff:7", "/accounts/store/")
        assert (first.label, first.fields, first.actor) == ("insert", {}, "")

    def test_limit(self) -> None:
        merchant = MerchantFactory.create()
        for name in ("A", "B", "C"):
            Merchant.objects.filter(pk=merchant.pk).update(name=name)
        changes = changes_of(merchant, limit=2)
        assert [change.fields["name"] for change in changes] == [("B", "C"), ("A", "B")]

    def test_all_four_configuration_models_are_watched(self) -> None:
        store = StoreFactory.create()
        rows = (store.merchant, store.merchant.preferences, store, store.preferences)
        assert [versions_of(row).count() for row in rows] == [1, 1, 1, 1]
        assert all(is_tracked(type(row)) for row in rows)
        assert not is_tracked(type(CustomerFactory.build(merchant=None)))
