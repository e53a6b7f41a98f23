"""A plan of 99.00 a month, 0.30 a return, 1 % + 0.50 an advance, 0.25 a label; least use 50.00."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from apps.accounts.tests.factories import MerchantFactory
from apps.billing import choices
from apps.billing.calculator.periods import month_of
from apps.billing.models import (
    BillingProfile,
    DirectDebit,
    DirectDebitFile,
    Fee,
    FeeSchedule,
    Invoice,
    InvoiceCharge,
    InvoiceLine,
    InvoicePage,
    InvoiceSeries,
    MerchantCard,
    MerchantPayout,
    Plan,
    Subscription,
)
from apps.billing.modules.card_consent import VERSION
from apps.core import clock
from apps.core.ids import uuid7
from apps.payments.dtos import BankAccount
from apps.payments.gateways.bank_transfer.sealing import seal_account
from apps.payments.tests.factories import StripeAccountFactory
from apps.users.tests.factories import UserFactory

OCTOBER = date(2026, 10, 1)
NOVEMBER = date(2026, 11, 1)
IN_OCTOBER = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
IN_NOVEMBER = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
DEBTOR = BankAccount(iban="DE89370400440532013000", bic="COBADEFFXXX", holder="Tienda S.L.")
SELLER = {
    "name": "Reveni Test S.L.",
    "address": "Calle de Prueba 2, 28002 Madrid, Spain",
    "vat_number": "ESB12345674",
    "email": "billing@reveni.example",
    "iban": "ES9121000418450200051332",
    "bic": "CAIXESBBXXX",
    "creditor_id": "ES97000B12345674",
}
BUYER = {
    "name": "Tienda S.L.",
    "street": "Calle Mayor 1",
    "city": "48001 Bilbao",
    "country": "ES",
    "vat_number": "ESB12345674",
    "email": "facturas@tienda.example",
}


class PlanFactory(DjangoModelFactory[Plan]):
    class Meta:
        model = Plan
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"plan-{n}")
    name = "Advanced"
    schedule = factory.RelatedFactory("apps.billing.tests.factories.FeeScheduleFactory", "plan")


class FeeScheduleFactory(DjangoModelFactory[FeeSchedule]):
    class Meta:
        model = FeeSchedule

    plan = factory.SubFactory(PlanFactory, schedule=None)
    currency = "EUR"
    starts_on = date(2026, 1, 1)
    monthly_minor = 9900
    request_minor = 30
    instant_minor = 50
    instant_bp = 100
    label_minor = 25
    label_margin_bp = 1000
    minimum_minor = 5000


class SubscriptionFactory(DjangoModelFactory[Subscription]):
    class Meta:
        model = Subscription

    merchant = factory.SubFactory(MerchantFactory)
    plan = factory.SubFactory(PlanFactory)
    currency = "EUR"
    starts_on = OCTOBER


class BillingProfileFactory(DjangoModelFactory[BillingProfile]):
    class Meta:
        model = BillingProfile

    class Params:
        german = factory.Trait(
            country="DE", city="Berlin", postcode="10115", vat_number="DE136695976"
        )
        debited = factory.Trait(
            method=choices.Profile.Method.DIRECT_DEBIT,
            account=factory.LazyAttribute(
                lambda row: seal_account(DEBTOR, BillingProfile(id=row.id))
            ),
            last_four=DEBTOR.last_four,
            mandate_id=factory.LazyAttribute(lambda row: f"M{row.id.hex}"[:35]),
            mandate_signed_on=date(2026, 9, 1),
        )

    id = factory.LazyFunction(uuid7)
    merchant = factory.SubFactory(MerchantFactory)
    legal_name = "Tienda S.L."
    street = "Calle Mayor 1"
    city = "Bilbao"
    postcode = "48001"
    country = "ES"
    email = "facturas@tienda.example"
    vat_number = "ESB12345674"
    currency = "EUR"


class FeeFactory(DjangoModelFactory[Fee]):
    class Meta:
        model = Fee

    merchant = factory.SubFactory(MerchantFactory)
    kind = choices.Fee.Kind.REQUEST
    vat_class = factory.LazyAttribute(
        lambda fee: "outside" if fee.kind in choices.Fee.OUTSIDE else "service"
    )
    currency = "EUR"
    amount_minor = 30
    description = factory.LazyAttribute(lambda fee: choices.Fee.Kind(fee.kind).label)
    subject_type = "orders.return"
    subject_id = factory.LazyFunction(uuid7)
    occurred_at = IN_OCTOBER
    period = factory.LazyAttribute(lambda fee: month_of(fee.occurred_at.date()))


class InvoiceSeriesFactory(DjangoModelFactory[InvoiceSeries]):
    class Meta:
        model = InvoiceSeries
        django_get_or_create = ("kind", "year")

    kind = choices.Invoice.Kind.INVOICE
    year = 2026


class DraftFactory(DjangoModelFactory[Invoice]):
    """A draft without lines; the database takes it with sums of zero only."""

    class Meta:
        model = Invoice

    merchant = factory.SubFactory(MerchantFactory)
    period = OCTOBER
    currency = "EUR"
    net_minor = 0
    vat_minor = 0
    total_minor = 0
    treatment = choices.Vat.Treatment.DOMESTIC
    method = choices.Profile.Method.BANK_TRANSFER
    seller = factory.LazyFunction(lambda: dict(SELLER))
    buyer = factory.LazyFunction(lambda: dict(BUYER))


class InvoiceLineFactory(DjangoModelFactory[InvoiceLine]):
    class Meta:
        model = InvoiceLine

    invoice = factory.SubFactory(DraftFactory)
    merchant = factory.SelfAttribute("invoice.merchant")
    position = factory.Sequence(lambda n: n + 1)
    kind = choices.Fee.Kind.REQUEST
    description = "Return requests"
    quantity = 1
    currency = "EUR"
    unit_minor = factory.SelfAttribute("net_minor")
    net_minor = 10000
    vat_class = "service"
    vat_rate = "21.00"
    vat_minor = 2100


class InvoiceFactory(DraftFactory):
    """F2026-000001 and so on: 100.00 and 21.00 of VAT, due on 16 November, issued by the verb."""

    class Meta:
        model = Invoice
        skip_postgeneration_save = True

    net_minor = 10000
    vat_minor = 2100
    total_minor = 12100
    line = factory.RelatedFactory(
        InvoiceLineFactory,
        "invoice",
        position=1,
        net_minor=factory.SelfAttribute("invoice.net_minor"),
        vat_minor=factory.SelfAttribute("invoice.vat_minor"),
    )

    @factory.post_generation
    def issued(self, create: bool, extracted: object, **kwargs: object) -> None:
        if create and extracted is not False:
            issue_draft(self)


class MerchantCardFactory(DjangoModelFactory[MerchantCard]):
    class Meta:
        model = MerchantCard

    class Params:
        consented = factory.Trait(
            status=choices.MerchantCard.Status.CONSENTED, method_ref="", brand="", last4=""
        )

    merchant = factory.SubFactory(MerchantFactory)
    stripe_account = factory.SubFactory(
        StripeAccountFactory, platform=True, merchant=factory.SelfAttribute("..merchant")
    )
    status = choices.MerchantCard.Status.READY
    consent_text = "The card may be charged for each invoice on the day it is due."
    consent_version = VERSION
    consented_at = factory.LazyFunction(clock.now)
    agreed_by = factory.SubFactory(UserFactory)
    customer_ref = "cus_1"
    method_ref = "pm_1"
    link_until = factory.LazyFunction(lambda: clock.now() + timedelta(hours=1))
    brand = "visa"
    last4 = "4242"
    expires = "2030-12"


class MerchantPayoutFactory(DjangoModelFactory[MerchantPayout]):
    """Not in the books: of an invoice that owes nothing."""

    class Meta:
        model = MerchantPayout

    invoice = factory.SubFactory(InvoiceFactory)
    merchant = factory.SelfAttribute("invoice.merchant")
    currency = "EUR"
    amount_minor = 1914


def issue_draft(draft: Any) -> None:
    draft.issue(IN_NOVEMBER.date(), IN_NOVEMBER)


class DirectDebitFileFactory(DjangoModelFactory[DirectDebitFile]):
    class Meta:
        model = DirectDebitFile

    id = factory.LazyFunction(uuid7)
    message_id = factory.LazyAttribute(lambda file: f"DD-{file.id.hex}"[:35])
    collect_on = date(2026, 11, 16)
    total_minor = 12100
    debits_count = 1
    file = factory.LazyAttribute(lambda row: seal_account(DEBTOR, DirectDebitFile(id=row.id)))
    file_hash = "0" * 64
    made_by = factory.SubFactory(UserFactory)


class DirectDebitFactory(DjangoModelFactory[DirectDebit]):
    class Meta:
        model = DirectDebit

    file = factory.SubFactory(DirectDebitFileFactory)
    invoice = factory.SubFactory(InvoiceFactory)
    merchant = factory.SelfAttribute("invoice.merchant")
    end_to_end_id = factory.LazyFunction(lambda: uuid7().hex)
    currency = "EUR"
    amount_minor = factory.SelfAttribute("invoice.total_minor")


class InvoiceChargeFactory(DjangoModelFactory[InvoiceCharge]):
    """All of an invoice, asked of the merchant's card and refused."""

    class Meta:
        model = InvoiceCharge

    invoice = factory.SubFactory(InvoiceFactory)
    merchant = factory.SelfAttribute("invoice.merchant")
    card = factory.SubFactory(MerchantCardFactory, merchant=factory.SelfAttribute("..merchant"))
    status = choices.InvoiceCharge.Status.REFUSED
    currency = factory.SelfAttribute("invoice.currency")
    amount_minor = factory.SelfAttribute("invoice.total_minor")
    promised_at = IN_NOVEMBER
    failure_code = "insufficient_funds"


class InvoicePageFactory(DjangoModelFactory[InvoicePage]):
    """All of an invoice may be paid on it, for a day."""

    class Meta:
        model = InvoicePage

    invoice = factory.SubFactory(InvoiceFactory)
    merchant = factory.SelfAttribute("invoice.merchant")
    status = choices.InvoicePage.Status.OFFERED
    currency = factory.SelfAttribute("invoice.currency")
    amount_minor = factory.SelfAttribute("invoice.total_minor")
    link_until = IN_NOVEMBER + timedelta(days=1)
    session_id = factory.Sequence(lambda n: f"cs_{n}")
    url = "https://pay.example/secret"
