"""`manage.py seed_sandbox`: a merchant, a store, two people and a key to try the product with."""

import json
import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from apps.accounts import services
from apps.accounts.dtos import OpenMerchantRequest, StoreDetails
from apps.accounts.models import Merchant, Store
from apps.core import clock
from apps.users import choices as users
from apps.users.models import ApiKey, User

MERCHANT_SLUG = STORE_SLUG = "tienda-norte"
REQUEST = OpenMerchantRequest(
    name="Tienda Norte",
    slug=MERCHANT_SLUG,
    legal_name="Tienda Norte S.L.",
    tax_id="B12345674",
    country="ES",
    currency="EUR",
    owner_email="owner@tienda-norte.example",
    owner_name="Lucía Norte",
    address={
        "name": "Tienda Norte",
        "street": "Calle Mayor 1",
        "postcode": "48001",
        "city": "Bilbao",
        "country": "ES",
    },
    iban="ES9121000418450200051332",
    bic="CAIXESBBXXX",
)
STORE = StoreDetails("Tienda Norte", STORE_SLUG, languages=("es", "en"), domain="tienda.example")
ADMIN_EMAIL = "admin@reveni.example"


class Command(BaseCommand):
    help = "Make the sandbox merchant once; secrets are kept in .embedded/sandbox.json (0600)."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--print", action="store_true", help="print KEY=value lines")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError("the sandbox is made on development machines only")
        path = settings.SANDBOX_FILE
        with transaction.atomic():
            facts = seed(load(path))
        keep(path, facts)
        if options["print"]:
            for name, value in facts.items():
                self.stdout.write(f"{name}={value}")


def seed(known: dict[str, str]) -> dict[str, str]:
    """Make what is missing, and have the passwords and the key of the file open the door."""
    facts = {
        "ADMIN_EMAIL": ADMIN_EMAIL,
        "ADMIN_PASSWORD": known.get("ADMIN_PASSWORD") or secrets.token_urlsafe(18),
        "MERCHANT_EMAIL": REQUEST.owner_email,
        "MERCHANT_PASSWORD": known.get("MERCHANT_PASSWORD") or secrets.token_urlsafe(18),
    }
    merchant = Merchant.objects.filter(slug=MERCHANT_SLUG).first()
    if merchant is None:
        merchant = services.open_merchant(REQUEST)
    if not Store.objects.for_merchant(merchant).filter(slug=STORE_SLUG).exists():
        merchant.open_store(STORE)
    admin = User.objects.invited(ADMIN_EMAIL, "Sandbox staff")
    admin.is_staff = admin.is_superuser = True
    _open_with(admin, facts["ADMIN_PASSWORD"])
    _open_with(User.objects.get(email=REQUEST.owner_email), facts["MERCHANT_PASSWORD"])
    key = _key(merchant, known.get("API_KEY", ""))
    return {**facts, "API_KEY": key, "STORE_SLUG": STORE_SLUG}


def _open_with(user: User, password: str) -> None:
    if not user.check_password(password):
        user.set_password(password)
    user.save()


def _key(merchant: Merchant, text: str) -> str:
    """The known key while it is live; else a new one in place of the sandbox's old ones."""
    at = clock.now()
    live = ApiKey.objects.for_merchant(merchant).live_at(at)
    sandbox = live.filter(environment=users.ApiKey.Environment.TEST)
    for key in sandbox:
        if text.startswith(f"{key.prefix}_") and key.opens_with(text[len(key.prefix) + 1 :]):
            return text
    for key in sandbox:
        key.revoke(at)
    scopes = users.ApiKey.Scope.values
    return ApiKey.issue(merchant, "Sandbox", users.ApiKey.Environment.TEST, scopes)[1]


def load(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    facts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return facts


def keep(path: Path, facts: dict[str, str]) -> None:
    """Readable by its owner only from the first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(facts, file, indent=2)
