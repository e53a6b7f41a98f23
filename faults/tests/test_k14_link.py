"""K14: whoever heard that the bank wants the shopper dies before the link is promised."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings

from apps.core import clock
from apps.core.money import Money
from apps.orders.models import Recovery
from apps.orders.modules.recoveries import services as recoveries
from apps.orders.modules.recoveries.tests.factories import DAY, RecoveryFactory
from apps.orders.tests.factories import ReturnFactory
from apps.payments import services as payments
from apps.payments.gateways.stripe.models import StripeCheckoutPayment, StripeRecoveryCharge
from faults.board import Board
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process
from faults.report import Report
from faults.rig import Rig
from faults.waiting import wait_for
from faults.world import World

KEY = "sk_test_platform"
NEEDS_SHOPPER = "authentication_required"


@pytest.fixture
def platform(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    """The one worker knows the platform's own account, and so does this process."""
    monkeypatch.setattr(settings, "STRIPE_PLATFORM_KEY", KEY)
    rig.end("worker")
    worker = rig.worker("platform", STRIPE_PLATFORM_KEY=KEY)
    rig.beat()
    yield worker
    rig.end(worker.name)
    rig.psp().clear_modes()


def charged(world: World) -> Recovery:
    """Due today on a saved card, whose bank wants the shopper."""
    at, psp = clock.now(), world.psp
    ret = ReturnFactory.create(order=world.order(), received=True)
    ret.reject_all("Worn", at)
    recovery: Recovery = RecoveryFactory.create(ret=ret, at=at - 20 * DAY)
    consent = payments.CardConsent(
        text="Yes", version="1", cap=Money.of("65.05", "EUR"), until=at + 30 * DAY
    )
    card = payments.consent_to_card(ret.pk, consent, at)
    card = payments.open_card_page(card.pk, at)
    psp.pay(KEY, card.session_id)
    payments.ask_card(card.pk, at)
    psp.mode(NEEDS_SHOPPER, match={"path": "/v1/payment_intents"})
    for day in (8, 12):
        recoveries.take_steps(recovery.opened_at + timedelta(days=day))
    recoveries.take_steps(at)
    return recovery


def links(recovery: Recovery) -> list[StripeCheckoutPayment]:
    return list(StripeCheckoutPayment.objects.filter(recovery_id=recovery.pk))


def is_linked(recovery: Recovery) -> bool:
    recovery.refresh_from_db()
    return bool(recovery.pay_url) and recovery.pay_url == links(recovery)[-1].url


@pytest.mark.full
class LinkTest:
    @pytest.mark.fault("K14 link of a refused charge")
    def test_one_link_is_made(
        self, world: World, platform: Process, board: Board, report: Report
    ) -> None:
        board.arm("K14")
        recovery = charged(world)
        board.wait_for_deaths("K14")
        wait_for("the link", lambda: is_linked(recovery), 20)

        assert len(links(recovery)) == 1
        assert StripeRecoveryCharge.objects.get(recovery_id=recovery.pk).status == "failed"
        assert recovery.attempts.get().status == "needs_shopper"
        report.fact("links", len(links(recovery)))

    @pytest.mark.fault("K14 link of a refused charge")
    def test_without_the_sweeper_of_events_there_is_none(
        self, control: Control, platform: Process, board: Board
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            board.arm("K14")
            charged(world)
            board.wait_for_deaths("K14")

        control.must_fail(scene, "event-sweeper")
