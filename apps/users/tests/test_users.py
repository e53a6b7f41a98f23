import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from apps.users.models import User
from apps.users.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


class UserTest:
    def test_address_is_stored_stripped_and_in_lower_case(self) -> None:
        user = User.objects.create_user(" Ana.Gil@Tienda.Example ", PASSWORD)
        assert user.email == "ana.gil@tienda.example"
        assert User.objects.get_by_natural_key("ANA.GIL@tienda.example") == user
        assert (user.get_full_name(), user.get_short_name()) == (user.email, user.email)

    def test_database_refuses_capitals(self) -> None:
        user = UserFactory.create()
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=user.pk).update(email="Ana@tienda.example")

    def test_superuser_is_staff(self) -> None:
        user = User.objects.create_superuser("root@reveni.example", PASSWORD)
        assert (user.is_staff, user.is_superuser) == (True, True)
        assert str(user) == "root@reveni.example"

    def test_logs_in_with_any_capitals(self) -> None:
        user = UserFactory.create()
        assert authenticate(username=user.email.upper(), password=PASSWORD) == user
        assert authenticate(username=user.email, password="wrong") is None

    def test_user_without_password_cannot_log_in(self) -> None:
        user = User.objects.create_user("new@tienda.example")
        assert authenticate(username=user.email, password="") is None
