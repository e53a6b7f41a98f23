"""The shop that all platforms' fakes are built on, in this process."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fakes.custom.vendor import Custom
from fakes.psp.journal import Journal
from fakes.psp.refusals import Refusal
from fakes.sfcc.vendor import CLIENT, ORDERS, SECRET, SITE, TOKENS, Sfcc
from fakes.shops.book import Book
from fakes.shops.engine import Engine
from fakes.shops.faults import Cut
from fakes.shops.vendor import Raw

TEES = {
    "variant_id": "v1",
    "price": 2500,
    "quantity": 2,
    "discounts": [{"label": "HELLO", "amount": 500}],
}
FORM = (
    f"grant_type=client_credentials&client_id={CLIENT}&client_secret={SECRET}"
    "&scope=SALESFORCE_COMMERCE_API%3Azzte_053+sfcc.orders.rw"
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def journal(log: Path) -> Iterator[Journal]:
    with closing(Journal(log)) as journal:
        yield journal


@pytest.fixture
def book(journal: Journal) -> Book:
    return Engine(journal, Custom()).book()


@pytest.fixture
def engine(journal: Journal) -> Engine:
    return Engine(journal, Sfcc())


def signed_in(engine: Engine) -> Callable[[str], Any]:
    """Calls of Salesforce's Orders API with a token."""
    reply, _ = engine.serve(Raw("POST", TOKENS, "", {}, FORM.encode()))
    headers = {"authorization": f"Bearer {reply.body['access_token']}"}
    return lambda path: engine.serve(Raw("GET", path, f"siteId={SITE}", headers, b""))[0]


class BookTest:
    def test_an_edited_order_pays_for_what_is_left_and_keeps_its_allocations(
        self, book: Book
    ) -> None:
        """25.00 less half of the 5.00, and 5.00 for shipping."""
        order = book.seed_order({"lines": [TEES], "shipping": [{"total": 500}]})
        edited = book.edit_order(
            order["id"], {"lines": [{"id": order["lines"][0]["id"], "quantity": 1}]}
        )

        assert (order["total"], edited["total"]) == (5000, 2750)
        assert edited["lines"][0]["discounts"] == [{"label": "HELLO", "amount": 500}]
        assert edited["updated"] > order["updated"]

    def test_no_more_goes_back_than_was_paid(self, book: Book) -> None:
        order = book.seed_order({"lines": [TEES]})
        wanted = {"order_id": order["id"], "payment_id": order["tenders"][0]["id"]}
        book.refund({**wanted, "amount": 3000})
        failed = book.refund({**wanted, "amount": 1000})
        book.settle(failed["id"], "failed")

        assert book.refundable(order["id"]) == 1500
        with pytest.raises(Refusal, match="refused"):
            book.refund({**wanted, "amount": 1501})
        assert book.refund({**wanted, "amount": 1500})["status"] == "done"

    def test_stock_goes_with_an_order_and_comes_back_with_its_end(self, book: Book) -> None:
        book.seed_variant({"id": "v1", "available": 3})
        order = book.place_order({"lines": [TEES]}, "exchange:1")
        taken = book.get("variants", "v1")["available"]
        with pytest.raises(Refusal):
            book.place_order({"lines": [TEES]}, "exchange:2")
        book.cancel(order["id"])
        book.cancel(order["id"])

        assert (taken, book.get("variants", "v1")["available"]) == (1, 3)
        assert book.by_reference("orders", "exchange:2") is None

    def test_what_the_log_says_has_happened_after_a_crash_too(self, book: Book, log: Path) -> None:
        order = book.seed_order({"lines": [TEES]})
        book.refund({"order_id": order["id"], "amount": 1000})
        with log.open("ab") as file:
            file.write(b'{"kind":"effect","table":"ref')
        with closing(Journal(log)) as journal:
            again = Engine(journal, Custom()).book()

        assert again.refundable(order["id"]) == 3500
        assert json.loads(log.read_bytes().splitlines()[-1])["table"] == "orders"


class EngineTest:
    def test_who_shows_no_token_sees_nothing(self, engine: Engine) -> None:
        order = engine.book().seed_order({"lines": [TEES]})
        path = f"{ORDERS}/{order['id']}"
        refused, _ = engine.serve(Raw("GET", path, f"siteId={SITE}", {}, b""))

        assert refused.status == 401
        assert signed_in(engine)(path).body["orderTotal"] == 45.0

    @pytest.mark.parametrize(
        ("mode", "status"), [("rate_limit", 429), ("error_before", 500), ("unauthorized", 401)]
    )
    def test_a_fault_meets_as_many_calls_as_it_was_told(
        self, engine: Engine, mode: str, status: int
    ) -> None:
        ask = signed_in(engine)
        engine.faults.add({"mode": mode, "times": 2, "operation": "GET orders"})

        assert [ask(ORDERS).status for _ in range(3)] == [status, status, 200]

    def test_a_broken_schema_lacks_what_everybody_relies_on(self, engine: Engine) -> None:
        ask = signed_in(engine)
        engine.faults.add({"mode": "schema_break"})

        assert "data" not in ask(ORDERS).body
        assert ask(ORDERS).body["data"] == []

    def test_a_cut_connection_says_nothing_and_a_reset_empties_the_shop(
        self, engine: Engine
    ) -> None:
        ask = signed_in(engine)
        engine.book().seed_order({"lines": [TEES]})
        engine.faults.add({"mode": "reset_before"})
        with pytest.raises(Cut):
            ask(ORDERS)
        engine.reset()

        assert engine.book().rows("orders") == []
        assert signed_in(engine)(ORDERS).body["data"] == []
