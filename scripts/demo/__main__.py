"""The whole story, in order; exit 0 only when every claim was proved."""

import os
import time

from scripts.demo import at_shop, billing, books, instant, invoices, returns
from scripts.demo.client import Host, Json
from scripts.demo.merchant import Staff
from scripts.demo.seeding import seed
from scripts.demo.shop import tell_order
from scripts.demo.shopper import Shopper
from scripts.demo.telling import Storyteller, money, say


def by_bank_transfer(story: Storyteller, facts: dict[str, str], owner: Staff, number: str) -> None:
    api = Host("api", {"Authorization": f"Bearer {facts['API_KEY']}"})
    order = returns.order_comes_in(story, api, number, facts["STORE_SLUG"])
    shopper = returns.shopper_enters(story, facts["STORE_SLUG"], order)
    shirt, scarf = shopper.order()["lines"]
    units = [
        {"line": shirt["id"], "quantity": 2, "reason": "too_small"},
        {"line": scarf["id"], "quantity": 1, "reason": "changed_mind"},
    ]
    ret = returns.shopper_returns(story, shopper, units, "post", "bank_transfer")
    returns.parcel_travels(story, shopper, ret)
    worn = {"outcome": "rejected", "quantity": 1, "reason": "Worn, with stains"}
    outcomes = [
        [{"outcome": "accepted", "quantity": 1, "disposition": "restocked"}, worn],
        [{"outcome": "accepted", "quantity": 1, "disposition": "restocked"}],
    ]
    decided = returns.merchant_decides(story, owner, ret, outcomes)
    story.prove(decided["status"] == "partly_accepted", "one worn shirt makes it partly accepted")
    settled(story, owner, ret, "42.46")
    second = Staff(facts["SECOND_EMAIL"], facts["SECOND_PASSWORD"], facts["SECOND_TOTP"])
    books.pay_by_sepa(story, owner, second)
    returns.timeline(story, returns.refund_shows(story, shopper, ret, "succeeded"))


def settled(story: Storyteller, owner: Staff, ret: Json, amount: str) -> None:
    """26.91 for one shirt and 19.50 for the scarf, less 3.95 for the label: worked out by hand."""
    file = owner.find_return(ret["number"])
    net = file["settlement"]["net"]
    story.fact(f"to be refunded: {money(net)}")
    story.prove(net["amount"] == amount, f"the refund is {amount}, as worked out by hand")


def as_store_credit(story: Storyteller, facts: dict[str, str], owner: Staff, number: str) -> None:
    story.step("A second order comes back whole, as store credit")
    api = Host("api", {"Authorization": f"Bearer {facts['API_KEY']}"})
    order = tell_order(api, number, facts["STORE_SLUG"])
    shopper = Shopper(facts["STORE_SLUG"], number, order["email"])
    shopper.prove(shopper.look_up()["token"])
    units = [
        {"line": line["id"], "quantity": line["units"]["returnable"], "reason": "too_large"}
        for line in shopper.order()["lines"]
    ]
    ret = returns.shopper_returns(story, shopper, units, "shop", "store_credit")
    accepted = [[{"outcome": "accepted", "quantity": unit["quantity"]}] for unit in units]
    returns.merchant_decides(story, owner, ret, accepted)
    page = returns.refund_shows(story, shopper, ret, "succeeded")
    credit = page["credits"][0]
    story.fact(f"credit {credit['code']} holds {money(credit['balance'])}")
    story.prove(
        credit["balance"]["amount"] == "105.18",
        "with the last unit the shipping comes back too: 105.18, all that was paid",
    )


def main() -> None:
    if platform := os.environ.get("PLATFORM"):
        at_shop.play(platform)
    else:
        whole_story()


def whole_story() -> None:
    story = Storyteller()
    facts = seed()
    number = str(time.time_ns())[-10:]
    owner = Staff(facts["MERCHANT_EMAIL"], facts["MERCHANT_PASSWORD"], facts["MERCHANT_TOTP"])
    before = books.LeftBehind.of(owner)
    by_bank_transfer(story, facts, owner, f"A{number}")
    as_store_credit(story, facts, owner, f"B{number}")
    instant.money_first(story, facts, owner, f"C{number}")
    billing.wait_for_the_fee(owner)
    billing.close_the_month(story, owner)
    first = invoices.import_file(story, owner, facts["ARCHIVE_SLUG"])
    invoices.import_again(story, owner, facts["ARCHIVE_SLUG"], first)
    invoices.return_by_phone(story, owner, facts["ARCHIVE_SLUG"])
    books.show_books(story, owner, before)
    say(
        f"\nProved {len(story.proved)} claims in {story.steps} steps: orders came in by API and by "
        "file, returns were quoted, labelled, decided and refunded to the cent, the books balance."
    )


if __name__ == "__main__":
    main()
