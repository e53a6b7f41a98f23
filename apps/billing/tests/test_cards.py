"""Invoices of 121.00, charged to the merchant's card on the day they are due: 16 November."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.billing import services, tasks
from apps.billing.dtos import Receipt
from apps.billing.mixins.settling import NotPayable
from apps.billing.models import BillingProfile, Invoice, InvoiceCharge, InvoicePage, MerchantCard
from apps.billing.modules.card_consent import VERSION
from apps.billing.services import charging
from apps.billing.services.cards import OtherConsent
from apps.billing.services.paying import NotPayableOnline
from apps.billing.tests.factories import BillingProfileFactory, InvoiceFactory
from apps.core import clock
from apps.core.money import Money
from apps.events.models import Event
from apps.payments import services as payments
from apps.payments.modules.ledger import services as ledger
from apps.users.models import User
from apps.users.tests.factories import UserFactory
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db
KEY = "sk_test_platform"
DUE = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SOON, LATER = timedelta(minutes=5), timedelta(minutes=16)
INTENTS = {"method": "POST", "path": "/v1/payment_intents"}


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def profile() -> BillingProfile:
    made: BillingProfile = BillingProfileFactory.create(merchant__language="")
    return made


@pytest.fixture
def user() -> User:
    made: User = UserFactory.create()
    return made


@pytest.fixture
def card(psp: Psp, profile: BillingProfile, user: User) -> MerchantCard:
    """Given on the page, and found there by the look of beat."""
    return saved(psp, profile, user)


@pytest.fixture
def invoice(card: MerchantCard) -> Invoice:
    made: Invoice = InvoiceFactory.create(merchant=card.merchant)
    return made


def saved(psp: Psp, profile: BillingProfile, user: User) -> MerchantCard:
    now = clock.now()
    card = services.open_card_page(profile.merchant, VERSION, user, now)
    psp.pay(KEY, card.session_id)
    services.look_at_cards(now)
    card.refresh_from_db()
    return card


def charged(at: datetime = DUE) -> list[str]:
    """The statuses of all charges after beat was at work."""
    services.look_at_charges(at)
    services.charge_invoices(at)
    return list(InvoiceCharge.objects.order_by("id").values_list("status", flat=True))


def taken(psp: Psp) -> list[int]:
    """What Stripe took for charges of these rows."""
    keys = [each.key for each in InvoiceCharge.objects.all()]
    return [each["amount"] for key in keys for each in psp.captures(key)]


class CardTest:
    def test_agreed_to_given_and_used(
        self, psp: Psp, card: MerchantCard, profile: BillingProfile, user: User
    ) -> None:
        assert (card.status, card.brand, card.last4, card.url) == ("ready", "visa", "4242", "")
        assert (card.consent_version, card.agreed_by) == (VERSION, user)
        assert card.consent_text.startswith("Reveni Development S.L. puede cobrar")
        profile.refresh_from_db()
        assert profile.method == "card"
        kinds = Event.objects.filter(subject_id=card.pk).order_by("id")
        told = list(kinds.values_list("kind", flat=True))
        assert told == ["billing_card.consented", "billing_card.saved"]

    def test_stripe_tells_of_it(self, psp: Psp, profile: BillingProfile, user: User) -> None:
        now = clock.now()
        card = services.open_card_page(profile.merchant, VERSION, user, now)
        again = services.open_card_page(profile.merchant, VERSION, user, now)
        assert (again.pk, again.url) == (card.pk, card.url)

        psp.pay(KEY, card.session_id)
        told = {"data": {"object": {"id": card.session_id, "object": "checkout.session"}}}
        for _ in range(2):
            payments.hear_stripe(card.stripe_account_id, json.dumps(told).encode(), now)
        card.refresh_from_db()
        assert card.status == "ready"

    def test_another_takes_its_place(
        self, psp: Psp, card: MerchantCard, profile: BillingProfile, user: User
    ) -> None:
        second = saved(psp, profile, user)
        card.refresh_from_db()
        assert (card.status, second.status) == ("dropped", "ready")
        assert card.removed_at is not None
        assert psp.calls("POST")[-1]["path"] == f"/v1/payment_methods/{card.method_ref}/detach"

    def test_dropped_with_a_page_that_is_open(
        self, psp: Psp, card: MerchantCard, profile: BillingProfile, user: User
    ) -> None:
        """Whoever gives a card on it all the same has it removed."""
        now = clock.now()
        page = services.open_card_page(profile.merchant, VERSION, user, now)
        services.drop_card(profile.merchant)
        profile.refresh_from_db()
        assert profile.method == "bank_transfer"

        psp.pay(KEY, page.session_id)
        assert services.look_at_cards(now) == 2
        assert MerchantCard.objects.exclude(removed_at=None).count() == 2
        services.drop_card(profile.merchant)
        assert services.look_at_cards(now) == 0

    def test_no_page(self, psp: Psp, profile: BillingProfile, user: User) -> None:
        with pytest.raises(OtherConsent):
            services.open_card_page(profile.merchant, "2020-01", user, clock.now())
        for refusal in ("reset_before", "refuse"):
            facts = {"status": 400} if refusal == "refuse" else {}
            psp.mode(refusal, times=1, **facts)
            with pytest.raises(NotPayableOnline):
                services.open_card_page(profile.merchant, VERSION, user, clock.now())

        later = clock.now() + timedelta(days=2)
        assert services.look_at_cards(later) == 2
        assert MerchantCard.objects.get().status == "dropped"

    def test_after_its_time_there_is_another_page(
        self, psp: Psp, profile: BillingProfile, user: User
    ) -> None:
        now = clock.now()
        first = services.open_card_page(profile.merchant, VERSION, user, now)
        psp.mode("refuse", times=1, status=401, match={"method": "GET"})
        services.look_at_cards(now)
        second = services.open_card_page(profile.merchant, VERSION, user, now + timedelta(days=2))
        first.refresh_from_db()
        assert (first.status, second.status) == ("dropped", "consented")


class ChargeTest:
    def test_on_the_day_it_is_due(self, psp: Psp, invoice: Invoice) -> None:
        assert invoice.due_on == date(2026, 11, 16)
        assert charged(DUE - timedelta(days=1)) == []
        assert charged() == ["paid"]
        assert charged() == ["paid"]

        invoice.refresh_from_db()
        payment = invoice.payments.get()
        assert (invoice.status, payment.method, payment.amount) == ("paid", "card", eur(12100))
        assert taken(psp) == [12100]
        shown = {kind: each.minor for (kind, _), each in ledger.balances(invoice.merchant).items()}
        assert shown == {
            "merchant_receivable": 0,
            "fees_revenue": 10000,
            "vat_payable": 2100,
            "platform_stripe": 12100,
        }

    def test_what_is_still_due(self, psp: Psp, invoice: Invoice) -> None:
        """21.00 came by transfer, and the page of 121.00 that was open is closed before."""
        page = services.open_page(invoice, clock.now())
        services.confirm_transfer(invoice, Receipt(amount=eur(2100), reference="tx"), DUE)
        assert charged() == ["paid"]
        page.refresh_from_db()
        assert (page.status, taken(psp)) == ("expired", [10000])

    def test_paid_on_its_page_meanwhile(self, psp: Psp, invoice: Invoice) -> None:
        page = services.open_page(invoice, clock.now())
        psp.pay(KEY, page.session_id)
        assert charged() == ["failed"]
        invoice.refresh_from_db()
        assert (invoice.status, taken(psp)) == ("paid", [])

    def test_refused_it_goes_its_old_way(self, psp: Psp, invoice: Invoice) -> None:
        """Never tried again with this card: a page and the letters are left."""
        psp.mode("authentication_required", times=1)
        assert charged() == ["refused"]
        assert charged(DUE + timedelta(days=1)) == ["refused"]
        charge = InvoiceCharge.objects.select_related("card").get()
        assert (charge.failure_code, charge.card.status) == ("authentication_required", "ready")
        assert charge.intent_id.startswith("pi_")

        assert services.dun_invoices(DUE + timedelta(days=1)) == 1
        assert services.open_page(invoice, clock.now()).amount == eur(12100)
        event = Event.objects.get(kind="invoice.charge_refused")
        assert event.subject_id == invoice.pk

    def test_stolen_it_is_charged_no_more(
        self, psp: Psp, invoice: Invoice, profile: BillingProfile, user: User
    ) -> None:
        psp.mode("decline", times=1, decline_code="stolen_card")
        assert charged() == ["refused"]
        profile.refresh_from_db()
        assert profile.method == "bank_transfer"
        assert MerchantCard.objects.get().status == "refused"

        saved(psp, profile, user)
        assert charged() == ["refused", "paid"]


class SilenceTest:
    @pytest.mark.parametrize("silence", ["reset_before", "reset_after"])
    def test_asked_about_and_paid_once(self, psp: Psp, invoice: Invoice, silence: str) -> None:
        psp.mode(silence, times=1, match=INTENTS)
        assert charged() == ["open"]
        with pytest.raises(NotPayable):
            services.open_page(invoice, DUE)
        assert services.dun_invoices(DUE + timedelta(days=2)) == 0

        arrived = silence == "reset_after"
        assert charged(DUE + SOON) == (["paid"] if arrived else ["open"])
        assert charged(DUE + LATER) == ["paid"]
        assert taken(psp) == [12100]

    def test_asked_after_the_life_of_its_key(self, psp: Psp, invoice: Invoice) -> None:
        """It never arrived: another is made under a key of its own."""
        psp.mode("reset_before", times=1, match=INTENTS)
        assert charged() == ["open"]
        assert charged(DUE + timedelta(days=1)) == ["failed", "paid"]
        assert taken(psp) == [12100]

    def test_the_bank_takes_its_time(self, psp: Psp, invoice: Invoice) -> None:
        psp.mode("late_success", times=1)
        assert charged() == ["open"]
        charge = InvoiceCharge.objects.get()
        assert charged(DUE + LATER) == ["open"]
        psp.turn_intent(KEY, charge.intent_id, "succeeded")
        assert charged(DUE + LATER) == ["paid"]

    def test_the_bank_refuses_late(self, psp: Psp, invoice: Invoice) -> None:
        psp.mode("late_success", times=1)
        charged()
        charge = InvoiceCharge.objects.get()
        psp.turn_intent(KEY, charge.intent_id, "requires_payment_method")
        assert charged(DUE + LATER) == ["refused"]

    def test_paid_twice_a_person_must_look(
        self, psp: Psp, invoice: Invoice, caplog: pytest.LogCaptureFixture
    ) -> None:
        psp.mode("reset_after", times=1, match=INTENTS)
        charged()
        services.confirm_transfer(invoice, Receipt(amount=eur(12100), reference="tx"), DUE)
        assert charged(DUE + SOON) == ["surplus"]
        assert "is not due" in caplog.text
        assert invoice.payments.count() == 1

    def test_two_workers_hear_of_the_same(self, psp: Psp, invoice: Invoice) -> None:
        """Each holds the row as it was before; it is paid once."""
        psp.mode("reset_after", times=1, match=INTENTS)
        charged()
        stale = [InvoiceCharge.objects.get() for _ in range(2)]
        for each in stale:
            charging.settle(each, "pi_heard", DUE)
        assert (invoice.payments.get().amount, stale[1].status) == (eur(12100), "paid")

    def test_our_own_key_refused_says_nothing(self, psp: Psp, invoice: Invoice) -> None:
        psp.mode("refuse", times=1, status=401, match=INTENTS)
        assert charged() == ["open"]
        assert charged(DUE + LATER) == ["paid"]

    def test_dropped_meanwhile(self, psp: Psp, invoice: Invoice) -> None:
        psp.mode("reset_before", times=1, match=INTENTS)
        charged()
        services.drop_card(invoice.merchant)
        assert services.look_at_cards(DUE) == 0
        assert charged(DUE + LATER) == ["failed"]
        assert services.look_at_cards(DUE) == 1

    def test_beat_does_all_of_it_once_in_a_slot(self, psp: Psp, invoice: Invoice) -> None:
        assert tasks.charge_cards() == 1
        assert tasks.charge_cards() is None
        assert InvoicePage.objects.count() == 0
        assert InvoiceCharge.objects.get().status == "paid"
