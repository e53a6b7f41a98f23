"""Gift cards. Shopify has no key for them, so the code itself is made from our reference."""

import hashlib
import hmac
from base64 import b32encode

from django.conf import settings

from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.connectors import Declined
from apps.integrations.payloads import Payload, text
from apps.integrations.shopify import answers
from apps.integrations.shopify.client import Client
from apps.integrations.shopify.ids import gid, mark, number

LENGTH = 16
VOIDED = "voided"


def create(client: Client, order: asking.CreditOrder) -> asking.PlatformCredit:
    """A second card under a reference cannot be: its code is taken."""
    code = code_of(client.domain, order.reference)
    asked: dict[str, object] = {
        "code": code,
        "initialAmount": {
            "amount": str(order.amount.amount),
            "currencyCode": order.amount.currency,
        },
        "note": mark(order.reference),
    }
    if order.customer_id:
        asked["customerId"] = gid("Customer", order.customer_id)
    if order.expires_at:
        asked["expiresOn"] = order.expires_at.date().isoformat()
    try:
        made = client.change("create_card", input=asked)
    except Declined as declined:
        found = find(client, order) if declined.code == "taken" else None
        if found is None:
            raise
        return found
    return answers.told(lambda told: _shown(told["giftCard"], code), made)


def find(client: Client, order: asking.CreditOrder) -> asking.PlatformCredit | None:
    """The card that was made under the reference."""
    code = code_of(client.domain, order.reference)
    data = client.read("cards", query=f"last_characters:{code[-4:].lower()}")
    found = answers.told(lambda told: answers.nodes(told, "giftCards"), data)
    ours = [each for each in found if mark(order.reference) in text(each, "note")]
    return answers.told(lambda told: _shown(told, code), ours[0]) if ours else None


def void(client: Client, credit_id: str) -> None:
    """Emptied first, which only a whole card lets be done with it; then switched off for good."""
    card = client.read("card", id=gid("GiftCard", credit_id)).get("giftCard")
    if card is None:
        raise Declined("not_found")
    if not card["enabled"]:
        return
    if not _is_emptied(card):
        _empty(client, card)
    client.change("switch_off_card", id=card["id"])


def _is_emptied(card: Payload) -> bool:
    """By us, and the call that switches it off was lost."""
    balance = answers.told(lambda told: money(told["balance"]), card)
    notes = [text(each, "note") for each in answers.nodes(card, "transactions")]
    return not balance and VOIDED in notes


def _empty(client: Client, card: Payload) -> None:
    whole = card["initialValue"]
    if answers.told(lambda told: money(told["balance"]) != money(whole), card):
        raise Declined("credit_used")
    debit = {"debitAmount": dict(whole), "note": VOIDED}
    try:
        client.change("debit_card", id=card["id"], input=debit)
    except Declined as declined:
        if declined.code == "insufficient_funds":
            raise Declined("credit_used") from declined
        raise


def code_of(domain: str, reference: str) -> str:
    """Not to be guessed by who knows the reference: 80 bits of a keyed hash."""
    message = f"{domain}:{reference}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).digest()
    return b32encode(digest[:10]).decode()[:LENGTH]


def _shown(card: Payload, code: str) -> asking.PlatformCredit:
    return asking.PlatformCredit(
        id=number(str(card["id"])), amount=money(card["initialValue"]), code=code
    )


def money(told: Payload) -> Money:
    return Money.of(str(told["amount"]), str(told["currencyCode"]))
