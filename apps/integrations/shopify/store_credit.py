"""Credit on a customer's account at the shop. Shopify has no key for it and no place for our
reference: a promise in the customer's journal comes first, and what a lost call has made is known
by being newer than the promise, equal to it, and nobody else's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from apps.core.http import OutcomeUnknown, Unreachable
from apps.core.money import Money
from apps.integrations import asking, payloads
from apps.integrations.connectors import Declined
from apps.integrations.payloads import Payload
from apps.integrations.shopify import answers, cards
from apps.integrations.shopify.choices import CREDIT_SCOPES
from apps.integrations.shopify.client import Client
from apps.integrations.shopify.ids import gid, number
from apps.integrations.shopify.journal import Journal, Promise

ENTRY = "StoreCreditAccountCreditTransaction"
DEBIT = "StoreCreditAccountDebitTransaction"
# Before a reference in the journal: it was given, it was taken back.
GIVEN, TAKEN = "+", "-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One entry that an account shall have once; `account` is empty where it is still to open."""

    name: str
    kind: str
    amount: Money
    account: str
    newest: int
    expires_at: datetime | None = None

    def is_made_by(self, entry: Payload) -> bool:
        """By its looks; an order's or an expiry's entry is never ours."""
        expires = payloads.moment_or_none(entry, "expiresAt")
        looks = (entry["__typename"], entry["event"], cards.money(entry["amount"]), expires)
        return looks == (self.kind, "ADJUSTMENT", self.amount, self.expires_at)


def is_account(credit_id: str) -> bool:
    """Ids of gift cards are plain numbers."""
    return ENTRY in credit_id


def create(client: Client, order: asking.CreditOrder, at: datetime) -> asking.PlatformCredit | None:
    """None where it has to be a gift card: no customer, scopes that were not granted, or a card
    that was made under the reference before they were."""
    if not order.customer_id:
        return None
    told = client.read("customer_journal", id=gid("Customer", order.customer_id))
    if told.get("customer") is None:
        return None
    journal, name = Journal.of(client, told["customer"]), GIVEN + order.reference
    if name not in journal.promises and (not _is_granted(told) or cards.find(client, order)):
        return None
    account = _account(client, journal.customer, order.amount.currency)
    expires = order.expires_at.astimezone(UTC).replace(microsecond=0) if order.expires_at else None
    wanted = Wanted(name, ENTRY, order.amount, *_where(account), expires)
    made = _once(journal, wanted, at, lambda: _credit(client, journal.customer, wanted))
    return asking.PlatformCredit(id=made, amount=order.amount)


def void(client: Client, credit_id: str, at: datetime) -> None:
    """Only what is whole and ours; Shopify takes a debit from what expires first, so the credit of
    another may shrink instead of this one."""
    entry = client.read("given_credit", id=credit_id).get("node")
    if not entry:
        raise Declined("not_found")
    journal = Journal.of(client, entry["account"]["owner"])
    given = journal.name_of(credit_id)
    if not given:
        raise Declined("not_found")
    name = TAKEN + given.removeprefix(GIVEN)
    amount, left = answers.told(_amounts, entry)
    wanted = Wanted(name, DEBIT, amount, *_where(entry["account"]))
    _once(journal, wanted, at, lambda: _debit(client, wanted, left))


def _amounts(entry: Payload) -> tuple[Money, Money]:
    return cards.money(entry["amount"]), cards.money(entry["remainingAmount"])


def _is_granted(told: Payload) -> bool:
    listed = told["currentAppInstallation"]["accessScopes"]
    return {str(each["handle"]) for each in listed} >= CREDIT_SCOPES


def _account(client: Client, customer: str, currency: str) -> Payload:
    """Empty where the customer has none in this currency yet."""
    told = client.read("customer_account", id=customer, query=f"currency_code:{currency}")
    found = answers.told(lambda each: answers.nodes(each, "customer", "storeCreditAccounts"), told)
    return next((each for each in found if each["balance"]["currencyCode"] == currency), {})


def _where(account: Payload) -> tuple[str, int]:
    """The account and the newest of its entries."""
    if not account:
        return "", 0
    newest = (int(number(each["id"])) for each in answers.nodes(account, "transactions"))
    return str(account["id"]), next(newest, 0)


def _once(journal: Journal, wanted: Wanted, at: datetime, make: Callable[[], str]) -> str:
    """The id of the entry. Raises OutcomeUnknown while a call before this may be under way."""
    promise = journal.promises.get(wanted.name)
    if promise is not None:
        made = promise.made or _found(journal, wanted, promise.after)
        if made:
            return _settle(journal, wanted, Promise(promise.after, promise.at, made))
        if promise.is_at_work(at):
            raise OutcomeUnknown(answers.PEER, "the call before this may be under way")
    journal = journal.keep(wanted.name, Promise(wanted.newest, at))
    try:
        made = make()
    except (Declined, Unreachable):
        journal.drop(wanted.name)
        raise
    return _settle(journal, wanted, Promise(wanted.newest, at, made))


def _settle(journal: Journal, wanted: Wanted, promise: Promise) -> str:
    if journal.promises[wanted.name] != promise:
        journal.keep(wanted.name, promise)
    return promise.made


def _found(journal: Journal, wanted: Wanted, after: int) -> str:
    """What a call whose answer was lost has made; what stands in the journal is spoken for."""
    if not wanted.account:
        return ""
    asked = {"id": wanted.account, "query": f"id:>{after}"}
    told = journal.client.read("account_history", **asked)
    spoken_for = journal.made()

    def first(told: Payload) -> str:
        entries = answers.nodes(told, "storeCreditAccount", "transactions")
        free = (each for each in entries if each["id"] not in spoken_for)
        ours = (each for each in free if int(number(each["id"])) > after)
        return next((str(each["id"]) for each in ours if wanted.is_made_by(each)), "")

    return answers.told(first, told)


def _credit(client: Client, customer: str, wanted: Wanted) -> str:
    asked: dict[str, object] = {"creditAmount": _asked(wanted.amount), "notify": False}
    if wanted.expires_at:
        asked["expiresAt"] = wanted.expires_at.isoformat()
    return _id(client.change("credit_account", id=wanted.account or customer, input=asked))


def _debit(client: Client, wanted: Wanted, left: Money) -> str:
    if left != wanted.amount:
        raise Declined("credit_used")
    asked = {"debitAmount": _asked(wanted.amount)}
    try:
        return _id(client.change("debit_account", id=wanted.account, input=asked))
    except Declined as declined:
        if declined.code == "insufficient_funds":
            raise Declined("credit_used") from declined
        raise


def _asked(amount: Money) -> dict[str, str]:
    return {"amount": str(amount.amount), "currencyCode": amount.currency}


def _id(told: Payload) -> str:
    return answers.told(lambda each: str(each["storeCreditAccountTransaction"]["id"]), told)
