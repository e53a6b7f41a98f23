"""A shopper taps twice on the same instant offer. The control, without locks, pays it twice."""

from collections.abc import Callable
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError
from django.db.models import Model, QuerySet

from apps.core import clock
from apps.core.errors import DomainError
from apps.orders.dtos import OpenReturn
from apps.orders.mixins import advance
from apps.orders.models import Advance, Order, Quote, Return
from apps.orders.services import open_return
from apps.orders.services.granting import reserve_advance
from apps.orders.services.opening import QuoteExpired
from apps.orders.tests.factories import OrderFactory
from apps.orders.tests.instant import CONSENT, DROP_OFF, instant_order, steps
from apps.orders.tests.journeys import ORIGINAL, asked, quoted, wish
from apps.orders.tests.races import in_parallel
from apps.underwriting.models import ExposureHold

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(transactional_db: None) -> Order:
    """Two of 40.00 and two of 30.00, of which one each is sent back for 4.95."""
    steps(("pay_now", 100))
    lines = [{"unit_price_minor": price, "quantity": 2} for price in (4000, 3000)]
    order: Order = OrderFactory.create(store=instant_order().store, lines=lines)
    return order


@pytest.fixture
def request_(order: Order) -> OpenReturn:
    quote = quoted(order, *map(wish, order.lines.all()), method=DROP_OFF)
    return asked(quote, ORIGINAL, method=DROP_OFF, consent=CONSENT)


def taking(order: Order, request: OpenReturn) -> Callable[[int], Return]:
    ready = Barrier(2, timeout=20)

    def take(_: int) -> Return:
        mine = Order.objects.get(pk=order.pk)
        ready.wait()
        return open_return(mine, request, clock.now()).ret

    return take


def advanced(results: list[Return | DomainError]) -> tuple[int, int, int]:
    """How many opened, advances, and holds on the exposure."""
    opened = sum(isinstance(each, Return) for each in results)
    return opened, Advance.objects.count(), ExposureHold.objects.count()


class TwoTapsTest:
    def test_one_advance_goes_out(self, order: Order, request_: OpenReturn) -> None:
        results = in_parallel(taking(order, request_), range(2))

        assert advanced(results) == (1, 1, 1)
        (refusal,) = [each for each in results if isinstance(each, DomainError)]
        assert isinstance(refusal, QuoteExpired)
        order.refresh_from_db()
        assert f"{order.refunded.amount:f}" == "65.05"

    def test_without_locks_only_the_database_refuses_the_second(
        self, order: Order, request_: OpenReturn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        without_locks(order, request_, monkeypatch)

        with pytest.raises(IntegrityError, match="orders_advancepart_reference"):
            in_parallel(taking(order, request_), range(2))
        assert Advance.objects.count() == 1

    def test_without_locks_and_keys_it_is_paid_twice(
        self, order: Order, request_: OpenReturn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        without_locks(order, request_, monkeypatch)
        monkeypatch.setattr(advance, "reference_of", any_reference)

        assert advanced(in_parallel(taking(order, request_), range(2))) == (2, 2, 1)


def without_locks(order: Order, request: OpenReturn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the quote before either writes that it was used; the exposure is reserved
    before, so that the unique key of the hold does not make them wait for each other."""
    reserve_advance(order, request, clock.now())
    both_have_read = Barrier(2, timeout=20)
    save = Quote.save

    def late(self: Quote, *args: object, **named: object) -> None:
        both_have_read.wait()
        save(self, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Quote, "save", late)
    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)


def unlocked[M: Model](rows: QuerySet[M], **_: object) -> QuerySet[M]:
    return rows


def any_reference(key: UUID, rung: str) -> UUID:
    return uuid4()
