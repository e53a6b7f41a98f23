"""Settings of the merchant, their way down to the stores, and what a store keeps."""

from typing import Any

import pytest

from apps.accounts.models import Merchant, MerchantPreferences, Store, StorePreferences
from apps.accounts.tests.factories import LocationFactory, MerchantFactory, StoreFactory
from apps.api.merchants.tests.desk import Desk, at_most, owner_of, seat_at
from apps.core.ids import uuid7
from apps.events.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return StoreFactory.create(slug="ropa", name="Ropa", languages=["es"])


@pytest.fixture
def desk(store: Store) -> Desk:
    return owner_of(store.merchant)


def patch(desk: Desk, path: str, body: dict[str, Any]) -> Any:
    return desk.send(path, body, "PATCH")


class MerchantSettingsTest:
    def test_reads_all_of_them_with_sums_as_money(self, desk: Desk) -> None:
        with at_most(1):
            shown = desk.get("/v1/settings").json()

        assert len(shown) == len(MerchantPreferences.synced_fields())
        assert shown["restocking_fixed"] == {"amount": "0.00", "currency": "EUR"}
        assert (shown["bonus_percent"], shown["return_window_days"]) == ("0.00", 30)

    def test_changes_what_is_said_and_tells_it(self, desk: Desk, store: Store) -> None:
        body = {
            "return_window_days": 45,
            "bonus_kind": "percent",
            "bonus_percent": "7.5",
            "restocking_fixed": {"amount": "2.95", "currency": "EUR"},
        }
        shown = patch(desk, "/v1/settings", body).json()

        ours = MerchantPreferences.objects.get(merchant=store.merchant)
        assert (ours.return_window_days, ours.restocking_fixed_minor) == (45, 295)
        assert (shown["bonus_percent"], shown["restocking_fixed"]) == (
            "7.5",
            body["restocking_fixed"],
        )
        event = Event.objects.get(kind="merchant.settings_changed")
        assert event.payload["fields"] == [
            "bonus_kind",
            "bonus_percent",
            "restocking_fixed_minor",
            "return_window_days",
        ]
        assert StorePreferences.objects.get(store=store).return_window_days == 30

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"return_window_days": "45"}, 400, "invalid_form"),
            ({"merchant": "x"}, 400, "invalid_form"),
            ({"bonus_flat": {"amount": "5.00", "currency": "USD"}}, 400, "currency_mismatch"),
            ({"refund_methods": []}, 400, "invalid_preference"),
            ({"policy_url": "javascript:alert(1)"}, 400, "invalid_preference"),
        ],
    )
    def test_refuses_what_is_no_setting(
        self, desk: Desk, body: dict[str, Any], status: int, code: str
    ) -> None:
        response = patch(desk, "/v1/settings", body)

        assert (response.status_code, response.json()["code"]) == (status, code)

    @pytest.mark.parametrize(
        ("role", "read", "edit"),
        [({"reader": True}, 200, 403), ({"editor": True}, 200, 200), ({}, 403, 403)],
    )
    def test_the_role_decides(
        self, store: Store, role: dict[str, Any], read: int, edit: int
    ) -> None:
        desk = seat_at(store.merchant, **role)

        assert desk.get("/v1/settings").status_code == read
        assert patch(desk, "/v1/settings", {}).status_code == edit
        assert desk.get("/v1/settings/sync").status_code == read
        assert desk.send("/v1/settings/sync").status_code == edit


class SyncTest:
    def test_preview_then_hand_down(self, desk: Desk, store: Store) -> None:
        patch(desk, "/v1/settings", {"return_window_days": 45})
        body = {"bonus_flat": {"amount": "5.00", "currency": "EUR"}}
        patch(desk, "/v1/settings", body)
        with at_most(3):
            preview = desk.get("/v1/settings/sync").json()
        done = desk.send("/v1/settings/sync").json()

        assert preview == done
        assert preview["differences"] == [
            {"store": "Ropa", "name": "return_window_days", "current": 30, "wanted": 45},
            {
                "store": "Ropa",
                "name": "bonus_flat",
                "current": {"amount": "0.00", "currency": "EUR"},
                "wanted": {"amount": "5.00", "currency": "EUR"},
            },
        ]
        theirs = StorePreferences.objects.get(store=store)
        assert (theirs.return_window_days, theirs.bonus_flat_minor) == (45, 500)
        assert desk.get("/v1/settings/sync").json() == {"differences": []}

    def test_needs_settings_of_the_merchant(self) -> None:
        merchant = MerchantFactory.create(preferences=None)
        desk = owner_of(merchant)

        assert desk.get("/v1/settings").status_code == 404
        assert desk.get("/v1/settings/sync").json()["code"] == "no_preferences"


class StoreSettingsTest:
    PATH = "/v1/stores/ropa/settings"

    def test_a_store_keeps_its_own_until_it_follows_again(self, desk: Desk, store: Store) -> None:
        fee = {"amount": "4.95", "currency": "EUR"}
        kept = patch(desk, self.PATH, {"return_window_days": 14, "restocking_fixed": fee}).json()
        patch(desk, "/v1/settings", {"return_window_days": 45})
        desk.send("/v1/settings/sync")
        assert kept["overrides"] == ["restocking_fixed", "return_window_days"]
        with at_most(1):
            shown = desk.get(self.PATH).json()
        assert (shown["return_window_days"], shown["restocking_fixed"]) == (14, fee)

        names = {"settings": ["return_window_days", "restocking_fixed"]}
        followed = desk.send(f"{self.PATH}/follow", names).json()

        assert (followed["overrides"], followed["return_window_days"]) == ([], 45)
        assert followed["restocking_fixed"]["amount"] == "0.00"

    def test_all_or_none_is_kept(self, desk: Desk, store: Store) -> None:
        response = patch(desk, self.PATH, {"return_window_days": 14, "refund_methods": []})

        assert response.json()["code"] == "invalid_preference"
        theirs = StorePreferences.objects.get(store=store)
        assert (theirs.return_window_days, theirs.overrides) == (30, [])

    def test_what_is_followed_must_be_a_setting(self, desk: Desk) -> None:
        response = desk.send(f"{self.PATH}/follow", {"settings": ["merchant_id"]})

        assert (response.status_code, response.json()["code"]) == (400, "unknown_preference")
        assert desk.send(f"{self.PATH}/follow", {"settings": []}).status_code == 400

    def test_foreign_and_missing_stores_are_the_same_404(self, store: Store) -> None:
        stranger = owner_of(MerchantFactory.create())
        answers = [stranger.get(f"/v1/stores/{slug}/settings") for slug in (store.slug, "nobodys")]
        answers.append(patch(stranger, self.PATH, {"return_window_days": 1}))
        answers.append(stranger.send(f"{self.PATH}/follow", {"settings": ["lookup"]}))

        assert [each.status_code for each in answers] == [404] * 4
        bodies = [each.json() | {"request_id": ""} for each in answers]
        assert all(body == bodies[0] for body in bodies)


class PlacesTest:
    @pytest.fixture
    def merchant(self, store: Store) -> Merchant:
        LocationFactory.create(merchant=store.merchant, name="Norte", is_default=True)
        LocationFactory.create(merchant=store.merchant, name="Sur")
        LocationFactory.create()
        StoreFactory.create()
        return store.merchant

    def test_lists_the_merchants_stores(self, merchant: Merchant) -> None:
        desk = seat_at(merchant)
        with at_most(1):
            shown = desk.get("/v1/stores").json()["data"]

        assert [(each["slug"], each["languages"]) for each in shown] == [("ropa", ["es"])]

    def test_lists_the_merchants_locations(self, merchant: Merchant) -> None:
        desk = seat_at(merchant)
        with at_most(1):
            first = desk.get("/v1/locations", {"limit": 1}).json()
        rest = desk.get("/v1/locations", {"limit": 1, "cursor": first["next_cursor"]}).json()

        assert [each["name"] for each in first["data"] + rest["data"]] == ["Sur", "Norte"]
        assert rest["data"][0]["is_default"] is True


class MethodsTest:
    PATH = "/v1/stores/ropa/return-methods"
    PRICE: dict[str, Any] = {
        "regions": ["ES", "ES-07"],
        "outcome": "refund",
        "price": {"amount": "2.95", "currency": "EUR"},
    }

    def test_is_added_with_its_prices_and_changed(self, desk: Desk, store: Store) -> None:
        location = LocationFactory.create(merchant=store.merchant)
        body = {"code": "post", "type": "own_label", "names": {"es": "Correos"}}
        made = desk.send(self.PATH, {**body, "location": str(location.pk), "prices": [self.PRICE]})
        path = f"/v1/return-methods/{made.json()['id']}"
        renamed = patch(desk, path, {"names": {"es": "Por correo"}, "is_active": False}).json()
        free = {"regions": ["*"], "price": {"amount": "0.00", "currency": "EUR"}}
        other = LocationFactory.create(merchant=store.merchant)
        priced = patch(desk, path, {"prices": [free], "location": str(other.pk)}).json()

        assert made.status_code == 201
        assert made.json()["prices"] == [self.PRICE]
        assert (renamed["prices"], renamed["is_active"]) == ([self.PRICE], False)
        assert renamed["location"] == str(location.pk)
        assert priced["prices"] == [{**free, "outcome": "any"}]
        assert priced["location"] == str(other.pk)
        # The door of the store, the methods, their prices.
        with at_most(3):
            listed = desk.get(self.PATH).json()["methods"]
        assert listed == [priced]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"type": "teleport"},
            {"code": "Not A Code"},
            {"prices": [{"regions": ["Spain"], "price": {"amount": "1.00", "currency": "EUR"}}]},
            {"prices": [{"regions": ["*"], "price": {"amount": "-1.00", "currency": "EUR"}}]},
            {"merchant": "x"},
        ],
    )
    def test_refuses_what_cannot_be(self, desk: Desk, wrong: dict[str, Any]) -> None:
        response = desk.send(self.PATH, {"code": "post", "type": "own_label", **wrong})

        assert (response.status_code, response.json()["code"]) == (400, "invalid_form")

    def test_a_code_is_used_once(self, desk: Desk) -> None:
        body = {"code": "post", "type": "own_label"}
        desk.send(self.PATH, body)

        response = desk.send(self.PATH, body)

        assert (response.status_code, response.json()["code"]) == (409, "code_taken")

    def test_foreign_rows_are_missing(self, desk: Desk) -> None:
        method = desk.send(self.PATH, {"code": "post", "type": "own_label"}).json()
        stranger = owner_of(MerchantFactory.create())
        foreign = LocationFactory.create()
        body = {"code": "other", "type": "own_label", "location": str(foreign.pk)}

        assert desk.send(self.PATH, body).status_code == 404
        assert patch(stranger, f"/v1/return-methods/{method['id']}", {}).status_code == 404
        assert patch(desk, f"/v1/return-methods/{uuid7()}", {}).status_code == 404
        assert stranger.get(self.PATH).status_code == 404
