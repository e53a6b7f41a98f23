"""The money's way out, and books that balance."""

from decimal import Decimal
from pathlib import Path

from scripts.demo.client import Json
from scripts.demo.merchant import Staff
from scripts.demo.telling import Storyteller, money, wait_for

FOLDER = Path(".demo")


def pay_by_sepa(story: Storyteller, owner: Staff, second: Staff) -> Json:
    story.step("The refund goes out in a SEPA file; a second person approves it")
    batch = owner.open_payouts()
    story.fact(f"a batch of {batch['transfers_count']} transfer(s), {money(batch['total'])}")
    second.approve_payout(batch)
    story.fact(f"opened by {owner.email}, approved by {second.email}")
    content = owner.payout_file(batch)
    path = FOLDER / f"sepa-{batch['id']}.xml"
    path.write_bytes(content)
    story.fact(f"SEPA file (pain.001.001.09): {path}")
    story.prove(owner.payout_file(batch) == content, "a second export gives the same bytes")
    story.prove(b"pain.001.001.09" in content, "the file names its schema")
    owner.settle_payout(batch)
    story.fact("the bank has carried it out")
    return batch


def show_books(story: Storyteller, owner: Staff) -> None:
    story.step("The books")
    # The worker may still be at the last refunds of the imported credit notes.
    wait_for("the last refund to be settled", lambda: not _owed(owner.books()))
    accounts = owner.books()
    by_currency: dict[str, int] = {}
    for account in sorted(accounts, key=lambda each: (each["currency"], each["account"])):
        balance = account["balance"]
        story.fact(f"{account['account']:<26}{balance['amount']:>12} {balance['currency']}")
        cents = int(balance["amount"].replace(".", ""))
        # Debts and income stand on the other side of the books.
        cents = -cents if account["nature"] in ("liability", "income") else cents
        by_currency[balance["currency"]] = by_currency.get(balance["currency"], 0) + cents
    story.prove(
        all(total == 0 for total in by_currency.values()), "the books sum to zero per currency"
    )
    story.prove(not _owed(accounts), "no refund is owed any more")
    found = owner.exceptions()
    story.prove(not found, "reconciliation finds nothing to explain")


def _owed(accounts: list[Json]) -> list[Json]:
    return [
        each
        for each in accounts
        if each["account"] == "refunds_payable" and Decimal(each["balance"]["amount"])
    ]
