"""A file of invoices comes in as a job; one of its orders is returned at the counter."""

import os
from decimal import Decimal
from pathlib import Path

from scripts.demo.client import Json, new_key
from scripts.demo.merchant import Staff
from scripts.demo.telling import Bar, Storyteller, money, wait_for

SAMPLE = Path("samples/orders.csv")
SHOWN = 12
POSTAGE = Decimal("3.95")


def import_file(story: Storyteller, owner: Staff, store: str) -> Json:
    path = Path(os.environ.get("DATA") or SAMPLE)
    story.step(f"The invoices of {path.name} come in as a job: orders, and credit notes as returns")
    job = owner.desk.upload("/v1/imports", {"store": store}, path.name, path.read_bytes())
    bar = Bar("rows")

    def ask() -> Json | None:
        told = owner.desk.get(f"/v1/imports/{job['id']}")
        bar.show(told["rows_done"], told["rows_total"])
        return told if told["status"] in ("done", "failed") else None

    done: Json = wait_for("the import", ask, seconds=300)
    story.prove(done["status"] == "done", "the file was read to its end")
    for name, count in sorted(done["counts"].items()):
        story.fact(f"{name:<22}{count:>7}")
    _issues(story, owner, done)
    return done


def _issues(story: Storyteller, owner: Staff, job: Json) -> None:
    base = f"/v1/imports/{job['id']}/issues?limit=100"
    page = owner.desk.get(base)
    issues = list(page["data"])
    while page["next_cursor"]:
        page = owner.desk.get(f"{base}&cursor={page['next_cursor']}")
        issues += page["data"]
    for issue in issues[:SHOWN]:
        line, kind = issue["line_number"], issue["kind"]
        story.fact(f"line {line}: {kind}, {issue['code']}: {issue['message']}")
    if len(issues) > SHOWN:
        story.fact(f"... and {len(issues) - SHOWN} more, each with its line and reason")
    counts = job["counts"]
    told = sum(counts.get(f"rows_{kind}", 0) for kind in ("refused", "unmatched", "flagged"))
    story.prove(told == len(issues), "every row that was not taken as it stands is listed")
    taken = sum(counts.get(f"rows_{kind}", 0) for kind in ("imported", "matched"))
    lost = job["rows_total"] - taken
    lost -= sum(counts.get(f"rows_{kind}", 0) for kind in ("refused", "unmatched"))
    story.prove(lost == 0, f"all {job['rows_total']} rows are accounted for")


def import_again(story: Storyteller, owner: Staff, store: str, first: Json) -> None:
    story.step("The same file again changes nothing")
    before = _standing(owner, store)
    second = import_file_quietly(owner, store)
    created = sum(second["counts"].get(name, 0) for name in ("orders_created", "returns_created"))
    story.fact(f"{second['counts'].get('orders_unchanged', 0)} orders known already")
    story.prove(created == 0 and _standing(owner, store) == before, "a second import adds nothing")


def import_file_quietly(owner: Staff, store: str) -> Json:
    path = Path(os.environ.get("DATA") or SAMPLE)
    job = owner.desk.upload("/v1/imports", {"store": store}, path.name, path.read_bytes())

    def ask() -> Json | None:
        told = owner.desk.get(f"/v1/imports/{job['id']}")
        return told if told["status"] in ("done", "failed") else None

    done: Json = wait_for("the second import", ask, seconds=300)
    return done


def _standing(owner: Staff, store: str) -> Json:
    newest = owner.desk.get(f"/v1/returns?store={store}&limit=1")["data"]
    orders = owner.desk.get(f"/v1/orders?store={store}&limit=1")["data"]
    return [each["id"] for each in (*newest, *orders)]


def return_by_phone(story: Storyteller, owner: Staff, store: str) -> Json:
    """The file has no addresses to prove a shopper by, so staff open the return."""
    story.step("An invoice of the file is returned by phone: staff open the return")
    order, line = _returnable(owner, store)
    story.fact(f"invoice {order['number']}: 2 of {line['quantity']} x {line['title']}")
    wanted = {"units": [{"line": line["id"], "quantity": 2, "reason": "changed_mind"}]}
    quote = owner.desk.post(f"/v1/orders/{order['id']}/quotes", {**wanted, "method": "post"})
    option = next(each for each in quote["options"] if each["method"] == "store_credit")
    story.fact(f"the quote says {money(option['breakdown']['net'])} as store credit")
    body = {"quote": quote["id"], "refund_method": "store_credit"}
    ret = owner.desk.post(f"/v1/orders/{order['id']}/returns", body, key=new_key())
    owner.receive(ret)
    file = owner.find_return(ret["number"])
    units = [{"line": each["id"], "outcome": "accepted"} for each in file["lines"]]
    owner.decide(file, units, new_key())

    def ask() -> Json | None:
        refunds = owner.desk.get(f"/v1/refunds?return_number={ret['number']}")["data"]
        return refunds if {each["status"] for each in refunds} == {"succeeded"} else None

    wait_for("the refund of the invoice", ask)
    settled = owner.find_return(ret["number"])
    paid = settled["settlement"]["net"]
    story.fact(f"return {ret['number']} is {settled['status']}; {money(paid)} paid as store credit")
    story.prove(paid == option["breakdown"]["net"], "what was paid is what was quoted")
    return settled


def _left(line: Json) -> int:
    left: int = line["fulfilled_quantity"] - line["returned_quantity"]
    return left


def _returnable(owner: Staff, store: str) -> tuple[Json, Json]:
    """The first line of which two units are worth the postage."""
    for order in owner.desk.get(f"/v1/orders?store={store}&limit=100")["data"]:
        for line in order["lines"]:
            worth = Decimal(line["unit_price"]["amount"]) * 2 > POSTAGE
            if worth and _left(line) >= 2 and line["is_returnable"]:
                return order, line
    raise SystemExit("the file holds no order that can be returned")
