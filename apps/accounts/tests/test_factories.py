import pytest

from apps.accounts.tests.factories import CustomerFactory, LocationFactory, StoreFactory
from apps.events.tests.factories import EventFactory, InboxMessageFactory, JobRunFactory
from apps.users.tests.factories import SECRET, ApiKeyFactory, MembershipFactory, RoleFactory

pytestmark = pytest.mark.django_db


class FactoriesTest:
    def test_store_comes_with_merchant_and_both_preferences(self) -> None:
        store = StoreFactory.create(preferences__with_all_allowed_orders=True)
        assert store.preferences.return_window_days == 3650
        assert store.preferences.merchant_id == store.merchant_id
        assert store.merchant.preferences.return_window_days == 30
        assert store.currency == store.merchant.currency == "EUR"

    def test_membership_is_of_one_merchant(self) -> None:
        membership = MembershipFactory.create(role__owner=True)
        assert membership.role.merchant_id == membership.merchant_id
        assert membership.role.is_owner

    def test_key_opens_with_the_shared_secret(self) -> None:
        assert ApiKeyFactory.create().opens_with(SECRET)

    @pytest.mark.parametrize(
        "factory",
        [
            CustomerFactory,
            LocationFactory,
            RoleFactory,
            EventFactory,
            InboxMessageFactory,
            JobRunFactory,
        ],
    )
    def test_every_other_row_can_be_made_twice(self, factory: type[CustomerFactory]) -> None:
        assert factory.create().pk != factory.create().pk
