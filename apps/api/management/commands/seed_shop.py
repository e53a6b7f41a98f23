"""`manage.py seed_shop`: the sandbox merchant's shop windows, ready for a first return."""

import secrets
from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any, override

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from apps.accounts.dtos import StoreDetails
from apps.accounts.management.commands import seed_sandbox as sandbox
from apps.accounts.models import Merchant, Store
from apps.billing.models import FeeSchedule, Plan, Subscription
from apps.billing.services import subscribe
from apps.billing.services.subscribing import SubscribeRequest
from apps.core import clock
from apps.core.money import Money
from apps.deliveries import choices as deliveries
from apps.deliveries.models import DropOffPoint, ReturnMethod, ReturnMethodPrice
from apps.orders import choices as orders
from apps.orders.models import ReturnReason, StockLevel
from apps.orders.modules.inventory.services import StockSnapshot, upsert_levels
from apps.users import services as team
from apps.users.models import Membership, Role, User

ARCHIVE = StoreDetails(
    "Northern Gifts", "northern-gifts", currency="GBP", time_zone="Europe/London"
)
WAYS_BACK = ("original", "store_credit", "bank_transfer")
PLAN = "sandbox"
SECOND_EMAIL = "finance@tienda-norte.example"


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    english: str
    spanish: str
    fault: str = orders.ReturnReason.Fault.SHOPPER
    needs_text: bool = False


REASONS = (
    Reason("too_small", "Too small", "Demasiado pequeño"),
    Reason("too_large", "Too large", "Demasiado grande"),
    Reason("changed_mind", "I changed my mind", "He cambiado de opinión"),
    Reason(
        "damaged", "It arrived damaged", "Llegó dañado", orders.ReturnReason.Fault.CARRIER, True
    ),
    Reason(
        "wrong_item", "Not what I ordered", "No es lo que pedí", orders.ReturnReason.Fault.MERCHANT
    ),
)
STOCK = (
    ("shirt-m", "Linen shirt, M", "29.90", 12),
    ("shirt-l", "Linen shirt, L", "29.90", 0),
    ("scarf", "Wool scarf", "19.50", 5),
)


class Command(BaseCommand):
    help = "Give the sandbox merchant reasons, return methods, stock and a second person."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--print", action="store_true", help="print KEY=value lines")
        parser.add_argument("--store", default="", help="furnish one more store, of this slug")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError("the sandbox is made on development machines only")
        path = settings.SANDBOX_FILE
        known = sandbox.load(path)
        with transaction.atomic():
            facts = sandbox.seed(known)
            merchant = Merchant.objects.get(slug=sandbox.MERCHANT_SLUG)
            second = known.get("SECOND_PASSWORD") or secrets.token_urlsafe(18)
            _second_person(merchant, second)
            facts |= {"SECOND_EMAIL": SECOND_EMAIL, "SECOND_PASSWORD": second}
            for person in ("MERCHANT", "SECOND"):
                secret = known.get(f"{person}_TOTP") or generate_totp_secret()
                _second_factor(User.objects.get(email=facts[f"{person}_EMAIL"]), secret)
                facts[f"{person}_TOTP"] = secret
            _bill(merchant)
            _allow_advances(merchant)
            for details in (sandbox.STORE, ARCHIVE, *_another(options["store"])):
                furnish(_store(merchant, details))
        facts |= {"ARCHIVE_SLUG": ARCHIVE.slug}
        sandbox.keep(path, facts)
        if options["print"]:
            for name, value in facts.items():
                self.stdout.write(f"{name}={value}")


def _another(slug: str) -> list[StoreDetails]:
    return [StoreDetails(f"Store {slug}", slug)] if slug else []


def furnish(store: Store) -> None:
    """Safe to repeat: what the store has already is left as it is."""
    store.preferences.override("refund_methods", list(WAYS_BACK))
    for position, reason in enumerate(REASONS):
        _reason(store, reason, position)
    _method(store, "post", deliveries.ReturnMethod.Type.OWN_LABEL, "3.95")
    if _method(store, "shop", deliveries.ReturnMethod.Type.DROP_OFF, "0"):
        _drop_off_point(store)
    known = set(StockLevel.objects.for_store(store).values_list("variant_id", flat=True))
    upsert_levels(
        store,
        [
            StockSnapshot(
                variant_id=variant,
                title=title,
                price=Money.of(price, store.currency),
                on_hand=on_hand,
                sku=variant.upper(),
            )
            for variant, title, price, on_hand in STOCK
            if variant not in known
        ],
    )


def _store(merchant: Merchant, details: StoreDetails) -> Store:
    known = Store.objects.for_merchant(merchant).filter(slug=details.slug).first()
    return known or merchant.open_store(details)


def _reason(store: Store, reason: Reason, position: int) -> None:
    if ReturnReason.objects.for_store(store).filter(code=reason.code).exists():
        return
    ReturnReason(
        merchant_id=store.merchant_id,
        store=store,
        code=reason.code,
        labels={"en": reason.english, "es": reason.spanish},
        fault=reason.fault,
        needs_text=reason.needs_text,
        waives_fee=reason.fault != orders.ReturnReason.Fault.SHOPPER,
        position=position,
    ).save(force_insert=True)


def _method(store: Store, code: str, kind: str, price: str) -> ReturnMethod | None:
    if ReturnMethod.objects.for_store(store).filter(code=code).exists():
        return None
    names = {
        "post": {"en": "Post it yourself", "es": "Envíalo por correo"},
        "shop": {"en": "Bring it to our shop", "es": "Tráelo a la tienda"},
    }
    method = ReturnMethod(
        merchant_id=store.merchant_id, store=store, code=code, type=kind, names=names[code]
    )
    method.save(force_insert=True)
    ReturnMethodPrice(
        merchant_id=store.merchant_id,
        method=method,
        regions=["*"],
        currency=store.currency,
        price_minor=Money.of(price, store.currency).minor,
    ).save(force_insert=True)
    return method


def _drop_off_point(store: Store) -> None:
    DropOffPoint(
        merchant_id=store.merchant_id,
        store=store,
        name=f"{store.name}, Calle Mayor",
        address={
            "street": "Calle Mayor 1",
            "postcode": "48001",
            "city": "Bilbao",
            "country": "ES",
        },
    ).save(force_insert=True)


def _second_person(merchant: Merchant, password: str) -> None:
    """Who approves what the owner proposes: sums above the limit need two people."""
    if not _has_seat(merchant, SECOND_EMAIL):
        role, _ = Role.objects.get_or_create(
            merchant=merchant,
            name="Finance",
            defaults={
                "permissions": {"money": "edit", "returns": "read", "orders": "read"},
                "may_refund": True,
                "may_approve_payouts": True,
            },
        )
        team.invite(team.Invitation(merchant, SECOND_EMAIL, role, by=None, name="Finance"))
    user = User.objects.get(email=SECOND_EMAIL)
    if not user.check_password(password):
        user.set_password(password)
        user.save()


def _second_factor(user: User, secret: str) -> None:
    """Money asks for one; the secret of a sandbox is printed, never that of a real person."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret)


def _bill(merchant: Merchant) -> None:
    """A plan since the first of the month; its prices are told on the first invoice."""
    if Subscription.objects.for_merchant(merchant).exists():
        return
    first = clock.now().date().replace(day=1)
    plan = Plan.objects.filter(code=PLAN).first()
    if plan is None:
        plan = Plan(code=PLAN, name="Sandbox")
        plan.save(force_insert=True)
        FeeSchedule(
            plan=plan,
            currency="EUR",
            starts_on=first,
            monthly_minor=4900,
            request_minor=50,
            instant_minor=100,
            instant_bp=150,
        ).save(force_insert=True)
    subscribe(SubscribeRequest(merchant, plan, first), clock.now())


def _allow_advances(merchant: Merchant) -> None:
    merchant.instant_enabled, merchant.exposure_cap_minor = True, 500_000
    merchant.save(update_fields=["instant_enabled", "exposure_cap_minor", "updated_at"])


def _has_seat(merchant: Merchant, email: str) -> bool:
    return Membership.objects.for_merchant(merchant).filter(user__email=email).exists()
