from datetime import UTC, datetime
from decimal import Decimal

import pytest

from apps.accounts.mixins.configuration_sync import Difference, NoPreferences
from apps.accounts.mixins.preferences import InvalidPreference, PreferenceFields, UnknownPreference
from apps.accounts.models import Merchant, MerchantPreferences, StorePreferences
from apps.accounts.tests.factories import (
    MerchantFactory,
    MerchantPreferencesFactory,
    StoreFactory,
    StorePreferencesFactory,
)
from apps.core.money import Money
from apps.events.models import Event

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def merchant() -> Merchant:
    return MerchantFactory.create(
        preferences__return_window_days=45, preferences__restocking_fixed_minor=250
    )


class SyncTest:
    def test_preview_names_store_field_and_both_values_and_writes_nothing(
        self, merchant: Merchant
    ) -> None:
        store = StoreFactory.create(merchant=merchant, name="Norte")
        assert merchant.preview_sync() == [
            Difference(store.pk, "Norte", "return_window_days", 30, 45),
            Difference(store.pk, "Norte", "restocking_fixed_minor", 0, 250),
        ]
        assert StorePreferences.objects.get().return_window_days == 30

    def test_sync_does_what_the_preview_said_and_then_has_nothing_left(
        self, merchant: Merchant
    ) -> None:
        stores = StoreFactory.create_batch(2, merchant=merchant)
        preview = merchant.preview_sync()
        assert merchant.sync_settings() == preview
        days = StorePreferences.objects.values_list("return_window_days", flat=True)
        assert list(days) == [45, 45]
        assert merchant.preview_sync() == []
        event = Event.objects.get(kind="merchant.settings_synced")
        assert event.payload == {
            "fields": ["restocking_fixed_minor", "return_window_days"],
            "stores": len(stores),
        }

    def test_second_sync_is_silent(self, merchant: Merchant) -> None:
        StoreFactory.create(merchant=merchant)
        merchant.sync_settings()
        assert merchant.sync_settings() == []
        assert Event.objects.filter(kind="merchant.settings_synced").count() == 1

    def test_overridden_field_stays_and_the_others_follow(self, merchant: Merchant) -> None:
        store = StoreFactory.create(merchant=merchant)
        store.preferences.override("return_window_days", 14)
        merchant.sync_settings()
        theirs = StorePreferences.objects.get()
        assert (theirs.return_window_days, theirs.restocking_fixed_minor) == (14, 250)

    def test_sum_is_not_handed_down_into_another_currency(self, merchant: Merchant) -> None:
        StoreFactory.create(merchant=merchant, currency="JPY")
        merchant.sync_settings()
        theirs = StorePreferences.objects.get()
        assert (theirs.return_window_days, theirs.restocking_fixed_minor) == (45, 0)

    def test_other_merchants_and_retired_stores_are_left_alone(self, merchant: Merchant) -> None:
        foreign = StoreFactory.create()
        StoreFactory.create(merchant=merchant).retire(NOW)
        assert merchant.sync_settings() == []
        assert StorePreferences.objects.get(store=foreign).return_window_days == 30

    def test_merchant_without_settings_has_nothing_to_hand_down(self) -> None:
        with pytest.raises(NoPreferences):
            MerchantFactory.create(preferences=None).preview_sync()

    def test_every_setting_is_handed_down(self) -> None:
        own = {field.attname for field in StorePreferences._meta.local_fields}
        kept = {"id", "created_at", "updated_at", "merchant_id", "store_id", "overrides"}
        assert set(StorePreferences.synced_fields()) == own - kept


class OverrideTest:
    def test_override_and_follow(self, merchant: Merchant) -> None:
        theirs = StoreFactory.create(merchant=merchant).preferences
        theirs.override("auto_approve", False)
        theirs.override("return_window_days", 14)
        assert theirs.overrides == ["auto_approve", "return_window_days"]
        theirs.follow("return_window_days")
        stored = StorePreferences.objects.get()
        assert (stored.return_window_days, stored.auto_approve) == (45, False)
        assert stored.overrides == ["auto_approve"]
        assert [event.kind for event in stored.timeline] == [
            "store.setting_overridden",
            "store.setting_overridden",
            "store.setting_followed",
        ]

    def test_following_a_sum_in_another_currency_keeps_the_own(self, merchant: Merchant) -> None:
        theirs = StoreFactory.create(merchant=merchant, currency="JPY").preferences
        theirs.override("restocking_fixed_minor", 300)
        theirs.follow("restocking_fixed_minor")
        assert theirs.restocking_fixed == Money(300, "JPY")

    @pytest.mark.parametrize("field", ["overrides", "merchant_id", "id", "moon"])
    def test_only_settings_are_overridden(self, field: str) -> None:
        theirs = StorePreferencesFactory.create()
        with pytest.raises(UnknownPreference):
            theirs.override(field, "x")
        with pytest.raises(UnknownPreference):
            theirs.follow(field)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("return_window_days", 3651),
            ("return_window_days", -1),
            ("return_window_days", "soon"),
            ("restocking_fixed_minor", -1),
            ("restocking_percent", "100.01"),
            ("bonus_percent", "-0.01"),
            ("shipping_rule", "sometimes"),
            ("refund_methods", []),
            ("refund_methods", ["gold"]),
            ("refund_methods", ["original", "original"]),
            ("refund_methods", "original"),
            ("policy_url", "javascript:alert(1)"),
        ],
    )
    def test_value_is_judged_and_nothing_is_kept(self, field: str, value: object) -> None:
        theirs = StorePreferencesFactory.create()
        with pytest.raises(InvalidPreference):
            theirs.override(field, value)
        assert StorePreferences.objects.get().overrides == []


class ChangeTest:
    def test_changes_are_recorded_and_named(self) -> None:
        ours = MerchantPreferencesFactory.create()
        values = {"return_window_days": 60, "restocking_percent": "10.50", "auto_approve": True}
        assert ours.change(values) == ["restocking_percent", "return_window_days"]
        stored = MerchantPreferences.objects.get()
        assert (stored.return_window_days, stored.restocking_percent) == (60, Decimal("10.50"))
        assert stored.timeline.get().payload == {
            "fields": ["restocking_percent", "return_window_days"]
        }

    def test_no_change_no_event(self) -> None:
        ours = MerchantPreferencesFactory.create()
        assert ours.change({"return_window_days": 30}) == []
        assert not ours.timeline.exists()

    def test_one_wrong_value_keeps_all_as_they_were(self) -> None:
        ours = MerchantPreferencesFactory.create()
        with pytest.raises(InvalidPreference):
            ours.change({"return_window_days": 60, "bonus_percent": "200"})
        assert MerchantPreferences.objects.get().return_window_days == 30


class MoneyTest:
    def test_sums_are_in_the_currency_of_their_end(self, merchant: Merchant) -> None:
        theirs = StoreFactory.create(merchant=merchant, currency="JPY").preferences
        assert merchant.preferences.restocking_fixed == Money.of("2.50", "EUR")
        theirs.bonus_flat = Money(500, "JPY")
        assert theirs.bonus_flat_minor == 500

    def test_refund_methods(self) -> None:
        theirs = StorePreferences(refund_methods=["original"])
        assert theirs.allows_refund_by("original")
        assert not theirs.allows_refund_by("bank_transfer")

    def test_abstract_settings_have_no_currency(self) -> None:
        with pytest.raises(NotImplementedError):
            PreferenceFields.currency.fget(None)  # type: ignore[attr-defined]

    def test_names(self) -> None:
        theirs = StorePreferencesFactory.create()
        assert str(theirs) == f"preferences of {theirs.store_id}"
        assert str(theirs.merchant.preferences) == f"preferences of {theirs.merchant_id}"
