"""F-11: a card processor's webhooks five times each, shuffled, late, early and about strangers."""

import random
from dataclasses import dataclass, field

import pytest

from apps.events.models import Event as Told
from apps.events.models import InboxMessage
from apps.orders.models import Return
from apps.payments import choices
from faults.client import Reply, at_once
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.stripe_events import Event
from faults.waiting import wait_for
from faults.world import World

Status = choices.Payment.Status
DAY = 86_400
SEED = 11
EARLY_AND_AGAIN, AFTERWARDS = 3, 2


@dataclass(slots=True)
class Story:
    """Every fourth refund fails after it had succeeded; a fifth of the events are about others."""

    world: World
    returns: list[Return]
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    told: list[Event] = field(default_factory=list)

    @property
    def failing(self) -> list[Return]:
        return self.returns[::4]

    def refund_of(self, ret: Return) -> str:
        (made,) = self.world.refunded_there(ret)
        return str(made["id"])

    def tell(self, kind: str, *refunds: str) -> list[Event]:
        """One in ten is a day old."""
        ages = [DAY if self.chance.random() < 0.1 else 0 for _ in refunds]
        made = [
            Event.about(len(self.told) + number, kind, refund, age)
            for number, (refund, age) in enumerate(zip(refunds, ages, strict=True))
        ]
        self.told += made
        return made

    def deliver(self, events: list[Event], times: int) -> list[Reply]:
        deliveries = events * times
        self.chance.shuffle(deliveries)
        return at_once(lambda event: event.deliver(self.world), deliveries, threads=8)


class WebhooksTest:
    @pytest.mark.fault("F-11 webhooks")
    @pytest.mark.runs(12, 24, 64)
    @pytest.mark.full
    def test_the_end_is_that_of_events_in_order(
        self, world: World, web: Web, worker: Process, beat: Process, report: Report, runs: int
    ) -> None:
        """Each refund makes three events and more, each delivered five times; 64 with `--count`."""
        print(f"seed {SEED}")
        story = begun(world, runs)
        answers = told_in_two_waves(story)

        assert {answer.status for answer in answers} == {202}
        for ret in story.returns:
            ended = Status.RETURNED if ret in story.failing else Status.SUCCEEDED
            assert world.statuses(ret) == [ended]
            assert effects_of(world, ret) == 1 + (ret in story.failing)
        assert once_each(story)
        report.fact("events", len(story.told))
        report.fact("deliveries", len(answers))
        report.fact("p95 s", sorted(each.seconds for each in answers)[int(0.95 * len(answers))])

    @pytest.mark.fault("F-11 before the answer")
    @pytest.mark.runs(2, 4, 8)
    def test_told_before_the_call_is_answered(
        self, world: World, web: Web, worker: Process, beat: Process, runs: int
    ) -> None:
        """The processor's webhook is stored while our call still waits for its answer."""
        world.hear_webhooks()
        returns = [world.received_card() for _ in range(runs)]
        world.psp.mode(
            "hook_before", times=runs, match={"metadata": {"store": str(world.store.pk)}}
        )

        assert {world.accept(ret).status for ret in returns} == {200}

        world.seconds_until_paid(*returns, within=20 + runs)
        assert [len(world.refunded_there(ret)) for ret in returns] == [1] * runs
        assert {effects_of(world, ret) for ret in returns} == {1}


class WebhooksControlTest:
    @pytest.mark.fault("F-11 webhooks")
    @pytest.mark.full
    def test_without_the_unique_id_each_comes_five_times(
        self, control: Control, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            story = begun(world, 4)
            told_in_two_waves(story)
            assert once_each(story)

        control.must_fail(scene, "inbox-once")


def begun(world: World, count: int) -> Story:
    """Every refund arrived at the processor and is under way; its own webhooks are lost."""
    psp = world.psp
    psp.mode("pending", times=count)
    story = Story(world, [world.received_card() for _ in range(count)])
    assert {world.accept(ret).status for ret in story.returns} == {200}
    wait_for(
        "the refunds to arrive",
        lambda: all(has_arrived(world, ret) for ret in story.returns),
        30 + 3 * count,
    )
    return story


def has_arrived(world: World, ret: Return) -> bool:
    return any(payment.provider_ref for payment in world.payments(ret))


def told_in_two_waves(story: Story) -> list[Reply]:
    """First all three times as successes, then twice more with the failures that came later."""
    world, psp = story.world, story.world.psp
    refunds = [story.refund_of(ret) for ret in story.returns]
    for refund in refunds:
        psp.settle(world.stripe_key, refund, "succeeded")
    strangers = [f"re_stranger_{number}" for number in range(5 * len(refunds) // 8)]
    first = story.tell("refund.created", *refunds) + story.tell("refund.updated", *refunds)
    first += story.tell("refund.updated", *strangers)
    answers = story.deliver(first, EARLY_AND_AGAIN)
    wait_until_worked(world)
    failed = [story.refund_of(ret) for ret in story.failing]
    for refund in failed:
        psp.settle(world.stripe_key, refund, "failed", "lost_or_stolen_card")
    second = story.tell("refund.failed", *failed) + story.tell("refund.updated", *failed)
    answers += story.deliver(first * AFTERWARDS + second * (EARLY_AND_AGAIN + AFTERWARDS), 1)
    wait_until_worked(world)
    return answers


def wait_until_worked(world: World) -> None:
    waiting = InboxMessage.objects.filter(merchant_id=world.merchant.pk).exclude(status="done")
    wait_for("the inbox to be empty", lambda: not waiting.exists(), 120)


def once_each(story: Story) -> bool:
    """Stored and worked once, none put aside."""
    rows = InboxMessage.objects.filter(merchant_id=story.world.merchant.pk)
    stored = sorted(rows.values_list("event_id", flat=True))
    return stored == sorted(event.id for event in story.told)


def effects_of(world: World, ret: Return) -> int:
    """How often the timelines of its payments end something."""
    ids = [payment.pk for payment in world.payments(ret)]
    ends = (choices.Event.REFUND_SUCCEEDED, choices.Event.REFUND_RETURNED)
    return Told.objects.filter(subject_id__in=ids, kind__in=ends).count()
