"""Events become fees once, at the prices of their day."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import Merchant
from apps.accounts.tests.factories import MerchantFactory
from apps.billing import services, tasks
from apps.billing.dtos import Charge
from apps.billing.models import Fee
from apps.billing.services.accrual import CreditTooLarge, FeeDiffers, NoPrice
from apps.billing.tests.factories import (
    IN_NOVEMBER,
    IN_OCTOBER,
    NOVEMBER,
    OCTOBER,
    BillingProfileFactory,
    FeeFactory,
    FeeScheduleFactory,
    PlanFactory,
    SubscriptionFactory,
)
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.deliveries.tests.factories import CarrierAccountFactory, LabelFactory, ShipmentFactory
from apps.events.models import Event
from apps.events.signals.signals import EventSignal
from apps.orders.models import Return
from apps.orders.tests.factories import ReturnFactory
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ADVANCE = ("payments.payment", uuid7())


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def ret() -> Return:
    made: Return = ReturnFactory.create()
    SubscriptionFactory.create(merchant=made.merchant)
    return made


@pytest.fixture
def merchant() -> Merchant:
    made: Merchant = SubscriptionFactory.create().merchant
    return made


def tell(kind: str, subject_id: UUID) -> None:
    event = Event(kind=kind, subject_id=subject_id, at=IN_OCTOBER)
    EventSignal.by_kind[kind].send(sender=Event, event=event)


@pytest.mark.enable_signals
class EarsTest:
    def test_a_return_costs_once_however_often_it_is_told(self, ret: Return) -> None:
        for kind in ("return.opened", "return.opened", "return.approved"):
            tasks.charge_return(Event(kind=kind, subject_id=ret.pk, at=IN_OCTOBER))

        fee = Fee.objects.get()
        assert (fee.kind, fee.amount, fee.period) == ("request", eur(30), OCTOBER)
        assert (fee.subject_type, fee.subject_id) == ("orders.return", ret.pk)
        assert (fee.description, fee.vat_class) == ("Return requests", "service")

    @pytest.mark.parametrize("kind", ["return.opened", "return.approved"])
    def test_the_ear_hears_it(
        self, ret: Return, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from apps.deliveries import tasks as deliveries

        monkeypatch.setattr(deliveries, "prepare_now_or_later", lambda ret_id: None)
        tell(kind, ret.pk)

        assert Fee.objects.get().event_id is not None

    def test_a_return_of_the_past_costs_nothing(self) -> None:
        ret = ReturnFactory.create(filed_by="platform", refund_method="elsewhere")
        SubscriptionFactory.create(merchant=ret.merchant)

        tasks.charge_return(Event(kind="return.opened", subject_id=ret.pk, at=IN_OCTOBER))

        assert Fee.objects.count() == 0

    def test_nor_does_one_without_a_plan(self) -> None:
        ret = ReturnFactory.create()

        tasks.charge_return(Event(kind="return.opened", subject_id=ret.pk, at=IN_OCTOBER))

        assert Fee.objects.count() == 0

    def test_each_label_bought_from_a_carrier(self, ret: Return) -> None:
        account = CarrierAccountFactory.create(store=ret.store)
        shipment = ShipmentFactory.create(ret=ret, account=account)
        label = LabelFactory.create(parcel=shipment.parcels.get(), made_at=IN_OCTOBER)
        for _ in range(2):
            tell("label.ready", shipment.pk)

        fee = Fee.objects.get()
        assert (fee.kind, fee.amount, fee.subject_id) == ("logistics", eur(25), label.pk)

    def test_a_label_of_our_own_costs_nothing(self, ret: Return) -> None:
        shipment = ShipmentFactory.create(ret=ret)
        LabelFactory.create(parcel=shipment.parcels.get(), made_at=IN_OCTOBER)
        tell("label.ready", shipment.pk)

        assert Fee.objects.count() == 0


class PricesTest:
    def test_an_advance_costs_a_sum_and_a_share_of_it(self, merchant: Merchant) -> None:
        """0.50 + 1 % of 105.50 = 1.555, so 1.06 rounded up: 1.56."""
        fee = services.accrue_instant(merchant.pk, eur(10550), ADVANCE, IN_OCTOBER, uuid7())

        assert fee is not None
        assert fee.amount == eur(156)

    def test_a_label_at_cost_with_a_margin(self, merchant: Merchant) -> None:
        """0.25 + 4.15 + 10 % of it, 0.415, so 0.42: 4.82."""
        fee = services.accrue_label(merchant.pk, uuid7(), eur(415), IN_OCTOBER, uuid7())

        assert fee is not None
        assert fee.amount == eur(482)

    def test_an_advance_is_passed_on_as_it_is(self, merchant: Merchant) -> None:
        fee = services.accrue_disbursement(merchant.pk, eur(6505), ADVANCE, IN_OCTOBER, uuid7())

        assert fee is not None
        assert (fee.amount, fee.vat_class) == (eur(6505), "outside")

    def test_prices_of_the_day_it_happened(self) -> None:
        plan = PlanFactory.create()
        mine = SubscriptionFactory.create(plan=plan)
        FeeScheduleFactory.create(plan=plan, starts_on=NOVEMBER, request_minor=45)

        fees = [
            services.accrue_request(mine.merchant_id, uuid7(), at, uuid7())
            for at in (IN_OCTOBER, IN_NOVEMBER)
        ]

        assert [fee and fee.amount for fee in fees] == [eur(30), eur(45)]

    def test_a_currency_has_prices_of_its_own(self, merchant: Merchant) -> None:
        with pytest.raises(NoPrice):
            services.accrue_instant(merchant.pk, Money(10000, "GBP"), ADVANCE, IN_OCTOBER, uuid7())
        with pytest.raises(NoPrice):
            services.accrue_label(merchant.pk, uuid7(), Money(1, "GBP"), IN_OCTOBER, uuid7())

    def test_without_a_plan_nothing_is_owed(self) -> None:
        stranger = MerchantFactory.create()
        arguments = (stranger.pk, uuid7(), None, IN_OCTOBER, uuid7())

        assert services.accrue_label(*arguments) is None
        assert services.accrue_instant(stranger.pk, eur(100), ADVANCE, IN_OCTOBER, uuid7()) is None

    def test_what_is_free_leaves_no_row(self) -> None:
        free = FeeScheduleFactory.create(request_minor=0)
        mine = SubscriptionFactory.create(plan=free.plan)

        assert services.accrue_request(mine.merchant_id, uuid7(), IN_OCTOBER, uuid7()) is None

    def test_before_and_after_the_plan(self) -> None:
        mine = SubscriptionFactory.create(starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 13))
        times = (IN_OCTOBER - timedelta(days=1), IN_OCTOBER, IN_OCTOBER + timedelta(days=1))
        fees = [services.accrue_request(mine.merchant_id, uuid7(), at, uuid7()) for at in times]

        assert [fee is not None for fee in fees] == [False, True, False]


class OnceTest:
    def test_another_amount_for_the_same_thing_is_a_fault(self, merchant: Merchant) -> None:
        fee = FeeFactory.create(merchant=merchant)
        with pytest.raises(FeeDiffers):
            services.accrue(
                Charge(
                    merchant_id=merchant.pk,
                    kind="request",
                    amount=eur(31),
                    subject=("orders.return", fee.subject_id),
                    at=IN_OCTOBER,
                )
            )

    @pytest.mark.parametrize(
        "change",
        [
            {"amount_minor": 1},
            {"kind": "instant"},
            {"period": NOVEMBER},
            {"description": "Nothing"},
            {"subject_id": uuid7()},
        ],
    )
    def test_a_fee_is_fixed(self, change: dict[str, object]) -> None:
        fee = FeeFactory.create()
        with pytest.raises(IntegrityError), transaction.atomic():
            Fee.objects.filter(pk=fee.pk).update(**change)

    def test_nor_is_it_deleted(self) -> None:
        fee = FeeFactory.create()
        with pytest.raises(IntegrityError), transaction.atomic():
            fee.delete()

    def test_it_is_billed_once(self) -> None:
        merchant = BillingProfileFactory.create().merchant
        fee = FeeFactory.create(merchant=merchant)
        (invoice,) = services.close_month(merchant, OCTOBER, IN_NOVEMBER)
        with pytest.raises(IntegrityError), transaction.atomic():
            Fee.objects.filter(pk=fee.pk).update(invoice=None)

        assert invoice.fees.get() == fee

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "credit", "amount_minor": 1},
            {"kind": "request", "amount_minor": -1},
            {"kind": "disbursement", "vat_class": "service"},
            {"kind": "request", "vat_class": "outside"},
        ],
    )
    def test_signs_and_vat_go_with_the_kind(self, wrong: dict[str, object]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            FeeFactory.create(**wrong)


class CreditTest:
    def test_once_for_each_key(self, merchant: Merchant) -> None:
        by, key = UserFactory.create(), uuid7()
        for _ in range(2):
            services.give_credit(merchant, eur(2500), "an outage", by, IN_OCTOBER, key)

        fee = Fee.objects.get()
        assert (fee.kind, fee.amount, fee.description) == (
            "credit",
            eur(-2500),
            "Credit: an outage",
        )
        assert fee.subject_id == by.pk

    def test_not_above_the_limit_of_one_person(self, merchant: Merchant) -> None:
        with pytest.raises(CreditTooLarge):
            services.give_credit(
                merchant, eur(20001), "much", UserFactory.create(), IN_OCTOBER, uuid7()
            )
