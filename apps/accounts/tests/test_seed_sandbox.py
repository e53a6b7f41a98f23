import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from apps.accounts.models import Merchant, Store
from apps.core import clock
from apps.users.models import ApiKey, Membership, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def path(settings: Settings, tmp_path: Path) -> Path:
    settings.SANDBOX_FILE = tmp_path / ".embedded" / "sandbox.json"
    return tmp_path / ".embedded" / "sandbox.json"


def run() -> dict[str, str]:
    out = StringIO()
    call_command("seed_sandbox", "--print", stdout=out)
    return dict(line.split("=", 1) for line in out.getvalue().splitlines())


class SeedSandboxTest:
    def test_everything_opens_with_what_is_printed(self) -> None:
        facts = run()
        merchant = Merchant.objects.get(slug="tienda-norte")
        assert (merchant.iban, merchant.bic) == ("ES9121000418450200051332", "CAIXESBBXXX")
        assert Store.objects.for_merchant(merchant).get().slug == facts["STORE_SLUG"]
        admin = User.objects.get(email=facts["ADMIN_EMAIL"])
        assert admin.check_password(facts["ADMIN_PASSWORD"])
        assert admin.is_staff
        owner = User.objects.get(email=facts["MERCHANT_EMAIL"])
        assert owner.check_password(facts["MERCHANT_PASSWORD"])
        assert Membership.objects.of_user(owner).get().role.is_owner
        key = ApiKey.objects.get()
        assert facts["API_KEY"].startswith(f"{key.prefix}_")
        assert (key.environment, len(key.scopes)) == ("test", 5)

    def test_twice_is_once(self, path: Path) -> None:
        first = run()
        assert run() == first
        assert Merchant.objects.count() == Store.objects.count() == ApiKey.objects.count() == 1
        assert json.loads(path.read_text()) == first
        assert path.stat().st_mode & 0o777 == 0o600

    def test_revoked_key_is_replaced_and_changed_password_set_back(self) -> None:
        first = run()
        ApiKey.objects.get().revoke(clock.now())
        owner = User.objects.get(email=first["MERCHANT_EMAIL"])
        owner.set_password("something-else-42")
        owner.save()
        second = run()
        assert second["API_KEY"] != first["API_KEY"]
        assert {**second, "API_KEY": ""} == {**first, "API_KEY": ""}
        assert User.objects.get(pk=owner.pk).check_password(first["MERCHANT_PASSWORD"])

    def test_lost_file_gives_new_secrets_and_one_live_key(self, path: Path) -> None:
        first = run()
        path.unlink()
        assert run()["API_KEY"] != first["API_KEY"]
        assert ApiKey.objects.live_at(clock.now()).count() == 1

    def test_prints_nothing_unasked(self) -> None:
        out = StringIO()
        call_command("seed_sandbox", stdout=out)
        assert out.getvalue() == ""

    def test_refused_in_production(self, settings: Settings) -> None:
        settings.SANDBOX = False
        with pytest.raises(CommandError):
            run()
        assert not Merchant.objects.exists()
