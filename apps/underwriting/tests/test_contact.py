import pytest
from pytest_django import Settings

from apps.core.ids import uuid7
from apps.core.money import Money
from apps.underwriting.dtos import AddressSignals, Cap, Contact, EmailSignals
from apps.underwriting.modules.contact import (
    address_of,
    address_signals,
    bucket,
    digest,
    digests_of,
    domain_digest,
    email_of,
    email_signals,
    iban_of,
    normalised_value,
    phone_of,
)
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.slots import caps_of, room, slots_of
from apps.underwriting.tests.factories import ANA, AT, eur


class NormalisedTest:
    @pytest.mark.parametrize(
        ("typed", "one"),
        [
            (" Ana@Shopper.Example ", "ana@shopper.example"),
            ("ana+returns@shopper.example", "ana@shopper.example"),
            ("a.n.a@googlemail.com", "ana@gmail.com"),
            ("a.n.a@shopper.example", "a.n.a@shopper.example"),
            ("ana", ""),
            ("@shopper.example", ""),
            ("", ""),
        ],
    )
    def test_one_mailbox_is_one_text(self, typed: str, one: str) -> None:
        assert email_of(typed) == one

    def test_phones_accounts_and_addresses(self) -> None:
        assert phone_of("+34 600-000 001") == phone_of("0034600000001") == "34600000001"
        assert iban_of("es91 2100 0418 4502 0005 1332") == "ES9121000418450200051332"
        assert address_of("Calle José, 1", "48 001", "ES") == "callejose1|48001|es"
        assert address_of("CALLE JOSE 1", "48001", "es") == "callejose1|48001|es"
        assert address_of("", "48001", "ES") == address_of("Calle", " ", "ES") == ""

    def test_what_staff_list(self) -> None:
        assert normalised_value("domain", "ana@Mail.Example") == "mail.example"
        assert normalised_value("domain", "Mail.Example") == "mail.example"
        assert normalised_value("address", "Calle José 1 | 48001 | ES") == "callejose1|48001|es"
        assert normalised_value("address", "Calle José 1") == ""

    @pytest.mark.parametrize(
        ("count", "name"),
        [
            (0, "none"),
            (1, "one"),
            (2, "few"),
            (3, "few"),
            (4, "several"),
            (9, "several"),
            (10, "many"),
        ],
    )
    def test_buckets(self, count: int, name: str) -> None:
        assert bucket(count) == name


class DigestTest:
    def test_is_keyed_and_of_its_kind(self, settings: Settings) -> None:
        mine = digest("email", "ana@shopper.example")
        settings.IDENTITY_KEY = "another key"

        assert len(mine) == 64
        assert mine != digest("email", "ana@shopper.example")
        assert digest("email", "x") != digest("phone", "x")

    def test_only_of_what_is_known(self) -> None:
        assert set(digests_of(ANA)) == {"email", "phone", "address"}
        assert digests_of(Contact()) == {}
        assert domain_digest(Contact()) == {}
        assert domain_digest(ANA) == {"domain": digest("domain", "shopper.example")}


class SignalsTest:
    def test_of_an_address(self) -> None:
        assert address_signals(ANA) == AddressSignals("ES")
        box = Contact(street="Apartado de correos 12", postcode="48001", country=" es ")
        assert address_signals(box) == AddressSignals("ES", is_po_box=True)
        assert address_signals(Contact(street="P.O. Box 7")).is_po_box
        assert address_signals(Contact()).is_missing

    def test_of_a_mailbox(self) -> None:
        assert email_signals(ANA) == EmailSignals()
        odd = Contact(email="x12345+a@Mailinator.com")
        assert email_signals(odd) == EmailSignals(
            is_disposable=True,
            is_tagged=True,
            is_random=True,
            is_verified=False,
            has_phone=False,
        )
        assert email_signals(Contact()).is_missing


class SlotsTest:
    def test_one_for_each_that_is_known(self) -> None:
        merchant, store = uuid7(), uuid7()
        slots = slots_of({"email": "e", "phone": "p", "iban": "i"}, merchant, store, "EUR", AT)

        assert slots == {
            "store": f"store:{store}:EUR",
            "merchant": f"merchant:{merchant}:EUR",
            "day": "day:2026-03-10:EUR",
            "shopper": "shopper:e:EUR",
            "destination": "destination:i:EUR",
        }
        assert slots_of({"phone": "p"}, merchant, store, "EUR", AT)["shopper"] == "shopper:p:EUR"

    def test_the_lower_of_policy_and_merchant(self) -> None:
        assert caps_of(BUILT_IN, eur("500"), "EUR")["merchant"] == Cap(eur("500"), 2000)
        assert caps_of(BUILT_IN, eur("999999"), "EUR")["merchant"] == Cap(eur("100000"), 2000)
        assert caps_of(BUILT_IN, eur("0"), "EUR")["merchant"] == Cap(eur("0"), 2000)
        pounds = Money.of("100000", "GBP")
        assert caps_of(BUILT_IN, eur("500"), "GBP")["merchant"] == Cap(pounds, 2000)
        assert caps_of(BUILT_IN, eur("500"), "SEK") == {}

    @pytest.mark.parametrize(
        ("scope", "used", "count", "left"),
        [
            ("merchant", 10_001, 1, "499.99"),
            ("merchant", 10_001, 3, "0"),
            ("merchant", 70_000, 1, "0"),
            # Across merchants in quarters of 600: 150, 300, 450.
            ("shopper", 0, 0, "600"),
            ("shopper", 1, 1, "450"),
            ("shopper", 15_000, 1, "450"),
            ("shopper", 15_001, 1, "300"),
            ("shopper", 50_000, 1, "0"),
            ("day", 4_000, 1, "450"),
        ],
    )
    def test_room(self, scope: str, used: int, count: int, left: str) -> None:
        assert room(scope, Cap(eur("600"), 3), used, count).left == eur(left)
