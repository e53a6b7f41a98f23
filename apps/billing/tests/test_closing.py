"""A month closed: lines, VAT, minimum, credits, books; figures worked out by hand."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from pytest_django import Settings

from apps.accounts.models import Merchant
from apps.billing import services
from apps.billing.models import ClosedMonth, Fee, Invoice, InvoiceSeries, Subscription
from apps.billing.services.accrual import NoPrice
from apps.billing.services.closing import BillingClosed, MonthNotOver, ProfileIncomplete
from apps.billing.tests.factories import (
    IN_NOVEMBER,
    NOVEMBER,
    OCTOBER,
    BillingProfileFactory,
    FeeFactory,
    FeeScheduleFactory,
    PlanFactory,
    SubscriptionFactory,
)
from apps.core.money import Money
from apps.core.tests.faults import found
from apps.payments.modules.ledger import services as ledger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("check_deferred")]
DECEMBER = date(2026, 12, 1)
IN_DECEMBER = datetime(2026, 12, 1, 5, tzinfo=UTC)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def customer(**profile: object) -> Merchant:
    """With the plan of the factories since October."""
    merchant: Merchant = BillingProfileFactory.create(**profile).merchant
    SubscriptionFactory.create(merchant=merchant)
    return merchant


def closed(merchant: Merchant, month: date = OCTOBER, at: datetime = IN_NOVEMBER) -> Invoice:
    (invoice,) = services.close_month(merchant, month, at)
    invoice.refresh_from_db()
    return invoice


def shown(invoice: Invoice) -> list[tuple[object, ...]]:
    columns = ("kind", "quantity", "unit_minor", "net_minor", "vat_minor")
    return list(invoice.lines.values_list(*columns))


class LinesTest:
    def test_a_month_of_every_kind(self, check_deferred: Callable[[], None]) -> None:
        """99.00 + 3 x 0.30 + (1.55 + 2.10) + 0.25 + top-up 45.20 - 5.00 = 144.00; VAT 30.24.

        Use is 0.90 + 3.65 + 0.25 = 4.80 of a minimum of 50.00. 250.00 of advances carry no VAT.
        """
        merchant = customer()
        FeeFactory.create_batch(3, merchant=merchant)
        for minor in (155, 210):
            FeeFactory.create(merchant=merchant, kind="instant", amount_minor=minor)
        FeeFactory.create(merchant=merchant, kind="logistics", amount_minor=25)
        FeeFactory.create(
            merchant=merchant, kind="credit", amount_minor=-500, description="Credit: outage"
        )
        FeeFactory.create(merchant=merchant, kind="disbursement", amount_minor=25000)

        invoice = closed(merchant)

        check_deferred()
        assert [line[:4] for line in shown(invoice)] == [
            ("plan", 1, 9900, 9900),
            ("request", 3, 30, 90),
            ("instant", 2, None, 365),
            ("logistics", 1, 25, 25),
            ("top_up", 1, 4520, 4520),
            ("credit", 1, -500, -500),
            ("disbursement", 1, 25000, 25000),
        ]
        assert (invoice.net, invoice.vat, invoice.total) == (eur(39400), eur(3024), eur(42424))
        # 21 % of each: 20.79, 0.189, 0.7665, 0.0525, 9.492, -1.05; two cents are left to share.
        assert [line[4] for line in shown(invoice)] == [2079, 19, 77, 5, 949, -105, 0]
        assert sum(line[4] for line in shown(invoice)) == 3024  # type: ignore[misc]
        assert Fee.objects.filter(invoice=invoice).count() == 10

    def test_document(self) -> None:
        invoice = closed(customer())

        assert invoice.code == "F2026-000001"
        assert (invoice.issued_on, invoice.due_on) == (date(2026, 11, 2), date(2026, 11, 16))
        assert invoice.seller["name"] == settings.SELLER["name"]
        assert invoice.buyer == {
            "name": "Tienda S.L.",
            "street": "Calle Mayor 1",
            "city": "48001 Bilbao",
            "country": "ES",
            "vat_number": "ESB12345674",
            "email": "facturas@tienda.example",
        }
        assert (invoice.status, invoice.method, invoice.notes) == ("issued", "bank_transfer", [])
        assert invoice.timeline.get().payload == {
            "code": "F2026-000001",
            "total": {"amount": "180.29", "currency": "EUR"},
            "period": "2026-10",
        }

    def test_books(self) -> None:
        """99.00 + 50.00 top-up, VAT 31.29, and an advance of 100.00."""
        merchant = customer()
        FeeFactory.create(merchant=merchant, kind="disbursement", amount_minor=10000)

        closed(merchant)

        assert ledger.balances(merchant) == {
            ("merchant_receivable", "EUR"): eur(28029),
            ("fees_revenue", "EUR"): eur(14900),
            ("vat_payable", "EUR"): eur(3129),
            ("disbursements", "EUR"): eur(-10000),
        }

    def test_months_and_years_have_numbers_of_their_own(self) -> None:
        merchant = customer()
        first = closed(merchant)
        second = closed(merchant, NOVEMBER, IN_DECEMBER)
        third = closed(merchant, DECEMBER, datetime(2027, 1, 1, tzinfo=UTC))

        assert [each.code for each in (first, second, third)] == [
            "F2026-000001",
            "F2026-000002",
            "F2027-000001",
        ]
        assert list(InvoiceSeries.objects.order_by("year").values_list("last_number")) == [
            (2,),
            (1,),
        ]
        assert found() == []


class OnceTest:
    def test_a_second_call_gives_nothing(self) -> None:
        merchant = customer()
        closed(merchant)

        assert services.close_month(merchant, OCTOBER, IN_NOVEMBER) == []
        assert Invoice.objects.count() == 1

    def test_what_came_late_goes_onto_the_next(self) -> None:
        merchant = customer()
        closed(merchant)
        late = FeeFactory.create(merchant=merchant)

        november = closed(merchant, NOVEMBER, IN_DECEMBER)

        late.refresh_from_db()
        assert late.invoice == november
        # It is October's use, so November's falls short by all of its 50.00.
        assert [line[:4] for line in shown(november)] == [
            ("plan", 1, 9900, 9900),
            ("request", 1, 30, 30),
            ("top_up", 1, 5000, 5000),
        ]

    def test_what_is_of_the_next_month_stays(self) -> None:
        merchant = customer()
        later = FeeFactory.create(merchant=merchant, occurred_at=IN_NOVEMBER)

        closed(merchant)

        later.refresh_from_db()
        assert later.invoice is None

    def test_a_month_without_anything_is_closed_without_an_invoice(self) -> None:
        merchant = BillingProfileFactory.create().merchant

        assert services.close_month(merchant, OCTOBER, IN_NOVEMBER) == []
        assert ClosedMonth.objects.get().invoices_count == 0

    def test_not_before_it_is_over(self) -> None:
        """In Madrid, where midnight of 1 November is 23:00 UTC of the day before."""
        merchant = customer()
        with pytest.raises(MonthNotOver):
            services.close_month(merchant, OCTOBER, datetime(2026, 10, 31, 22, 59, tzinfo=UTC))

        assert len(services.close_month(merchant, OCTOBER, datetime(2026, 10, 31, 23, tzinfo=UTC)))

    def test_not_without_an_address(self) -> None:
        merchant = customer(street="")
        with pytest.raises(ProfileIncomplete):
            services.close_month(merchant, OCTOBER, IN_NOVEMBER)

        assert (Fee.objects.count(), ClosedMonth.objects.count()) == (0, 0)

    def test_not_in_the_name_of_nobody(self, settings: Settings) -> None:
        settings.BILLING_OPEN = False
        with pytest.raises(BillingClosed):
            services.close_month(customer(), OCTOBER, IN_NOVEMBER)


class MonthsToCloseTest:
    def test_all_that_were_missed_oldest_first(self) -> None:
        merchant = customer()
        other = FeeFactory.create(occurred_at=IN_NOVEMBER).merchant
        closed(merchant)

        assert services.months_to_close(date(2027, 1, 1)) == [
            (merchant.pk, NOVEMBER),
            (other.pk, NOVEMBER),
            (merchant.pk, DECEMBER),
            (other.pk, DECEMBER),
        ]

    def test_not_the_month_that_runs(self) -> None:
        customer()

        assert services.months_to_close(date(2026, 10, 31)) == []


class PlanTest:
    def test_by_days(self) -> None:
        """From 11 October: 21 of 31 days of 99.00 are 67.06; of the minimum of 50.00, 33.87."""
        merchant = BillingProfileFactory.create().merchant
        SubscriptionFactory.create(merchant=merchant, starts_on=date(2026, 10, 11))

        invoice = closed(merchant)

        assert [line[:4] for line in shown(invoice)] == [
            ("plan", 1, 6706, 6706),
            ("top_up", 1, 3387, 3387),
        ]
        assert invoice.lines.first().description == "Plan Advanced, October 2026, 21 of 31 days"  # type: ignore[union-attr]

    def test_two_plans_in_a_month(self) -> None:
        """10 days of 99.00 are 31.94; 21 of 199.00 are 134.81; minimum 16.13 + 33.87 = 50.00."""
        merchant = BillingProfileFactory.create().merchant
        SubscriptionFactory.create(merchant=merchant, ends_on=date(2026, 10, 11))
        premium = PlanFactory.create(name="Premium", schedule__monthly_minor=19900)
        SubscriptionFactory.create(merchant=merchant, plan=premium, starts_on=date(2026, 10, 11))

        assert [line[3] for line in shown(closed(merchant))] == [3194, 13481, 5000]

    def test_prices_of_the_first_day(self) -> None:
        merchant = customer()
        plan = Subscription.objects.get(merchant=merchant).plan
        FeeScheduleFactory.create(plan=plan, starts_on=date(2026, 10, 2), monthly_minor=100_00)
        closed(merchant)

        assert shown(closed(merchant, NOVEMBER, IN_DECEMBER))[0][3] == 10000
        assert Fee.objects.filter(kind="plan").order_by("period").first().amount == eur(9900)  # type: ignore[union-attr]

    def test_without_prices_in_its_currency(self) -> None:
        merchant = BillingProfileFactory.create().merchant
        SubscriptionFactory.create(merchant=merchant, currency="GBP")
        with pytest.raises(NoPrice):
            services.close_month(merchant, OCTOBER, IN_NOVEMBER)

    def test_enough_use_needs_no_top_up(self) -> None:
        merchant = customer()
        FeeFactory.create(merchant=merchant, kind="instant", amount_minor=5000)

        assert [line[0] for line in shown(closed(merchant))] == ["plan", "instant"]


class CurrencyTest:
    def test_an_invoice_for_each(self) -> None:
        """JPY has no cents: 21 % of 333 are 69.93, so 70."""
        merchant = BillingProfileFactory.create().merchant
        FeeFactory.create(merchant=merchant, currency="JPY", amount_minor=333)
        FeeFactory.create(merchant=merchant)

        invoices = services.close_month(merchant, OCTOBER, IN_NOVEMBER)

        assert [(each.total, each.code) for each in invoices] == [
            (eur(36), "F2026-000001"),
            (Money(403, "JPY"), "F2026-000002"),
        ]


class CreditTest:
    def test_more_than_the_month_is_carried_on(self, check_deferred: Callable[[], None]) -> None:
        """0.30 - 1.00: 0.70 is left for November, which then costs 149.00 - 0.70."""
        merchant = BillingProfileFactory.create().merchant
        FeeFactory.create(merchant=merchant)
        FeeFactory.create(merchant=merchant, kind="credit", amount_minor=-100)

        october = closed(merchant)
        SubscriptionFactory.create(merchant=merchant, starts_on=NOVEMBER)
        november = closed(merchant, NOVEMBER, IN_DECEMBER)

        check_deferred()
        assert [line[::3] for line in shown(october)] == [
            ("request", 30),
            ("carried", 70),
            ("credit", -100),
        ]
        assert (october.total, october.status) == (eur(0), "paid")
        assert november.net == eur(14830)
        assert november.lines.last().description == "Credit carried from October 2026"  # type: ignore[union-attr]
        assert found() == []

    def test_an_advance_is_not_paid_by_a_credit(self) -> None:
        """VAT would be below zero: the credit waits, the advance is due."""
        merchant = BillingProfileFactory.create().merchant
        FeeFactory.create(merchant=merchant, kind="disbursement", amount_minor=1000)
        FeeFactory.create(merchant=merchant, kind="credit", amount_minor=-100)

        invoice = closed(merchant)

        assert (invoice.net, invoice.vat, invoice.total) == (eur(1000), eur(0), eur(1000))


class VatTest:
    def test_reverse_charge(self) -> None:
        invoice = closed(customer(german=True))

        assert (invoice.vat, invoice.total) == (eur(0), eur(14900))
        (note,) = invoice.notes
        assert note.startswith("Reverse charge: VAT is due from the recipient")

    def test_advances_have_a_note_of_their_own(self) -> None:
        merchant = BillingProfileFactory.create(german=True).merchant
        FeeFactory.create(merchant=merchant, kind="disbursement", amount_minor=1000)

        (note,) = closed(merchant).notes
        assert "carry no VAT" in note

    @pytest.mark.parametrize(
        ("profile", "vat"),
        [
            ({"country": "FR", "vat_number": ""}, 3129),
            ({"country": "GB", "vat_number": ""}, 0),
            ({"postcode": "35001"}, 0),
        ],
    )
    def test_rates(self, profile: dict[str, str], vat: int) -> None:
        assert closed(customer(**profile)).vat == eur(vat)
