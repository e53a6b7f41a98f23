import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from apps.accounts.models import Merchant, Store
from apps.deliveries.models import DropOffPoint, ReturnMethod
from apps.orders.models import ReturnReason, StockLevel
from apps.users.models import Membership, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def path(settings: Settings, tmp_path: Path) -> Path:
    settings.SANDBOX_FILE = tmp_path / ".embedded" / "sandbox.json"
    return tmp_path / ".embedded" / "sandbox.json"


def run() -> dict[str, str]:
    out = StringIO()
    call_command("seed_shop", "--print", stdout=out)
    return dict(line.split("=", 1) for line in out.getvalue().splitlines())


def rows() -> dict[str, int]:
    models = (Merchant, Store, ReturnReason, ReturnMethod, DropOffPoint, StockLevel, Membership)
    return {model.__name__: model._default_manager.count() for model in models}


class SeedShopTest:
    def test_one_more_store_is_furnished_once(self) -> None:
        for _ in range(2):
            call_command("seed_shop", "--store", "third", stdout=StringIO())
        store = Store.objects.get(slug="third")

        assert (store.platform, store.currency) == ("api", "EUR")
        assert ReturnMethod.objects.for_store(store).count() == 2
        assert ReturnReason.objects.for_store(store).count() == 5

    def test_two_windows_are_ready_for_a_first_return(self) -> None:
        facts = run()
        shop, archive = (
            Store.objects.get(slug=facts[name]) for name in ("STORE_SLUG", "ARCHIVE_SLUG")
        )
        assert (shop.currency, archive.currency) == ("EUR", "GBP")
        for store in (shop, archive):
            reasons = ReturnReason.objects.for_store(store)
            assert [reason.code for reason in reasons if reason.waives_fee] == [
                "damaged",
                "wrong_item",
            ]
            assert [reason.code for reason in reasons if reason.needs_text] == ["damaged"]
            prices = {
                method.code: [
                    (str(price.price.amount), price.currency) for price in method.prices.all()
                ]
                for method in ReturnMethod.objects.for_store(store)
            }
            assert prices == {
                "post": [("3.95", store.currency)],
                "shop": [("0.00", store.currency)],
            }
            assert DropOffPoint.objects.for_store(store).get().address["city"] == "Bilbao"
            levels = StockLevel.objects.for_store(store)
            assert {level.variant_id: level.on_hand for level in levels} == {
                "shirt-m": 12,
                "shirt-l": 0,
                "scarf": 5,
            }

    def test_a_second_person_may_approve_payouts(self) -> None:
        facts = run()
        user = User.objects.get(email=facts["SECOND_EMAIL"])
        role = Membership.objects.of_user(user).get().role

        assert user.check_password(facts["SECOND_PASSWORD"])
        assert (role.name, role.is_owner, role.may_approve_payouts) == ("Finance", False, True)

    def test_twice_is_once(self, path: Path) -> None:
        first, made = run(), rows()

        assert run() == first
        assert rows() == made
        assert json.loads(path.read_text()) == first

    def test_what_was_sold_meanwhile_stays_sold(self) -> None:
        run()
        level = StockLevel.objects.get(store__slug="tienda-norte", variant_id="scarf")
        level.on_hand = 1
        level.save()
        run()
        level.refresh_from_db()

        assert level.on_hand == 1

    def test_a_lost_file_gives_the_second_person_a_new_password(self, path: Path) -> None:
        first = run()
        path.unlink()
        second = run()
        user = User.objects.get(email=first["SECOND_EMAIL"])

        assert second["SECOND_PASSWORD"] != first["SECOND_PASSWORD"]
        assert user.check_password(second["SECOND_PASSWORD"])

    def test_prints_nothing_unasked(self) -> None:
        out = StringIO()
        call_command("seed_shop", stdout=out)

        assert out.getvalue() == ""
        assert Store.objects.count() == 2

    def test_refused_in_production(self, settings: Settings) -> None:
        settings.SANDBOX = False
        with pytest.raises(CommandError):
            run()

        assert not Merchant.objects.exists()
