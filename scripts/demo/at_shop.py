"""The main job against one platform's fake: what the shop's desk says and what we say agree."""

import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from fakes.shops.figures import Row
from scripts.demo import shop_returns
from scripts.demo.client import Json, Refused
from scripts.demo.kinds import Kind, kind_of
from scripts.demo.merchant import Staff
from scripts.demo.seeding import seed
from scripts.demo.selling import GIVEN_BACK, NOTHING, SOLD, SOLD_FOR, TEE, Seller, open_shop
from scripts.demo.stores import ENDED, Store
from scripts.demo.telling import POLITE, Storyteller, money, say, wait_for

PAID, TEES_PAID = "59.29", "43.56"


@dataclass(frozen=True, slots=True)
class Standing:
    """What earlier stories of the merchant left behind: refunds still owed, things to explain."""

    owed: str
    findings: int

    @classmethod
    def of(cls, owner: Staff) -> Self:
        accounts = owner.books()
        balances = [each["balance"] for each in accounts if each["account"] == "refunds_payable"]
        owed = sum((Decimal(each["amount"]) for each in balances), Decimal(0))
        return cls(f"{owed:.2f}", len(owner.exceptions()))


@dataclass(frozen=True, slots=True)
class Scene:
    story: Storyteller
    platform: str
    kind: Kind
    seller: Seller
    store: Store
    offers: dict[str, str]
    """What the platform can do, with why not ("" where it can)."""
    before: Standing

    def offered(self, capability: str) -> bool:
        return not self.offers[capability]

    def hear(self) -> None:
        """The shop tells us itself, or is asked by hand what has changed."""
        if not self.offered("webhooks"):
            self.store.read_changes()

    def order_here(self, order: Row, refunded: str, fulfilled: int = 0) -> Json:
        """Once we know of it what the shop knows."""

        def ask() -> Json | None:
            found = self.store.order(order["number"])
            if found is None or found["refunded"]["amount"] != refunded:
                return None
            units = sum(line["fulfilled_quantity"] for line in found["lines"])
            return found if units >= fulfilled else None

        self.hear()
        return wait_for(f"order {order['number']} with {refunded} given back", ask, every=POLITE)


def play(platform: str) -> None:
    """Exits 0 only when every claim was proved; the shop's process ends in any case."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    kind = kind_of(platform)
    slug = f"{platform}-{str(time.time_ns())[-10:]}"
    facts = seed("--store", slug)
    owner = Staff(facts["MERCHANT_EMAIL"], facts["MERCHANT_PASSWORD"], facts["MERCHANT_TOTP"])
    with open_shop(kind) as fake:
        story, store = Storyteller(), Store(owner, slug)
        try:
            tell(story, platform, kind, Seller(fake, kind), store)
        finally:
            # Nobody asks a shop that is gone, however the story ended.
            with suppress(Refused):
                store.disconnect()
    say(
        f"\nProved {len(story.proved)} claims in {story.steps} steps: {kind.title} and we agree "
        "on every order and every refund, to the cent."
    )


def tell(story: Storyteller, platform: str, kind: Kind, seller: Seller, store: Store) -> None:
    seller.open_shelves()
    seller.sell_history()
    connected = connect(story, platform, kind, seller, store)
    before = Standing.of(store.owner)
    offers = {each["capability"]: each["why"] for each in connected["capabilities"]}
    scene = Scene(story, platform, kind, seller, store, offers, before)
    history_is_read(scene)
    order = order_comes_in(scene)
    shop_returns.first_return(scene, order)
    if kind.tells_refunds:
        shop_returns.refunded_at_the_shop(scene, order)
    shop_returns.the_rest_comes_back(scene, order)
    shop_returns.both_sides(scene, order)
    books_balance(scene)
    let_go(scene)


def connect(story: Storyteller, platform: str, kind: Kind, seller: Seller, store: Store) -> Json:
    story.step(f"The merchant connects {kind.title} in the dashboard")
    fake = seller.fake
    story.fact(f"the shop is a process of its own at {fake.address}, with {SOLD} orders in it")
    grant = kind.grant(fake)
    connected = store.connect(platform, kind.domain(fake), grant)
    story.prove(connected["is_connected"], f"{connected['domain']} is connected")
    secrets = [value for name, value in grant.items() if name not in kind.shown]
    story.prove(
        not any(secret in str(connected) for secret in secrets), "no secret is ever shown again"
    )
    can = [each["capability"] for each in connected["capabilities"] if each["is_offered"]]
    story.fact(f"it can: {', '.join(can)}")
    for each in connected["capabilities"]:
        if not each["is_offered"]:
            story.fact(f"not offered: {each['capability']}. {each['why']}")
    if "webhooks" in can:
        active = [each["topic"] for each in connected["webhooks"] if each["is_active"]]
        story.prove(
            len(active) == len(connected["webhooks"]) > 0,
            f"the shop tells us of {len(active)} kinds of changes",
        )
    return connected


def history_is_read(scene: Scene) -> None:
    story, store = scene.story, scene.store
    story.step("Its orders are read by themselves")
    seen = ""

    def ask() -> Json | None:
        nonlocal seen
        told = next(iter(store.readings()[-1:]), None)
        if told is None:
            return None
        words = f"{told['status']}: {told['imported']} orders in {told['pages']} pages"
        if words != seen:
            seen = words
            story.fact(words)
        return told if told["status"] in ENDED else None

    reading: Json = wait_for("the first reading", ask)
    story.prove(
        (reading["kind"], reading["status"]) == ("history", "done"),
        "nobody asked for it: the history was read because the shop was connected",
    )
    story.prove(
        (reading["imported"], reading["refused"]) == (SOLD, 0), f"all {SOLD} orders are here"
    )
    back = GIVEN_BACK if scene.kind.tells_refunds else NOTHING
    ours, theirs = store.totals(), scene.seller.totals()
    story.fact(
        f"sold and given back: here {' and '.join(ours)}, at the shop {' and '.join(theirs)}"
    )
    story.prove(
        ours == theirs == (SOLD_FOR, back),
        f"{SOLD_FOR} were sold and {back} given back, on both sides",
    )


def order_comes_in(scene: Scene) -> Row:
    story, seller = scene.story, scene.seller
    story.step("Marta buys at the shop, and her parcel is sent")
    order = seller.sell()
    seller.fake.fulfil(order["id"])
    here = scene.order_here(order, "0.00", fulfilled=3)
    for line in here["lines"]:
        story.fact(f"  {line['quantity']} x {line['title']}: {money(line['paid'])} paid")
    if scene.offered("webhooks"):
        heard = [each for each in seller.fake.hooks() if 200 <= each["status"] < 300]
        story.prove(
            bool(heard), f"the shop told us: {len(heard)} webhooks were signed and taken in"
        )
    else:
        story.fact(f"{scene.offers['webhooks']}: it was read again")
    story.prove(
        here["total"]["amount"] == PAID and here["captured"]["amount"] == PAID,
        f"the order of {PAID} is here as it was paid",
    )
    story.prove(
        here["lines"][0]["paid"]["amount"] == TEES_PAID, f"of that {TEES_PAID} for the two tees"
    )
    story.prove(seller.fake.stock(TEE) == 10, "the shop's shelf holds 10 tees")
    return order


def books_balance(scene: Scene) -> None:
    owner, before = scene.store.owner, scene.before

    def settled() -> bool:
        return Standing.of(owner).owed == before.owed

    wait_for("the last refund to be settled", settled, every=POLITE)
    total = 0
    for account in owner.books():
        cents = int(account["balance"]["amount"].replace(".", ""))
        total += -cents if account["nature"] in ("liability", "income") else cents
    scene.story.prove(total == 0, "the ledger sums to zero, and no refund of these is owed")
    found = Standing.of(owner).findings
    scene.story.prove(found <= before.findings, "reconciliation finds nothing to explain")


def let_go(scene: Scene) -> None:
    scene.story.step("The store is disconnected")
    scene.store.disconnect()
    scene.story.prove(
        not scene.store.connection()["is_connected"], "what the shop had granted is forgotten"
    )
    if scene.offered("webhooks"):
        left = [each for each in scene.seller.fake.rows("webhooks") if not each.get("is_gone")]
        scene.story.prove(not left, "no webhook of ours is left at the shop")
