"""The money's way out, and books that balance."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Self

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


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """By earlier stories of the merchant, which may have been broken off: refunds that nobody has
    paid yet, by their ids and their sums, and what reconciliation has to say of them."""

    refunds: frozenset[str]
    owed: dict[str, Decimal]
    findings: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, owner: Staff) -> Self:
        unpaid = frozenset(each["id"] for each in owner.unpaid_refunds())
        return cls(unpaid, _owed(owner.books()), frozenset(map(_named, owner.exceptions())))

    def holds(self, owed: dict[str, Decimal]) -> bool:
        return all(amount <= self.owed.get(currency, 0) for currency, amount in owed.items())


def show_books(story: Storyteller, owner: Staff, before: LeftBehind) -> None:
    story.step("The books")

    def settled() -> bool:
        ours = {each["id"] for each in owner.unpaid_refunds()} - before.refunds
        return not ours and before.holds(_owed(owner.books()))

    # The worker may still be at the last refunds of the imported credit notes.
    wait_for("the last refund to be settled", settled)
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
    owed = _owed(accounts)
    for currency, amount in owed.items():
        story.fact(f"earlier stories left {amount} {currency} unpaid")
    story.prove(before.holds(owed), "no refund of this story is owed any more")
    found = {_named(each) for each in owner.exceptions()} - before.findings
    story.prove(not found, "reconciliation finds nothing to explain")


def _owed(accounts: list[Json]) -> dict[str, Decimal]:
    """What is to be paid back to shoppers, by currency."""
    balances = [each["balance"] for each in accounts if each["account"] == "refunds_payable"]
    sums = {each["currency"]: Decimal(each["amount"]) for each in balances}
    return {currency: amount for currency, amount in sums.items() if amount}


def _named(finding: Json) -> tuple[str, str]:
    return finding["invariant"], finding["subject"]
