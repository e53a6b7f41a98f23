"""What shoppers are written to, each thing once, in their language, with a link that leads home."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from kombu.exceptions import OperationalError
from pytest_django import Settings

from apps.accounts.tests.factories import CustomerFactory
from apps.core import clock
from apps.core.money import Money
from apps.events.models import Event
from apps.notifications import services, tasks
from apps.notifications.models import Message
from apps.notifications.modules.mails import texts
from apps.orders.models import Recovery
from apps.orders.modules.recoveries.tests.factories import DAY, RecoveryFactory
from apps.orders.modules.recoveries.tests.steps import on_day
from apps.orders.services.clockwork import ran_out
from apps.orders.tests.factories import OrderFactory, ReturnFactory
from apps.orders.tests.instant import instant, instant_order, steps
from apps.payments.models import Payment

pytestmark = [pytest.mark.django_db, pytest.mark.enable_signals]
type Commits = Callable[[], AbstractContextManager[object]]
PLACE = re.compile(r"{\w+}")


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Commits:
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def recovery() -> Recovery:
    english = CustomerFactory.create(language="en")
    order = OrderFactory.create(store__merchant=english.merchant, customer=english)
    made: Recovery = RecoveryFactory.create(ret__order=order, at=clock.now() - 8 * DAY)
    return made


def subjects() -> list[str]:
    return [str(each.subject) for each in mail.outbox]


def body() -> str:
    (sent,) = mail.outbox
    return str(sent.body)


class AdvanceTest:
    def test_what_is_paid_what_must_come_back_and_until_when(
        self, commits: Commits, settings: Settings
    ) -> None:
        settings.PORTAL_URL = "https://returns.example"
        steps(("pay_now", 50))
        order = instant_order()
        with commits():
            ret = instant(order)

        (sent,) = mail.outbox
        assert sent.to == [order.email]
        assert sent.subject == "You get 65.05 EUR before your goods are back"
        day = (clock.now() + timedelta(days=30)).date()
        assert f"Send them so that they arrive by {day}." in sent.body
        assert "Now: 32.53 EUR\nWhen the carrier scans your parcel: 32.52 EUR" in sent.body
        assert "To send back: 1 x " in sent.body
        link = f"https://returns.example/{order.store.slug}/returns/{ret.number}"
        assert f"See your return: {link}" in sent.body
        assert isinstance(sent, EmailMultiAlternatives)
        assert f'href="{link}"' in str(sent.alternatives[0][0])

    def test_markup_in_a_name_stays_text(self, commits: Commits) -> None:
        steps(("pay_now", 100))
        order = instant_order()
        order.store.name = "<b>Shop\r\nBcc: all@example.test"
        order.store.save()
        with commits():
            instant(order)

        (sent,) = mail.outbox
        assert isinstance(sent, EmailMultiAlternatives)
        assert "<b>Shop" not in str(sent.alternatives[0][0])
        assert "<b>Shop Bcc: all@example.test pays you" in str(sent.body)


class RecoveryTest:
    def test_opened_it_may_be_objected_to(self, commits: Commits, recovery: Recovery) -> None:
        with commits():
            recovery.tell(
                "recovery.opened",
                cause="rejected",
                amount=recovery.due.as_json(),
                objection_ends_at=recovery.objection_ends_at.isoformat(),
            )

        assert "You may object until" in body()
        assert "The store did not accept some of the goods" in body()

    def test_two_warnings(self, commits: Commits, recovery: Recovery) -> None:
        for day in (8, 12):
            with commits():
                recovery.step(on_day(recovery, day))

        charged = on_day(recovery, 15).date()
        assert subjects() == [
            f"30.00 EUR will be charged on {charged}",
            f"Reminder: 30.00 EUR will be charged on {charged}",
        ]

    def test_what_came_in(self, commits: Commits, recovery: Recovery) -> None:
        with commits():
            recovery.collected(Money.of("10.00", "EUR"), "pi_1", clock.now())

        assert subjects() == ["We received 10.00 EUR"]
        assert "Still owed: 20.00 EUR" in body()
        assert "pi_1" not in body()

    def test_a_link_to_pay(self, commits: Commits, recovery: Recovery) -> None:
        until = clock.now() + DAY
        with commits():
            recovery.link_ready("https://pay.example/1", until, clock.now())

        assert subjects() == [f"Pay 30.00 EUR for return {recovery.ret.number}"]
        assert "Pay now: https://pay.example/1" in body()
        assert f"until {until:%Y-%m-%d %H:%M} UTC" in body()

    def test_a_link_that_is_over_is_not_sent(self, commits: Commits, recovery: Recovery) -> None:
        recovery.link_ready("https://pay.example/1", clock.now() + DAY, clock.now())
        with commits():
            recovery.link_ready("https://pay.example/2", clock.now() + 2 * DAY, clock.now())
        old, new = Event.objects.filter(kind="recovery.link_ready").order_by("sequence")
        services.send_message(services.write_down(old).pk, clock.now())

        assert len(mail.outbox) == 1
        assert [each.is_sent for each in Message.objects.order_by("id")] == [True, False]
        assert new.pk == Message.objects.get(is_sent=True).event_id

    def test_closed(self, commits: Commits, recovery: Recovery) -> None:
        with commits():
            recovery.close("goods_arrived", clock.now())

        assert subjects() == [f"Nothing is owed for return {recovery.ret.number}"]

    def test_what_was_paid_goes_back_and_is_told_once(
        self, commits: Commits, recovery: Recovery
    ) -> None:
        recovery.collected(Money.of("10.00", "EUR"), "pi_1", clock.now())
        with commits():
            recovery.close("goods_arrived", clock.now())

        assert subjects() == ["10.00 EUR go back to you"]


class OnceTest:
    def test_an_event_heard_twice_is_one_mail(self, commits: Commits, recovery: Recovery) -> None:
        recovery.step(on_day(recovery, 8))
        event = Event.objects.get(kind="recovery.warned")
        for _ in range(2):
            with commits():
                tasks.tell(event)

        assert len(mail.outbox) == 1

    def test_one_that_is_being_sent_is_left_alone(self, recovery: Recovery) -> None:
        recovery.step(on_day(recovery, 8))
        message = services.write_down(Event.objects.get(kind="recovery.warned"))
        at = clock.now()
        assert message.take(at)

        assert not services.send_message(message.pk, at)
        assert services.send_message(message.pk, at + timedelta(hours=1))
        assert len(mail.outbox) == 1

    def test_what_the_broker_lost_is_sent_by_beat(
        self, commits: Commits, recovery: Recovery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lost(*args: object) -> None:
            raise OperationalError

        monkeypatch.setattr(tasks.send_message, "delay", lost)
        with commits():
            recovery.step(on_day(recovery, 8))
        assert mail.outbox == []
        with clock.moved(timedelta(hours=1)):
            assert tasks.send_left_behind() == 1
        assert len(mail.outbox) == 1

    def test_one_that_cannot_be_sent_does_not_stop_the_others(
        self, recovery: Recovery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recovery.step(on_day(recovery, 8))
        services.write_down(Event.objects.get(kind="recovery.warned"))
        monkeypatch.setattr(services, "compose", lambda event: 1 / 0)

        assert services.send_left_behind(clock.now() + timedelta(hours=1)) == 0
        assert not Message.objects.get().is_sent

    def test_without_an_address_nothing_is_sent(self, commits: Commits, recovery: Recovery) -> None:
        order = recovery.ret.order
        order.email, order.customer = "", None
        order.save()
        recovery.ret.customer = None
        recovery.ret.save()
        with commits():
            recovery.step(on_day(recovery, 8))

        assert (mail.outbox, Message.objects.get().is_sent) == ([], False)


class GoodsTest:
    def test_goods_that_ran_out_are_paid_and_told_of(self, commits: Commits) -> None:
        english = CustomerFactory.create(language="en")
        store = {"store__merchant": english.merchant, "customer": english}
        order = OrderFactory.create(lines=[{"unit_price_minor": 5000}], **store)
        wish = {"line_item": order.lines.get(), "exchange": {"variant_id": "large"}}
        ret = ReturnFactory.create(order=order, lines=[wish])
        ret.exchanges.get().hold()
        ret.receive(clock.now())
        ret.accept_all(clock.now())
        ret.settle()
        with commits():
            assert ran_out(ret.exchanges.select_related("ret__order").get(), clock.now())

        assert subjects() == ["1 x T-shirt, L is sold out: you get 50.00 EUR"]
        assert "Refund: 50.00 EUR" in body()
        assert str(Payment.objects.get().amount) == "50.00 EUR"


class WordsTest:
    @pytest.mark.parametrize(
        ("language", "says"), [("en", "The"), ("es", "La"), ("de", "Der"), ("fr", "La")]
    )
    def test_in_the_shoppers_language(
        self, language: str, says: str, commits: Commits, recovery: Recovery
    ) -> None:
        customer = recovery.ret.customer
        assert customer is not None
        customer.language = f"{language}-XX"
        customer.save()
        with commits():
            recovery.step(on_day(recovery, 8))

        assert body().startswith(says)

    @pytest.mark.parametrize("table", ["SUBJECTS", "BODIES", "ROWS", "BUTTONS", "FOOT"])
    def test_every_language_names_the_same_facts(self, table: str) -> None:
        for code, words in getattr(texts, table).items():
            assert len({frozenset(PLACE.findall(each)) for each in words}) == 1, code
