"""People, roles and keys; every password is PASSWORD, every key opens with `SECRET`."""

import hashlib

import factory
from factory.django import DjangoModelFactory, Password

from apps.users import choices
from apps.users.models import ApiKey, Membership, Role, User

PASSWORD = "plain-oak-window-73"
SECRET = "s" * 43
MERCHANT = "apps.accounts.tests.factories.MerchantFactory"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    class Params:
        staff = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"user-{n}@tienda.example")
    name = factory.Sequence(lambda n: f"User {n}")
    password = Password(PASSWORD)


class RoleFactory(DjangoModelFactory[Role]):
    class Meta:
        model = Role

    class Params:
        owner = factory.Trait(
            name="Owner", is_owner=True, may_refund=True, may_approve_payouts=True
        )
        reader = factory.Trait(permissions=dict.fromkeys(choices.Role.Area.values, "read"))
        editor = factory.Trait(permissions=dict.fromkeys(choices.Role.Area.values, "edit"))

    merchant = factory.SubFactory(MERCHANT)
    name = factory.Sequence(lambda n: f"Role {n}")
    permissions = factory.LazyFunction(dict)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    merchant = factory.SubFactory(MERCHANT)
    user = factory.SubFactory(UserFactory)
    role = factory.SubFactory(RoleFactory, merchant=factory.SelfAttribute("..merchant"))


class ApiKeyFactory(DjangoModelFactory[ApiKey]):
    class Meta:
        model = ApiKey

    merchant = factory.SubFactory(MERCHANT)
    name = factory.Sequence(lambda n: f"Key {n}")
    environment = choices.ApiKey.Environment.LIVE
    prefix = factory.LazyAttributeSequence(lambda key, n: f"rv_{key.environment}_{n:08x}")
    secret_hash = hashlib.sha256(SECRET.encode()).hexdigest()
    scopes = factory.LazyFunction(lambda: list(choices.ApiKey.Scope.values))
