"""A merchant's invoices and credit notes are in its language, and stay so once they are issued."""

import pytest
from django.db import IntegrityError, transaction

from apps.billing import services
from apps.billing.dtos import CreditRequest
from apps.billing.models import Invoice
from apps.billing.services.documents import sheet_of
from apps.billing.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    BillingProfileFactory,
    FeeFactory,
    SubscriptionFactory,
)
from apps.core.money import Money
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def issued(language: str, **profile: object) -> Invoice:
    """Of a plan since 20 October, an advance and a credit."""
    merchant = BillingProfileFactory.create(merchant__language=language, **profile).merchant
    SubscriptionFactory.create(merchant=merchant, starts_on=OCTOBER.replace(day=20))
    FeeFactory.create(merchant=merchant, kind="disbursement", amount_minor=25000)
    FeeFactory.create(
        merchant=merchant, kind="credit", amount_minor=-100, description="Credit: outage"
    )
    (invoice,) = services.close_month(merchant, OCTOBER, IN_NOVEMBER)
    return Invoice.objects.get(pk=invoice.pk)


class LanguageTest:
    def test_of_its_own_before_that_of_the_country(self) -> None:
        profile = BillingProfileFactory.create(german=True, merchant__language="")
        assert profile.language == "de"
        profile.merchant.speak("fr")
        assert profile.language == "fr"
        assert services.consent_of(profile.merchant)[1].endswith("retiriez la carte.")

    def test_an_invoice_and_its_credit_note(self) -> None:
        """Minimum of 50.00 for 12 of 31 days; nothing was used."""
        invoice = issued("", german=True)

        assert (invoice.language, sheet_of(invoice).title) == ("de", "Rechnung")
        assert list(invoice.lines.values_list("description", flat=True)) == [
            "Tarif Advanced, Oktober 2026, 12 von 31 Tagen",
            "Aufstockung auf den monatlichen Mindestbetrag",
            "Guthaben: outage",
            "An Käufer gezahlte Vorschüsse",
        ]
        assert [note.split(" ")[0] for note in invoice.notes] == [
            "Steuerschuldnerschaft",
            "Vorschüsse",
        ]
        assert "/ Reverse charge: VAT is due from the recipient" in invoice.notes[0]

        invoice.merchant.speak("es")
        request = CreditRequest(
            invoice=invoice,
            reason="Irrtum",
            by=UserFactory.create(),
            amounts={1: Money(100, "EUR")},
        )
        note = services.credit_invoice(request, IN_NOVEMBER)
        assert (note.language, sheet_of(note).title) == ("de", "Rechnungskorrektur")
        assert note.notes == invoice.notes[:1]

    def test_issued_it_is_frozen(self) -> None:
        invoice = issued("es")
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            Invoice.objects.filter(pk=invoice.pk).update(language="en")
