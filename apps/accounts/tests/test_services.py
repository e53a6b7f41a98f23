from dataclasses import replace
from datetime import UTC, datetime

import pytest

from apps.accounts import services
from apps.accounts.dtos import OpenMerchantRequest, StoreDetails
from apps.accounts.mixins.lifecycle import SlugTaken
from apps.accounts.models import Location, Merchant, Store
from apps.accounts.services import InvalidBankAccount
from apps.accounts.tests.factories import ADDRESS, MerchantFactory
from apps.core.money import UnknownCurrency
from apps.users.models import ApiKey, Membership, Role, User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, tzinfo=UTC)
REQUEST = OpenMerchantRequest(
    name="Tienda Norte",
    slug="tienda-norte",
    legal_name="Tienda Norte S.L.",
    country="ES",
    currency="EUR",
    owner_email="Duena@Tienda.example",
    owner_name="Lucía",
    address=ADDRESS,
    iban="ES91 2100 0418 4502 0005 1332",
)


class OpenMerchantTest:
    def test_comes_with_everything_it_needs(self) -> None:
        merchant = services.open_merchant(REQUEST)
        assert merchant.preferences.refund_methods == ["original", "store_credit"]
        assert Location.objects.for_merchant(merchant).get().is_default
        roles = Role.objects.for_merchant(merchant).order_by("name")
        assert [role.name for role in roles] == ["Agent", "Manager", "Owner"]
        seat = Membership.objects.for_merchant(merchant).get()
        assert seat.role.is_owner
        assert (seat.user.email, seat.user.name) == ("duena@tienda.example", "Lucía")
        assert merchant.timeline.get().kind == "merchant.opened"
        assert str(merchant) == "Tienda Norte"

    def test_bank_account_is_checked_and_its_bic_found(self) -> None:
        merchant = services.open_merchant(REQUEST)
        assert (merchant.iban, merchant.bic) == ("ES9121000418450200051332", "CAIXESBB")

    def test_named_bic_wins(self) -> None:
        assert services.open_merchant(replace(REQUEST, bic="CAIXESBBXXX")).bic == "CAIXESBBXXX"

    def test_without_bank_account(self) -> None:
        merchant = services.open_merchant(replace(REQUEST, iban=""))
        assert (merchant.iban, merchant.bic) == ("", "")

    @pytest.mark.parametrize(
        "changes",
        [{"iban": "ES9121000418450200051333"}, {"iban": "hello"}, {"bic": "NOT A BIC"}],
    )
    def test_wrong_bank_account(self, changes: dict[str, str]) -> None:
        with pytest.raises(InvalidBankAccount):
            services.open_merchant(replace(REQUEST, **changes))  # type: ignore[arg-type]

    def test_unknown_currency(self) -> None:
        with pytest.raises(UnknownCurrency):
            services.open_merchant(replace(REQUEST, currency="EURO"))

    def test_taken_slug_leaves_nothing_behind(self) -> None:
        MerchantFactory.create(slug=REQUEST.slug)
        with pytest.raises(SlugTaken):
            services.open_merchant(REQUEST)
        assert not User.objects.exists()


class CloseMerchantTest:
    def test_ends_stores_keys_and_seats(self) -> None:
        merchant = services.open_merchant(REQUEST)
        merchant.open_store(StoreDetails("Norte", "tienda-norte"))
        key, _ = ApiKey.issue(merchant, "Key", "live", ["read"])
        services.close_merchant(merchant, NOW)
        assert not Merchant.objects.exists()
        assert not Store.objects.exists()
        assert ApiKey.objects.get(pk=key.pk).revoked_at == NOW
        assert not Membership.objects.active().exists()
        assert Merchant.all_objects.get().status == "closed"
