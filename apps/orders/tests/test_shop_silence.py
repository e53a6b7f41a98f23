from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import Store
from apps.core.http import OutcomeUnknown, Unreachable
from apps.core.status import IllegalTransition
from apps.integrations import choices
from apps.integrations.choices import Capability
from apps.integrations.connectors import AccessLost, Declined, NotOffered
from apps.integrations.models import PlatformAction
from apps.integrations.tests.factories import PlatformActionFactory
from apps.orders import tasks
from apps.orders.models import Order, Return
from apps.orders.services.writing_back import (
    tell_of_opening,
)
from apps.orders.services.writing_back_sending import send_action, send_due
from apps.orders.tests.factories import OrderFactory, ReturnFactory
from apps.orders.tests.shops import AT, ShopInMemory, busy, connected_shop

Kind, Status = choices.PlatformAction.Kind, choices.PlatformAction.Status
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> ShopInMemory:
    return ShopInMemory()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, shop: ShopInMemory) -> Store:
    return connected_shop(monkeypatch, shop)


@pytest.fixture
def order(store: Store) -> Order:
    """Two T-shirts and trousers, known to the shop as `gid-1` with lines `l-1` and `l-2`."""
    lines: list[dict[str, Any]] = [
        {"external_id": "l-1", "variant_id": "shirt", "quantity": 2, "unit_price_minor": 2500},
        {"external_id": "l-2", "variant_id": "trousers", "unit_price_minor": 5000},
    ]
    return OrderFactory.create(store=store, external_id="gid-1", lines=lines)


def actions(ret: Return) -> list[tuple[str, str]]:
    mine = PlatformAction.objects.for_store(ret.store).filter(ret_id=ret.pk)
    return list(mine.order_by("id").values_list("kind", "status"))


def action(ret: Return, kind: str) -> PlatformAction:
    return PlatformAction.objects.get(ret_id=ret.pk, kind=kind)


def about(time: timedelta) -> int:
    """Whole seconds: a sweep takes each action at the time that it is then."""
    return time // timedelta(seconds=1)


class SilenceTest:
    @pytest.fixture
    def opened(self, order: Order) -> PlatformAction:
        ret = ReturnFactory.create(order=order)
        tell_of_opening(ret.pk, AT)
        return action(ret, Kind.OPEN_RETURN)

    def test_done_without_an_answer_it_is_asked_again_and_done_once(
        self, opened: PlatformAction, shop: ShopInMemory
    ) -> None:
        shop.after = [OutcomeUnknown("shop", "cut off")]
        send_due(AT)
        opened.refresh_from_db()
        assert (opened.status, opened.code) == (Status.UNKNOWN, "shop: cut off")
        assert send_due(AT) == 0
        send_due(AT + HOUR)
        opened.refresh_from_db()

        first, second = shop.calls("open_return")
        assert first == second
        assert (opened.status, opened.external_id, len(shop.returns)) == (Status.DONE, "R-1", 1)

    def test_a_shop_that_is_busy_says_how_long(
        self, opened: PlatformAction, shop: ShopInMemory
    ) -> None:
        shop.troubles = [busy(120)]
        send_due(AT)
        opened.refresh_from_db()

        assert opened.status == Status.PENDING
        assert about(opened.next_at - AT) == 120

    @pytest.mark.parametrize(
        ("trouble", "status"),
        [
            (Unreachable("shop", "refused"), Status.PENDING),
            (busy(status=503), Status.UNKNOWN),
            (AccessLost(), Status.PENDING),
            (Declined("order_archived"), Status.FAILED),
            (NotOffered(Capability.RETURNS, "Plan"), Status.NOT_OFFERED),
        ],
    )
    def test_what_becomes_of_it(
        self, trouble: Exception, status: str, opened: PlatformAction, shop: ShopInMemory
    ) -> None:
        shop.troubles = [trouble]
        send_due(AT)
        opened.refresh_from_db()

        assert opened.status == status

    def test_parked_after_ten_attempts_and_sent_again_by_a_person(
        self, opened: PlatformAction, shop: ShopInMemory
    ) -> None:
        shop.troubles = [OutcomeUnknown("shop", "cut off")] * 10
        for attempt in range(11):
            send_due(AT + 2 * attempt * HOUR)
        opened.refresh_from_db()
        assert (opened.status, opened.attempts) == (Status.PARKED, 10)
        assert [event.kind for event in opened.timeline] == ["platform_action.parked"]

        tasks.replay_action(opened)
        send_action(opened.pk, opened.next_at)
        opened.refresh_from_db()
        assert opened.status == Status.DONE
        with pytest.raises(IllegalTransition):
            opened.replay(AT)

    def test_a_note_is_never_written_twice(self, order: Order, shop: ShopInMemory) -> None:
        shop.capabilities = frozenset({Capability.NOTES})
        ret = ReturnFactory.create(order=order)
        tell_of_opening(ret.pk, AT)
        shop.after = [OutcomeUnknown("shop", "cut off")]
        send_due(AT)
        send_due(AT + HOUR)
        note = action(ret, Kind.NOTE)

        assert (note.status, note.code) == (Status.FAILED, "outcome_unknown")
        assert len(shop.calls("add_note")) == 1

    def test_the_younger_wait_for_the_elder_of_their_return_only(
        self, opened: PlatformAction, order: Order, shop: ShopInMemory
    ) -> None:
        shop.troubles = [OutcomeUnknown("shop", "cut off")]
        send_due(AT)
        closing = PlatformActionFactory.create(
            store=opened.store, ret_id=opened.ret_id, kind=Kind.CLOSE_RETURN, next_at=AT
        )
        other = PlatformActionFactory.create(store=opened.store, kind=Kind.CLOSE_RETURN, next_at=AT)
        send_due(AT)

        assert send_action(closing.pk, AT).status == Status.PENDING
        other.refresh_from_db()
        assert (other.status, other.code) == (Status.FAILED, "nothing_there")

    def test_a_shop_that_let_go_of_us_is_waited_for(
        self, opened: PlatformAction, store: Store, shop: ShopInMemory
    ) -> None:
        store.forget_credentials()
        send_due(AT)
        opened.refresh_from_db()

        assert (opened.status, opened.code) == (Status.PENDING, "not_connected")
        assert about(opened.next_at - AT) == 3600

    def test_one_that_raises_holds_up_nobody(
        self, opened: PlatformAction, order: Order, shop: ShopInMemory
    ) -> None:
        later = PlatformActionFactory.create(store=opened.store, kind=Kind.CLOSE_RETURN, next_at=AT)
        shop.troubles = [RuntimeError("mistake")]

        assert send_due(AT) == 2
        later.refresh_from_db()
        assert later.status == Status.FAILED

    def test_two_workers_send_it_once(self, opened: PlatformAction, shop: ShopInMemory) -> None:
        first = PlatformAction.objects.get(pk=opened.pk)
        assert first.take(AT)

        assert not opened.take(AT)
        assert send_action(opened.pk, AT).status == Status.PROCESSING
        assert shop.asked == []

    def test_who_comes_late_changes_nothing(self, opened: PlatformAction) -> None:
        opened.take(AT)
        opened.succeed("R-1", AT)
        opened.put_off("late", AT)
        opened.not_offered("late", AT)

        assert not opened.succeed("R-2", AT)
        assert not opened.refuse("late", AT)
        assert not opened.drop(AT)
        opened.refresh_from_db()
        assert (opened.status, opened.external_id, opened.code) == (Status.DONE, "R-1", "")

    def test_an_answer_that_comes_after_the_question_was_put_again_counts(
        self, opened: PlatformAction
    ) -> None:
        opened.take(AT)
        opened.lose_sight("cut off", AT)

        assert opened.succeed("R-1", AT)
