from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from apps.accounts.dtos import CustomerDetails
from apps.accounts.models import Customer
from apps.accounts.tests.factories import CustomerFactory, MerchantFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ANA = CustomerDetails(
    email=" Ana@Shopper.example ", external_id="77", name="Ana Gil", phone="+34600000000"
)


class UpsertTest:
    def test_new_shopper_with_normalised_email(self) -> None:
        customer = Customer.objects.upsert(MerchantFactory.create(), ANA)
        assert customer == Customer.objects.get()
        assert (customer.email, customer.external_id) == ("ana@shopper.example", "77")
        assert str(customer) == "ana@shopper.example"

    def test_known_by_email_learns_what_is_said_and_forgets_nothing(self) -> None:
        merchant = MerchantFactory.create()
        first = Customer.objects.upsert(merchant, ANA)
        said = CustomerDetails(email="ANA@shopper.example", name="Ana G. Ruiz")
        assert Customer.objects.upsert(merchant, said) == first
        stored = Customer.objects.get()
        assert (stored.name, stored.phone) == ("Ana G. Ruiz", "+34600000000")

    def test_known_by_external_id_where_there_is_no_email(self) -> None:
        merchant = MerchantFactory.create()
        bare = CustomerDetails(external_id="77")
        first = Customer.objects.upsert(merchant, bare)
        assert Customer.objects.upsert(merchant, bare) == first
        assert str(first) == str(first.pk)

    def test_stranger_of_a_platform_gets_an_email_later(self) -> None:
        merchant = MerchantFactory.create()
        first = Customer.objects.upsert(merchant, CustomerDetails(external_id="77"))
        assert Customer.objects.upsert(merchant, ANA) == first
        assert Customer.objects.get().email == "ana@shopper.example"

    def test_another_email_under_the_same_external_id_is_another_shopper(self) -> None:
        merchant = MerchantFactory.create()
        Customer.objects.upsert(merchant, ANA)
        other = Customer.objects.upsert(merchant, replace(ANA, email="eva@shopper.example"))
        assert Customer.objects.count() == 2
        assert other.email == "eva@shopper.example"

    def test_merchants_do_not_share_shoppers(self) -> None:
        for merchant in MerchantFactory.create_batch(2):
            customer = Customer.objects.upsert(merchant, ANA)
            assert Customer.objects.for_merchant(merchant).get() == customer

    def test_nameless_shoppers_stay_apart(self) -> None:
        merchant = MerchantFactory.create()
        for _ in range(2):
            Customer.objects.upsert(merchant, CustomerDetails(name="Ana"))
        assert Customer.objects.count() == 2

    def test_nothing_new_is_one_read(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        merchant = MerchantFactory.create()
        Customer.objects.upsert(merchant, ANA)
        with django_assert_num_queries(1):
            Customer.objects.upsert(merchant, ANA)

    def test_capitals_are_refused_by_the_database(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            CustomerFactory.create(email="Ana@shopper.example")


@pytest.mark.django_db(transaction=True)
class UpsertRaceTest:
    def test_eight_at_once_make_one_shopper(self) -> None:
        merchant = MerchantFactory.create()

        def upsert(number: int) -> object:
            try:
                return Customer.objects.upsert(merchant, replace(ANA, name=f"Ana {number}")).pk
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(upsert, range(8)))
        assert keys == {Customer.objects.get().pk}


class ProofTest:
    def test_first_proof_is_kept(self) -> None:
        customer = CustomerFactory.create()
        assert not customer.is_verified
        customer.verify_email(NOW)
        customer.verify_email(NOW + timedelta(days=1))
        stored = Customer.objects.get()
        assert (stored.is_verified, stored.email_verified_at) == (True, NOW)
