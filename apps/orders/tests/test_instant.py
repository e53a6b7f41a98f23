"""An instant return from its offer to its end, each figure worked out by hand.

65.05 is advanced for lines of 40.00 and 30.00 less a fee of 4.95.
"""

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.core import clock, findings
from apps.orders.dtos import ConsentGiven, MethodChoice, UnitDecision
from apps.orders.models import AdvanceConsent
from apps.orders.modules.recoveries.tests.factories import RecoveryFactory
from apps.orders.services import advances, open_return
from apps.orders.services.granting import ConsentRequired, InstantNotOffered
from apps.orders.services.opening import UnknownQuote
from apps.orders.tests import instant as at_once
from apps.orders.tests.factories import OrderFactory
from apps.orders.tests.instant import (
    BANK,
    CONSENT,
    DROP_OFF,
    decided,
    everything,
    instant,
    instant_order,
    kinds,
    offer,
    parts,
    parts_of,
    shortfalls,
    sums,
)
from apps.orders.tests.journeys import CREDIT, STAFF, asked, euros, opened, quoted, wish
from apps.underwriting.models import ExposureHold, Outcome
from apps.underwriting.models.exposure import CapReached
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _now() -> None:
    at_once.steps(("pay_now", 100))


@pytest.fixture
def _half() -> None:
    at_once.steps(("pay_now", 50))


@pytest.mark.usefixtures("_now")
class OfferTest:
    def test_the_quote_says_what_goes_out_when(self) -> None:
        order = instant_order()
        quote = quoted(order, *everything(order), method=DROP_OFF)

        shown = offer(quote)
        assert parts_of(quote) == [("pay_now", "65.05")]
        assert (shown["rung"], shown["cover_days"]) == ("pay_now", 30)
        assert shown["cap"] == {"amount": "65.05", "currency": "EUR"}
        assert quote.assessment is not None
        assert (quote.assessment.request_id, quote.assessment.value) == (quote.pk, euros("65.05"))

    def test_a_store_without_instant_says_nothing(self) -> None:
        order = instant_order()
        order.store.merchant.exposure_cap_minor = 0
        quote = quoted(order, *everything(order), method=DROP_OFF)

        assert "instant" not in quote.options[0]
        assert quote.assessment is None

    @pytest.mark.parametrize(
        ("named", "reason"),
        [
            ({"filed_by": STAFF}, "filed_by_store"),
            ({"method": MethodChoice(keeps_goods=True)}, "goods_kept"),
            ({"method": MethodChoice(kind="own_label")}, "after_inspection"),
        ],
    )
    def test_standard_with_its_reason(self, named: dict[str, object], reason: str) -> None:
        order = instant_order()
        quote = quoted(order, *everything(order), **{"method": DROP_OFF, **named})  # type: ignore[arg-type]

        assert offer(quote) == {"offered": False, "reason": reason}

    def test_a_request_that_is_held_is_standard(self) -> None:
        order = instant_order()
        order.store.preferences.auto_approve = False
        quote = quoted(order, *everything(order), method=DROP_OFF)

        assert offer(quote)["reason"] == "held_for_approval"


class OpeningTest:
    @pytest.mark.usefixtures("_now")
    def test_all_of_it_goes_out_and_is_counted(self) -> None:
        order = instant_order()
        ret = instant(order)

        assert (ret.mode, ret.status) == ("instant", "in_progress")
        assert ret.cover_ends_at == ret.requested_at + timedelta(days=30)
        assert parts(ret) == [("pay_now", "65.05", "released")]
        assert kinds(ret) == ["return.opened", "advance.granted", "advance.released"]
        order.refresh_from_db()
        assert order.refunded == order.tenders.get().refunded == euros("65.05")
        assert [(each.refunded_quantity, each.refunded_minor) for each in order.lines.all()] == [
            (1, 4000),
            (1, 3000),
        ]
        hold = ExposureHold.objects.get(reference=at_once.advance_of(ret).parts.get().reference)
        assert (hold.open, hold.rung) == (euros("65.05"), "pay_now")

    @pytest.mark.usefixtures("_now")
    def test_the_consent_is_kept_word_for_word(self) -> None:
        ret = instant(instant_order())
        consent = AdvanceConsent.objects.get(ret=ret)

        assert (consent.version, consent.language) == (CONSENT.version, "en")
        assert consent.cap == euros("65.05")
        assert consent.text.startswith("You get 65.05 EUR before your goods are back.")

    @pytest.mark.usefixtures("_now")
    def test_without_consent_it_is_standard(self) -> None:
        order = instant_order()
        ret = opened(order, *everything(order), method=DROP_OFF)

        assert (ret.mode, ret.cover_ends_at) == ("standard", None)
        assert not ExposureHold.objects.exists()

    @pytest.mark.usefixtures("_now")
    def test_consent_to_other_words_is_refused(self) -> None:
        order = instant_order()
        quote = quoted(order, *everything(order), method=DROP_OFF)
        request = asked(quote, method=DROP_OFF, consent=ConsentGiven("2020-01"))

        with pytest.raises(ConsentRequired):
            open_return(order, request, clock.now())
        assert not order.returns.exists()

    def test_what_is_not_offered_is_refused_and_can_be_opened_without(self) -> None:
        order = instant_order()
        posted = MethodChoice(kind="own_label")
        quote = quoted(order, *everything(order), method=posted)

        with pytest.raises(InstantNotOffered) as refused:
            open_return(order, asked(quote, method=posted, consent=CONSENT), clock.now())
        assert refused.value.details == {"reason": "after_inspection"}
        assert open_return(order, asked(quote, method=posted), clock.now()).ret.mode == "standard"

    @pytest.mark.usefixtures("_now")
    def test_a_reached_cap_leaves_the_standard_return_open(self) -> None:
        order = instant_order(merchant_cap=10_000)
        other = OrderFactory.create(store=order.store)
        quote = quoted(order, *everything(order), method=DROP_OFF)
        instant(other, wish(other.lines.all()[1]))

        with pytest.raises(CapReached) as refused:
            open_return(order, asked(quote, method=DROP_OFF, consent=CONSENT), clock.now())
        assert refused.value.details == {"scope": "merchant"}
        assert open_return(order, asked(quote, method=DROP_OFF), clock.now()).ret.mode == "standard"

    def test_a_quote_that_is_not_there(self) -> None:
        order = instant_order()
        quote = quoted(order, *everything(order), method=DROP_OFF)
        quote.pk = uuid4()

        with pytest.raises(UnknownQuote):
            open_return(order, asked(quote, method=DROP_OFF, consent=CONSENT), clock.now())

    @pytest.mark.usefixtures("_now")
    def test_an_offer_that_nobody_decided_on_is_refused(self) -> None:
        order = instant_order()
        quote = quoted(order, *everything(order), method=DROP_OFF)
        quote.assessment = None
        quote.save()

        with pytest.raises(InstantNotOffered):
            open_return(order, asked(quote, method=DROP_OFF, consent=CONSENT), clock.now())

    @pytest.mark.usefixtures("_now")
    def test_a_request_that_a_rule_holds_by_now_is_not_opened_at_once(self) -> None:
        order = instant_order()
        quote = quoted(order, *everything(order), method=DROP_OFF)
        order.store.preferences.auto_approve = False
        order.store.preferences.save()

        with pytest.raises(InstantNotOffered) as refused:
            open_return(order, asked(quote, method=DROP_OFF, consent=CONSENT), clock.now())
        assert refused.value.details == {"reason": "held_for_approval"}
        assert not ExposureHold.objects.exists()

    @pytest.mark.usefixtures("_now")
    def test_an_account_is_judged_before_money_goes_to_it(self) -> None:
        ret = instant(instant_order(), by=BANK, iban="ES9121000418450200051332")
        assessment = at_once.advance_of(ret).assessment

        assert assessment.version == 2
        assert assessment.iban_mark is not None


@pytest.mark.usefixtures("_half")
class RungsTest:
    def test_half_now_and_the_rest_at_the_scan(self) -> None:
        """Half of 65.05, rounded up, is 32.53."""
        ret = instant(instant_order())

        assert parts(ret) == [
            ("pay_now", "32.53", "released"),
            ("pay_at_scan", "32.52", "waiting"),
        ]
        assert ExposureHold.objects.count() == 2

    def test_a_typed_tracking_number_is_no_scan(self) -> None:
        ret = instant(instant_order())
        assert ret.ship(clock.now(), scanned=False)
        assert parts(ret)[1] == ("pay_at_scan", "32.52", "waiting")

        assert not ret.ship(clock.now())
        assert not ret.ship(clock.now())
        assert parts(ret)[1] == ("pay_at_scan", "32.52", "released")
        assert kinds(ret).count("advance.released") == 2

    def test_goods_that_arrive_unseen_were_scanned(self) -> None:
        ret = instant(instant_order())
        ret.receive(clock.now())

        assert parts(ret)[1] == ("pay_at_scan", "32.52", "released")

    def test_what_waited_pays_for_what_was_rejected(self) -> None:
        """35.05 is due for the 40.00 line; 32.53 is out, so 2.52 follow and 30.00 never go."""
        ret = instant(instant_order())
        decided(ret, "accepted", "rejected")

        assert parts(ret) == [
            ("pay_now", "32.53", "released"),
            ("pay_at_scan", "2.52", "released"),
            ("pay_at_scan", "30.00", "cancelled"),
        ]
        assert sums(ret) == ("35.05", "0.00", "0.00", "30.00")
        assert shortfalls(ret) == []


@pytest.mark.usefixtures("_now")
class EndTest:
    def test_accepted_it_is_kept(self) -> None:
        ret = instant(order := instant_order())
        ret.receive(clock.now())
        ret.accept_all(clock.now())

        assert sums(ret) == ("65.05", "0.00", "0.00", "0.00")
        assert ret.settle().as_json() == ret.breakdown
        order.refresh_from_db()
        assert order.refunded == euros("65.05")
        assert kinds(ret)[-2:] == ["return.accepted", "advance.closed"]

    def test_a_rejected_line_is_owed_without_the_fee(self) -> None:
        ret = instant(order := instant_order())
        ret.receive(clock.now())
        decided(ret, "accepted", "rejected")

        assert sums(ret) == ("35.05", "30.00", "0.00", "0.00")
        assert shortfalls(ret) == [("rejected", "30.00")]
        told = ret.timeline.get(kind="advance.short").payload
        assert told["lines"] == [str(at_once.line_of(ret, 1).pk)]
        assert told["currency"] == "EUR"
        kept, back = order.lines.all()
        assert (kept.refunded_quantity, kept.refunded_minor) == (1, 4000)
        assert (back.returned_quantity, back.refunded_quantity, back.refunded_minor) == (0, 0, 0)

    def test_nothing_accepted_owes_all_of_it(self) -> None:
        ret = instant(instant_order())
        ret.receive(clock.now())
        ret.reject_all("Worn", clock.now())

        assert sums(ret) == ("0.00", "65.05", "0.00", "0.00")
        assert shortfalls(ret) == [("rejected", "65.05")]

    def test_one_event_for_each_cause(self) -> None:
        ret = instant(order := instant_order(4000, 3000, 2000))
        ret.receive(clock.now())
        decided(ret, "accepted", "missing", "rejected")

        assert shortfalls(ret) == [("rejected", "20.00"), ("missing", "30.00")]
        assert [line.refunded_quantity for line in order.lines.all()] == [1, 0, 0]

    @pytest.mark.parametrize(
        ("outcome", "cause"), [("missing", "not_returned"), ("kept", "changed_mind")]
    )
    def test_goods_that_never_came(self, outcome: str, cause: str) -> None:
        ret = instant(instant_order())
        decided(ret, "accepted", outcome)

        assert shortfalls(ret) == [(cause, "30.00")]
        assert ret.status == "partly_accepted"

    def test_a_line_decided_in_two_halves_adds_up(self) -> None:
        """Three units of 10.00 less 4.95 give 5.05; of the last two 3.34 and 3.33 are owed."""
        order = OrderFactory.create(
            store=instant_order().store, lines=[{"quantity": 3, "total_minor": 1000}]
        )
        ret = instant(order)
        ret.receive(clock.now())
        line = ret.lines.get()
        at = clock.now()
        ret.decide([UnitDecision(line.pk, "accepted", quantity=1)], at)
        ret.decide([UnitDecision(line.pk, "rejected", quantity=1, reason="Torn")], at)
        ret.decide([UnitDecision(line.pk, "missing")], at)

        # 10.00 - 3.33 is above what went out and was not kept: 5.05 is the most that is owed.
        assert sums(ret) == ("0.00", "5.05", "0.00", "0.00")
        item = order.lines.get()
        assert (item.refunded_quantity, item.refunded_minor) == (1, 333)

    def test_what_is_owed_stays_open_on_the_caps(self) -> None:
        ret = instant(instant_order())
        ret.receive(clock.now())
        decided(ret, "accepted", "rejected")
        for _ in range(2):
            advances.free_exposure(ret.pk, clock.now())

        hold = ExposureHold.objects.get()
        assert (hold.status, hold.open) == ("held", euros("30"))
        assert not Outcome.objects.exists()

    def test_what_is_owed_stays_open_until_its_last_recovery_ends(self) -> None:
        ret = instant(instant_order())
        ret.receive(clock.now())
        decided(ret, "rejected", "missing")
        advances.free_exposure(ret.pk, clock.now())
        worn = RecoveryFactory.create(ret=ret, cause="rejected", due_minor=4000, recovered=True)
        gone = RecoveryFactory.create(ret=ret, cause="missing", due_minor=2505)

        advances.end_shortfall(worn.pk, clock.now())
        hold = ExposureHold.objects.get()
        assert (hold.status, hold.open) == ("held", euros("25.05"))
        gone.close("found", clock.now())
        for _ in range(2):
            advances.end_shortfall(gone.pk, clock.now())

        hold.refresh_from_db()
        assert (hold.status, hold.open) == ("released", euros("0"))
        outcome = Outcome.objects.get()
        assert (outcome.kind, outcome.amount) == ("recovered", euros("40"))

    def test_what_is_given_up_is_told_as_lost(self) -> None:
        ret = instant(instant_order())
        ret.receive(clock.now())
        decided(ret, "accepted", "rejected")
        lost = RecoveryFactory.create(ret=ret, given_up=True)
        lost.write_off(UserFactory.create(), "moved away", clock.now())
        advances.end_shortfall(lost.pk, clock.now())

        outcome = Outcome.objects.get()
        assert (outcome.kind, outcome.amount) == ("lost", euros("30"))

    def test_a_recovery_of_no_advance_has_nothing_open(self) -> None:
        advances.end_shortfall(RecoveryFactory.create().pk, clock.now())
        assert not Outcome.objects.exists()

    def test_an_advance_that_ended_well_is_told(self) -> None:
        ret = instant(instant_order())
        ret.accept_all(clock.now())
        for _ in range(2):
            advances.free_exposure(ret.pk, clock.now())

        outcome = Outcome.objects.get()
        assert (outcome.kind, outcome.amount) == ("settled", euros("65.05"))
        assert ExposureHold.objects.get().status == "released"

    def test_books_of_units_hold_at_every_step(self) -> None:
        ret = instant(instant_order())
        assert findings.find(clock.now(), ret.merchant_id) == []
        decided(ret, "accepted", "rejected")

        assert findings.find(clock.now(), ret.merchant_id) == []


@pytest.mark.usefixtures("_now")
class StoreCreditTest:
    def test_it_waits_for_what_is_unused(self) -> None:
        ret = instant(instant_order(), by=CREDIT)
        decided(ret, "accepted", "rejected")
        assert shortfalls(ret) == []
        assert kinds(ret)[-1] == "advance.reclaimed"

        for _ in range(2):
            ret.close_advance(euros("12.00"), clock.now())
        assert sums(ret) == ("35.05", "18.00", "12.00", "0.00")
        assert shortfalls(ret) == [("rejected", "18.00")]

    def test_all_of_it_unused_is_no_shortfall(self) -> None:
        ret = instant(instant_order(), by=CREDIT)
        decided(ret, "accepted", "rejected")
        ret.close_advance(euros("30.00"), clock.now())

        assert sums(ret) == ("35.05", "0.00", "30.00", "0.00")
        assert shortfalls(ret) == []
