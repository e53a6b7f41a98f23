"""Whom an invoice is made out to, and which plan a merchant has."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import Merchant
from apps.accounts.tests.factories import MerchantFactory
from apps.billing import services
from apps.billing.calculator.vat import InvalidVatNumber
from apps.billing.dtos import ProfileDetails, Receipt
from apps.billing.models import BillingProfile, ClosedMonth, FeeSchedule, Subscription
from apps.billing.models.profile import MandateRequired
from apps.billing.services.accrual import NoPrice
from apps.billing.services.subscribing import MonthIsClosed, SubscribeRequest
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
from apps.payments.gateways.bank_transfer.accounts import InvalidAccount

pytestmark = pytest.mark.django_db
IBAN = "DE89 3704 0044 0532 0130 00"


def details(**facts: str) -> ProfileDetails:
    named = {
        "legal_name": "Laden GmbH",
        "street": "Hauptstraße 1",
        "city": "Berlin",
        "postcode": "10115",
        "country": "DE",
        **facts,
    }
    return ProfileDetails(**named)  # type: ignore[arg-type]


@pytest.fixture
def merchant() -> Merchant:
    made: Merchant = MerchantFactory.create()
    return made


class ProfileTest:
    def test_begins_with_what_is_known(self, merchant: Merchant) -> None:
        profile = services.open_profile(merchant)

        assert (profile.legal_name, profile.country) == (merchant.legal_name, "ES")
        assert not profile.is_complete
        assert services.open_profile(merchant) == profile

    def test_looked_at_it_is_not_written(self, merchant: Merchant) -> None:
        assert services.profile_of(merchant).legal_name == merchant.legal_name
        assert BillingProfile.objects.count() == 0

    def test_is_changed_whole(self, merchant: Merchant) -> None:
        profile = services.change_profile(
            merchant, details(vat_number="136695976"), "", IN_NOVEMBER
        )

        assert (profile.vat_number, profile.treatment) == ("DE136695976", "reverse_charge")
        assert profile.is_complete
        assert set(profile.timeline.get().payload["fields"]) == {
            *("legal_name", "street", "city", "postcode", "country", "vat_number"),
        }

    @pytest.mark.parametrize("missing", ["street", "city", "postcode", "vat_number"])
    def test_complete_is_with_address_and_in_spain_with_the_number(self, missing: str) -> None:
        assert BillingProfileFactory.create().is_complete
        assert not BillingProfileFactory.create(**{missing: ""}).is_complete
        assert BillingProfileFactory.create(german=True, vat_number="").is_complete

    def test_number_of_another_country(self, merchant: Merchant) -> None:
        with pytest.raises(InvalidVatNumber):
            services.change_profile(merchant, details(vat_number="ESB12345674"), "", IN_NOVEMBER)

    def test_an_account_is_sealed_and_has_its_mandate(self, merchant: Merchant) -> None:
        profile = services.change_profile(
            merchant, details(method="direct_debit"), IBAN, IN_NOVEMBER
        )
        profile.refresh_from_db()

        assert profile.debited_account().iban == "DE89370400440532013000"
        assert (profile.last_four, profile.mandate_signed_on) == ("3000", IN_NOVEMBER.date())
        assert profile.mandate_id.startswith("M20261102")
        assert "DE89" not in str(profile.account)

    def test_another_account_another_mandate(self, merchant: Merchant) -> None:
        wanted = details(method="direct_debit")
        first = services.change_profile(merchant, wanted, IBAN, IN_NOVEMBER).mandate_id
        kept = services.change_profile(merchant, wanted, "", IN_NOVEMBER)
        assert kept.mandate_id == first
        again = services.change_profile(
            merchant, wanted, "ES9121000418450200051332", IN_NOVEMBER.replace(day=3)
        )

        assert again.mandate_id != first

    def test_no_debit_without_an_account(self, merchant: Merchant) -> None:
        with pytest.raises(MandateRequired):
            services.change_profile(merchant, details(method="direct_debit"), "", IN_NOVEMBER)
        with pytest.raises(InvalidAccount):
            services.change_profile(merchant, details(method="direct_debit"), "DE00", IN_NOVEMBER)


class SubscribeTest:
    def test_ends_the_one_before(self, merchant: Merchant) -> None:
        old = SubscriptionFactory.create(merchant=merchant)
        plan = PlanFactory.create(code="premium")
        new = services.subscribe(SubscribeRequest(merchant, plan, NOVEMBER), IN_NOVEMBER)

        old.refresh_from_db()
        assert (old.ends_on, new.ends_on, new.currency) == (NOVEMBER, None, "EUR")
        assert new.timeline.get().payload == {"plan": "premium", "starts_on": "2026-11-01"}
        assert old.timeline.get().kind == "subscription.ended"
        assert BillingProfile.objects.filter(merchant=merchant).exists()

    def test_not_before_the_one_that_runs(self, merchant: Merchant) -> None:
        SubscriptionFactory.create(merchant=merchant, starts_on=NOVEMBER)
        with pytest.raises(MonthIsClosed):
            services.subscribe(
                SubscribeRequest(merchant, PlanFactory.create(), OCTOBER), IN_NOVEMBER
            )

    def test_not_in_a_month_that_was_billed(self) -> None:
        merchant = BillingProfileFactory.create().merchant
        subscription = SubscriptionFactory.create(merchant=merchant)
        services.close_month(merchant, OCTOBER, IN_NOVEMBER)
        with pytest.raises(MonthIsClosed):
            services.subscribe(
                SubscribeRequest(merchant, PlanFactory.create(), date(2026, 10, 31)), IN_NOVEMBER
            )
        with pytest.raises(MonthIsClosed):
            services.unsubscribe(subscription, date(2026, 10, 31))

        services.unsubscribe(subscription, NOVEMBER)
        assert subscription.ends_on == NOVEMBER

    def test_not_without_prices(self, merchant: Merchant) -> None:
        request = SubscribeRequest(merchant, PlanFactory.create(), NOVEMBER, "GBP")
        with pytest.raises(NoPrice):
            services.subscribe(request, IN_NOVEMBER)

    def test_one_plan_at_a_time_by_sql(
        self, merchant: Merchant, check_deferred: Callable[[], None]
    ) -> None:
        SubscriptionFactory.create(merchant=merchant, ends_on=date(2026, 10, 20))
        overlapping = SubscriptionFactory.create(merchant=merchant, starts_on=date(2026, 10, 19))
        with pytest.raises(IntegrityError, match="one plan"):
            check_deferred()

        assert overlapping.ends_on is None

    def test_prices_are_never_changed(self) -> None:
        schedule = FeeScheduleFactory.create()
        with pytest.raises(IntegrityError), transaction.atomic():
            FeeSchedule.objects.filter(pk=schedule.pk).update(request_minor=0)


class RunningTest:
    def test_what_came_together_so_far(self, merchant: Merchant) -> None:
        SubscriptionFactory.create(merchant=merchant)
        FeeFactory.create_batch(2, merchant=merchant)
        FeeFactory.create(merchant=merchant, kind="instant", occurred_at=IN_NOVEMBER)
        FeeFactory.create(merchant=merchant, currency="GBP")
        month = services.running_month(merchant, IN_NOVEMBER)

        assert (month.period, month.plan) == (NOVEMBER, "Advanced")
        assert (month.monthly, month.minimum) == (Money(9900, "EUR"), Money(5000, "EUR"))
        assert [(part.kind, part.quantity, part.net.minor) for part in month.parts] == [
            ("request", 2, 60),
            ("request", 1, 30),
            ("instant", 1, 30),
        ]
        assert month.totals == (Money(90, "EUR"), Money(30, "GBP"))

    def test_without_a_plan(self, merchant: Merchant) -> None:
        month = services.running_month(merchant, IN_NOVEMBER)

        assert (month.plan, month.monthly, month.totals) == ("", None, ())


class NamesTest:
    def test_rows_are_known_by_name(self) -> None:
        subscription = SubscriptionFactory.create()

        assert str(subscription) == "Advanced from 2026-10-01"
        assert str(subscription.plan.schedules.get()) == "Advanced EUR from 2026-01-01"
        assert str(BillingProfileFactory.create()) == "Tienda S.L."
        assert Subscription.objects.on(OCTOBER).get() == subscription

    def test_of_rows_that_an_invoice_leaves(self) -> None:
        merchant = BillingProfileFactory.create().merchant
        fee = FeeFactory.create(merchant=merchant)
        (invoice,) = services.close_month(merchant, OCTOBER, IN_NOVEMBER)
        receipt = Receipt(amount=invoice.total, reference="TRF-1")
        payment = invoice.receive(receipt, IN_NOVEMBER)
        closed = ClosedMonth.objects.get()

        assert (str(fee), str(closed)) == ("Return requests 0.30 EUR", "2026-10")
        assert (str(payment), str(invoice.lines.get())) == ("0.36 EUR TRF-1", "Return requests")
